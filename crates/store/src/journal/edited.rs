//! Whether people have edited a record, by its version: a bulk edit that was taken back counts for nothing.

use std::collections::HashSet;

use uuid::Uuid;

use crate::sql::{self, Sql};
use crate::{Store, StoreError};

/// How often bulk edits that were taken back have written a record whose id the text names: once there and
/// once back, and a deleted record once, when it came back. Its version is greater by that.
macro_rules! writes_taken_back {
    ($id:literal) => {
        concat!(
            "(SELECT coalesce(sum(CASE WHEN y.after = 'null' THEN 1 ELSE 2 END), 0) \
             FROM bulk_edit_changes y WHERE y.is_restored AND y.record_id = ",
            $id,
            ")"
        )
    };
}
pub(crate) use writes_taken_back;

/// Those of some records of a table that people have edited since an import made them, where imports leave
/// the version as it is.
pub(crate) async fn edited_since(
    store: &Store,
    table: &'static str,
    ids: &[Uuid],
) -> Result<HashSet<Uuid>, StoreError> {
    let mut edited = HashSet::new();
    for chunk in ids.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(store.backend());
        sql.push("SELECT t.id FROM ").push(table);
        sql.push(concat!(
            " t WHERE t.version <> 1 + ",
            writes_taken_back!("t.id"),
            " AND t.id IN "
        ));
        sql.bind_list(sql::ids(chunk));
        for row in sql.all(store.reader()).await? {
            edited.insert(row.try_get("", "id")?);
        }
    }
    Ok(edited)
}
