//! Whether people have edited a record, by its version: a bulk edit or a merge that was taken back counts for
//! nothing.

use std::collections::HashSet;

use uuid::Uuid;

use crate::sql::{self, Sql};
use crate::{Store, StoreError};

/// How often bulk edits that were taken back have written a record whose id the text names: once there and
/// once back, and a deleted record once, when it came back. Its version is greater by that, and by what merges
/// have written of it, unless one is in force: a contact of which others are part, or a record that hangs on
/// another contact than its own, is as a person has made it.
macro_rules! writes_taken_back {
    ($id:literal) => {
        concat!(
            "((SELECT coalesce(sum(CASE WHEN y.after = 'null' THEN 1 ELSE 2 END), 0) \
             FROM bulk_edit_changes y WHERE y.is_restored AND y.record_id = ",
            $id,
            ") + (SELECT coalesce(sum(w.n_writes), 0) FROM identity_writes w \
             WHERE NOT EXISTS (SELECT 1 FROM contact_merges m WHERE m.into_id = w.record_id) \
             AND NOT EXISTS (SELECT 1 FROM record_homes h WHERE h.record_id = w.record_id) \
             AND w.record_id = ",
            $id,
            "))"
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
