//! Which imports tell of which records, and in which order. What one import has made or changed and a
//! later one tells of again is not the first one's alone any more: it goes when the last one goes.
//!
//! Only records that were there before are noted; lines of an order are told of with their order.

use std::collections::{BTreeSet, HashMap};

use rapport_domain::ImportId;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbBackend};
use uuid::Uuid;

use super::RecordKind;
use crate::entities::import_sighting;
use crate::imports::commit::KEEP;
use crate::sql::{self, Sql};
use crate::{StoreError, bulk, record};

/// Records that a batch tells of.
pub(super) type Told = BTreeSet<(RecordKind, Uuid)>;

/// Notes what a batch tells of; the first batch of an import that does counts. What is gone meanwhile
/// is passed over.
pub(super) async fn note(
    tx: &DatabaseTransaction,
    import: ImportId,
    batch_no: i64,
    told: &Told,
) -> Result<(), StoreError> {
    for kind in RecordKind::ALL {
        let ids = told.iter().filter(|(of, _)| *of == kind);
        let ids: Vec<Uuid> = ids.map(|(_, id)| *id).collect();
        for chunk in ids.chunks(sql::N_KEYS_MAX) {
            let there = record::hold_fast(tx, &kind.name(), chunk).await?;
            let there: Vec<Uuid> = there.into_iter().collect();
            let last = last_numbers(tx, kind, &there).await?;
            let rows = there.iter().map(|id| import_sighting::Model {
                object: kind.name(),
                record_id: *id,
                import_id: import.into(),
                batch_no,
                seq: last.get(id).map_or(1, |seq| seq + 1),
            });
            let rows: Vec<_> = rows.collect();
            bulk::insert::<import_sighting::Entity>(tx, rows, KEEP).await?;
        }
    }
    Ok(())
}

/// The highest number that each record has been given.
async fn last_numbers(
    tx: &DatabaseTransaction,
    kind: RecordKind,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, i64>, StoreError> {
    let mut sql = Sql::new(tx.get_database_backend());
    sql.push_with(
        "SELECT record_id, max(seq) AS seq FROM import_sightings WHERE object = ? AND record_id IN ",
        [sql::text(kind.name())],
    );
    sql.bind_list(sql::ids(ids)).push(" GROUP BY record_id");
    let rows = sql.all(tx).await?;
    let pair = rows
        .iter()
        .map(|row| Ok((row.try_get("", "record_id")?, row.try_get("", "seq")?)));
    pair.collect()
}

/// The imports that told of each record after `import`, the next one first. Those that were taken back
/// do not count, nor do their batches that were. The others cannot be taken back any further before
/// the transaction ends.
pub(in crate::imports) async fn later(
    tx: &DatabaseTransaction,
    import: ImportId,
    kind: RecordKind,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<ImportId>>, StoreError> {
    let mut later: HashMap<Uuid, Vec<ImportId>> = HashMap::new();
    let backend = tx.get_database_backend();
    for chunk in ids.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(backend);
        sql.push_with(
            "SELECT s.record_id, s.import_id FROM import_sightings s \
             JOIN imports i ON i.id = s.import_id \
             WHERE s.object = ? AND s.import_id <> ? AND i.status <> 'undone' \
             AND s.batch_no <= i.batches_done AND s.seq > coalesce((SELECT own.seq \
             FROM import_sightings own WHERE own.object = s.object \
             AND own.record_id = s.record_id AND own.import_id = ?), 0) AND s.record_id IN ",
            [sql::text(kind.name()), sql::id(import), sql::id(import)],
        );
        sql.bind_list(sql::ids(chunk));
        sql.push(" ORDER BY s.record_id, s.seq, s.import_id");
        if backend == DbBackend::Postgres {
            sql.push(" FOR SHARE OF i");
        }
        for row in sql.all(tx).await? {
            let (record, import): (Uuid, Uuid) =
                (row.try_get("", "record_id")?, row.try_get("", "import_id")?);
            later.entry(record).or_default().push(import.into());
        }
    }
    Ok(later)
}
