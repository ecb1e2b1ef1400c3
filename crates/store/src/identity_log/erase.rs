//! Erasing what operations keep of people.

use std::collections::BTreeSet;

use rapport_domain::Timestamp;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};
use uuid::Uuid;

use super::tree;
use crate::StoreError;
use crate::sql::{self, Sql};

/// Erases the values and the reasons that operations keep of contacts and of all that is part of them: they
/// are the same people. Who merged whom and when stays, and such a merge can be taken back in part only.
pub(crate) async fn erase_in(
    tx: &DatabaseTransaction,
    records: &[Uuid],
    at: Timestamp,
) -> Result<(), StoreError> {
    // A run that is being published ends before, so that what it writes is found here, too.
    tree::hold(tx).await?;
    let mut members: BTreeSet<Uuid> = BTreeSet::new();
    for record in records {
        members.extend(tree::members(tx, *record).await?);
    }
    let members: Vec<Uuid> = members.into_iter().collect();
    for chunk in members.chunks(sql::N_KEYS_MAX / 2) {
        let mut sql = Sql::new(tx.get_database_backend());
        sql.push_with(
            "UPDATE identity_operations SET kept = NULL, reason = NULL, erased_at = ? WHERE \
             erased_at IS NULL AND (contact_id IN ",
            [sql::at(at)],
        );
        sql.bind_list(sql::ids(chunk)).push(" OR other_id IN ");
        sql.bind_list(sql::ids(chunk)).push(")");
        sql.execute(tx).await?;
        let mut sql = Sql::new(tx.get_database_backend());
        sql.push("UPDATE contact_merges SET email = NULL, phone = NULL WHERE contact_id IN ");
        sql.bind_list(sql::ids(chunk));
        sql.execute(tx).await?;
        // How alike two people's fields are is told of both.
        let texts = [
            "UPDATE match_pairs SET fields = '[]', low_print = NULL, high_print = NULL \
             WHERE low_id IN ",
            "UPDATE match_acceptances SET message = NULL, undo_message = NULL, low_print = NULL, \
             high_print = NULL WHERE low_id IN ",
        ];
        for text in texts {
            let mut sql = Sql::new(tx.get_database_backend());
            sql.push(text).bind_list(sql::ids(chunk));
            sql.push(" OR high_id IN ").bind_list(sql::ids(chunk));
            sql.execute(tx).await?;
        }
    }
    Ok(())
}
