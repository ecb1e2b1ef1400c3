//! Erasing what bulk edits keep of records to be able to take themselves back.

use sea_orm::{ConnectionTrait as _, DatabaseTransaction};
use uuid::Uuid;

use crate::StoreError;
use crate::sql::{self, Sql};

/// Erases the values of records that edits have overwritten, set or left, and those of records that edits
/// have deleted. That a record was written stays: its version counts such writes.
pub(crate) async fn erase_in(tx: &DatabaseTransaction, records: &[Uuid]) -> Result<(), StoreError> {
    for chunk in records.chunks(sql::N_KEYS_MAX) {
        for text in [
            "DELETE FROM bulk_edit_conflicts WHERE record_id IN ",
            "DELETE FROM bulk_edit_refusals WHERE record_id IN ",
            // What is kept of a deleted record is all that it was; nothing came after.
            "DELETE FROM bulk_edit_changes WHERE after = 'null' AND record_id IN ",
            "UPDATE bulk_edit_changes SET before = '{}', after = '{}' WHERE record_id IN ",
        ] {
            let mut sql = Sql::new(tx.get_database_backend());
            sql.push(text).bind_list(sql::ids(chunk));
            sql.execute(tx).await?;
        }
    }
    Ok(())
}
