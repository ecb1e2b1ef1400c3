//! What an import has made and changed, counted: what undoing it is about.

use std::collections::BTreeMap;

use rapport_domain::ImportId;

use super::RecordKind;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, codec};

/// What an import has done to records of one kind, as far as its batches are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Effects {
    /// Records that it made.
    pub n_made: u64,
    /// Records that it changed.
    pub n_changed: u64,
}

/// What an import has made and changed, by kind; batches that were taken back do not count.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn effects(
    store: &Store,
    import: ImportId,
) -> Result<BTreeMap<RecordKind, Effects>, StoreError> {
    let mut effects: BTreeMap<RecordKind, Effects> = BTreeMap::new();
    let made = "SELECT object, CAST(sum(length(keys)) AS BIGINT) AS n FROM import_creations j";
    for (kind, n_bytes) in counted(store, import, made).await? {
        effects.entry(kind).or_default().n_made = n_bytes / kind.key_bytes() as u64;
    }
    let changed = "SELECT object, count(DISTINCT record_id) AS n FROM import_changes j";
    for (kind, n) in counted(store, import, changed).await? {
        effects.entry(kind).or_default().n_changed = n;
    }
    Ok(effects)
}

/// Whether an import has made records of a kind; those of batches that were taken back count, too.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn has_made(
    store: &Store,
    import: ImportId,
    kind: RecordKind,
) -> Result<bool, StoreError> {
    let text = "SELECT 1 AS n FROM import_creations WHERE import_id = ? AND object = ? LIMIT 1";
    let values = [sql::id(import), sql::text(codec::name_of(&kind))];
    let made = Sql::of(store.backend(), text, values).one(store.reader());
    Ok(made.await?.is_some())
}

async fn counted(
    store: &Store,
    import: ImportId,
    select: &str,
) -> Result<Vec<(RecordKind, u64)>, StoreError> {
    let mut sql = Sql::new(store.backend());
    sql.push(select).push_with(
        " WHERE j.import_id = ? AND j.batch_no <= \
         (SELECT batches_done FROM imports WHERE id = ?) GROUP BY object",
        [sql::id(import), sql::id(import)],
    );
    let rows = sql.all(store.reader()).await?;
    rows.iter()
        .map(|row| {
            let object: String = row.try_get("", "object")?;
            let n: i64 = row.try_get("", "n")?;
            Ok((codec::member("object", &object)?, codec::unsigned(n)))
        })
        .collect()
}
