//! Erasing what the audit tells of a record, and of what is about it, without breaking the chain.

use futures::FutureExt as _;
use rapport_domain::{AuditAction, AuditObject};
use sea_orm::ConnectionTrait as _;
use uuid::Uuid;

use super::chain;
use super::note::{Draft, write};
use crate::sql::{self, Sql};
use crate::{Store, StoreError};

/// Erases the values that entries tell of a record, and of notes, tasks, deals and tickets about it; who
/// did what and when stays, and so does the chain, which holds no values. The erasure is an entry itself.
/// Returns how many entries lost their values.
///
/// # Errors
/// [`StoreError::WrongState`] where nobody's name can be put under it.
pub async fn erase(store: &Store, object: AuditObject, id: Uuid) -> Result<u64, StoreError> {
    // What waits has no place yet, and an erasure counts for what stands before it.
    chain::seal(store).await?;
    let lens = store.lens().clone();
    if lens.author().is_none() {
        return Err(StoreError::WrongState {
            object: "audit",
            state: "only erased in somebody's name".to_owned(),
        });
    }
    store
        .write(move |tx| {
            async move {
                let text = "UPDATE audit_entries SET changes = NULL, salt = NULL \
                            WHERE (object_id = ? OR about_id = ?) AND changes IS NOT NULL \
                            AND seq IS NOT NULL AND action <> ?";
                let erased = sql::text(AuditAction::Erased.name());
                let values = [sql::id(id), sql::id(id), erased];
                let n_erased = Sql::of(tx.get_database_backend(), text, values)
                    .execute(tx)
                    .await?;
                let draft = Draft::of(AuditAction::Erased, object, id);
                write(tx, &lens, vec![draft]).await?;
                Ok(n_erased)
            }
            .boxed()
        })
        .await
}
