//! Erasing what the audit tells of a record, and of what is about it, without breaking the chain.

use std::collections::BTreeMap;

use futures::FutureExt as _;
use rapport_domain::{AuditAction, AuditObject};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};
use uuid::Uuid;

use super::audited::naming;
use super::chain;
use super::note::{Draft, write};
use crate::sql::{self, Sql};
use crate::{Store, StoreError, bulk_edits, identity_log, webhooks};

/// Erases the values that entries tell of a record, of notes, tasks, deals and tickets about it, and of
/// notes and tasks about those deals and tickets; who did what and when stays, and so does the chain, which
/// holds no values. What webhooks have sent of these records goes from their logs, and what bulk edits have
/// set and left of them, so that their undo brings none of it back; of merges goes what the contacts that are
/// part of this one held. The erasure of each is an entry itself. Returns how many entries lost their values.
///
/// # Errors
/// [`StoreError::WrongState`] where nobody's name can be put under it.
pub async fn erase(store: &Store, object: AuditObject, id: Uuid) -> Result<u64, StoreError> {
    // What waits has no place yet, and an erasure counts for what stands before it.
    chain::seal(store).await?;
    let lens = store.lens().clone();
    let Some(author) = lens.author() else {
        return Err(StoreError::WrongState {
            object: "audit",
            state: "only erased in somebody's name".to_owned(),
        });
    };
    store
        .write(move |tx| {
            async move {
                let mut erased = vec![Draft::of(AuditAction::Erased, object, id)];
                for (named, kind) in about(tx, object, id).await? {
                    erased.push(Draft {
                        about_id: Some(id),
                        ..Draft::of(AuditAction::Erased, kind, named)
                    });
                }
                let mut n_erased = 0;
                let ids: Vec<Uuid> = erased.iter().filter_map(|draft| draft.object_id).collect();
                for id in &ids {
                    n_erased += erase_entries(tx, *id).await?;
                }
                webhooks::erase_in(tx, &ids).await?;
                bulk_edits::erase_in(tx, &ids).await?;
                identity_log::erase_in(tx, &ids, author.at).await?;
                write(tx, &lens, erased).await?;
                Ok(n_erased)
            }
            .boxed()
        })
        .await
}

/// The deals and tickets that are about a record, or were: notes and tasks about those tell of it, too.
async fn about(
    tx: &DatabaseTransaction,
    object: AuditObject,
    id: Uuid,
) -> Result<BTreeMap<Uuid, AuditObject>, StoreError> {
    let backend = tx.get_database_backend();
    let mut found = BTreeMap::new();
    for (table, column, kind) in naming(object) {
        if !matches!(kind, AuditObject::Deal | AuditObject::Ticket) {
            continue;
        }
        let text = format!(
            "SELECT id FROM {table} WHERE {column} = ? UNION SELECT object_id FROM audit_entries \
             WHERE about_id = ? AND object = ? AND object_id IS NOT NULL"
        );
        let values = [sql::id(id), sql::id(id), sql::text(kind.name())];
        for row in Sql::of(backend, &text, values).all(tx).await? {
            found.insert(row.try_get("", "id")?, *kind);
        }
    }
    Ok(found)
}

async fn erase_entries(tx: &DatabaseTransaction, id: Uuid) -> Result<u64, StoreError> {
    let text = "UPDATE audit_entries SET changes = NULL, salt = NULL \
                WHERE (object_id = ? OR about_id = ?) AND changes IS NOT NULL \
                AND seq IS NOT NULL AND action <> ?";
    let erased = sql::text(AuditAction::Erased.name());
    let values = [sql::id(id), sql::id(id), erased];
    let erase = Sql::of(tx.get_database_backend(), text, values);
    Ok(erase.execute(tx).await?)
}
