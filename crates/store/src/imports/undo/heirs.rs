//! Who inherits what stays. Something that an import made or changed and that a later one builds on is
//! the later one's from then on: it goes when that one is taken back.

use std::collections::{HashMap, HashSet};

use rapport_domain::ImportId;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbBackend};
use uuid::Uuid;

use super::Batch;
use crate::StoreError;
use crate::imports::RecordKind;
use crate::imports::journal;
use crate::sql::{self, Sql};

/// The import because of which each record stays.
pub(super) type Heirs = HashMap<Uuid, ImportId>;

/// Orders of which nothing is taken back, each with the import that inherits what this one did to it;
/// none where events that were sent have told of it since, for these are never taken back.
pub(super) type StayingOrders = HashMap<Uuid, Option<ImportId>>;

/// The orders that stay. An order is one whole: where a later import or an event tells of it, nothing
/// of it is taken back, since what the history says of its lines builds on its head, and on what was
/// said of them before.
pub(super) async fn of_orders(
    batch: &Batch<'_>,
    orders: &[Uuid],
) -> Result<StayingOrders, StoreError> {
    let later = journal::later(batch.tx, batch.id, RecordKind::Orders, orders).await?;
    let heirs = next_of(later).into_iter();
    let mut staying: StayingOrders = heirs.map(|(id, heir)| (id, Some(heir))).collect();
    let told = told_by_events(batch, orders).await?;
    staying.extend(told.into_iter().map(|id| (id, None)));
    Ok(staying)
}

/// Those of some orders of which events have told since the import began.
async fn told_by_events(batch: &Batch<'_>, orders: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
    let mut told = Vec::new();
    for chunk in orders.chunks(sql::N_KEYS_MAX) {
        // Whoever takes an event in holds its order: what is looked at is what they have written.
        lock(batch.tx, "orders", chunk).await?;
        let mut sql = Sql::new(batch.tx.get_database_backend());
        sql.push_with(
            "SELECT x.order_id FROM event_orders x JOIN imports i ON i.id = ? \
             WHERE x.told_at >= i.started_at AND x.order_id IN ",
            [sql::id(batch.id)],
        );
        sql.bind_list(sql::ids(chunk));
        for row in sql.all(batch.tx).await? {
            told.push(row.try_get("", "order_id")?);
        }
    }
    Ok(told)
}

/// Waits for those who are about to hang something on records, and keeps others from it. This is a
/// statement of its own: one that locks and looks at once would look at what was there before it had
/// to wait.
pub(super) async fn lock(
    tx: &DatabaseTransaction,
    table: &str,
    ids: &[Uuid],
) -> Result<(), StoreError> {
    if tx.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let mut sql = Sql::new(DbBackend::Postgres);
    sql.push(&format!("SELECT t.id FROM {table} t WHERE t.id IN "));
    sql.bind_list(sql::ids(ids));
    sql.push(" ORDER BY t.id FOR UPDATE OF t");
    sql.all(tx).await?;
    Ok(())
}

/// Records of a kind that this import made and of which its undo has said already that they stay, each
/// with its heir, where it has one that lasts.
pub(super) async fn of_conflicts(
    batch: &Batch<'_>,
    kind: RecordKind,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Option<ImportId>>, StoreError> {
    let mut kept = HashMap::new();
    for chunk in ids.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(batch.tx.get_database_backend());
        sql.push_with(
            "SELECT k.record_id, k.held_by FROM import_conflicts k \
             WHERE k.import_id = ? AND k.object = ? AND k.field = '' AND k.record_id IN ",
            [sql::id(batch.id), sql::text(kind.name())],
        );
        sql.bind_list(sql::ids(chunk));
        for row in sql.all(batch.tx).await? {
            let heir: Option<Uuid> = row.try_get("", "held_by")?;
            kept.insert(row.try_get("", "record_id")?, heir.map(ImportId::from));
        }
    }
    let named: HashSet<ImportId> = kept.values().copied().flatten().collect();
    let lasting = hold_fast(batch, &named).await?;
    for heir in kept.values_mut() {
        *heir = heir.filter(|heir| lasting.contains(heir));
    }
    Ok(kept)
}

fn next_of(later: HashMap<Uuid, Vec<ImportId>>) -> Heirs {
    let next = later.into_iter();
    let next = next.filter_map(|(id, imports)| Some((id, *imports.first()?)));
    next.collect()
}

/// The imports that inherit records of a kind that stay. Where none tells of a record, but something
/// that refers to it was inherited, so is the record.
pub(super) async fn of_kept(
    batch: &Batch<'_>,
    kind: RecordKind,
    kept: &[Uuid],
) -> Result<Heirs, StoreError> {
    if kept.is_empty() {
        return Ok(Heirs::new());
    }
    let mut heirs = next_of(journal::later(batch.tx, batch.id, kind, kept).await?);
    let column = match kind {
        RecordKind::Contacts => Some("y.contact_id"),
        RecordKind::Identities => Some("y.id"),
        _ => None,
    };
    if let Some(column) = column {
        for (id, heir) in by_rows(batch, column, kept).await? {
            heirs.entry(id).or_insert(heir);
        }
    }
    let orphans: HashSet<Uuid> = kept.iter().copied().collect();
    let orphans = orphans.into_iter().filter(|id| !heirs.contains_key(id));
    let orphans: Vec<Uuid> = orphans.collect();
    if let (false, Some(heir)) = (orphans.is_empty(), any_of(batch).await?) {
        heirs.extend(orphans.into_iter().map(|id| (id, heir)));
    }
    Ok(heirs)
}

/// Other imports with rows about people, by a column of their identities.
async fn by_rows(batch: &Batch<'_>, column: &str, ids: &[Uuid]) -> Result<Heirs, StoreError> {
    let mut heirs = Heirs::new();
    for chunk in ids.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(batch.tx.get_database_backend());
        sql.push("SELECT DISTINCT ").push(column);
        sql.push_with(
            " AS record_id, x.import_id, i.started_at FROM identities y \
             JOIN source_records x ON x.identity_id = y.id JOIN imports i ON i.id = x.import_id \
             WHERE x.import_id <> ? AND i.status <> 'undone' AND i.batches_done > 0 AND ",
            [sql::id(batch.id)],
        );
        sql.push(column)
            .push(" IN ")
            .bind_list(sql::ids(chunk))
            .push(" ORDER BY i.started_at, x.import_id");
        for row in sql.all(batch.tx).await? {
            let (id, heir): (Uuid, Uuid) =
                (row.try_get("", "record_id")?, row.try_get("", "import_id")?);
            heirs.entry(id).or_insert(heir.into());
        }
    }
    let found: HashSet<ImportId> = heirs.values().copied().collect();
    let lasting = hold_fast(batch, &found).await?;
    heirs.retain(|_, heir| lasting.contains(heir));
    Ok(heirs)
}

/// Those of the imports that are not taken back; nobody can do so before the transaction ends.
async fn hold_fast(
    batch: &Batch<'_>,
    imports: &HashSet<ImportId>,
) -> Result<HashSet<ImportId>, StoreError> {
    let backend = batch.tx.get_database_backend();
    let mut sql = Sql::new(backend);
    sql.push("SELECT i.id FROM imports i WHERE i.status <> 'undone' AND i.batches_done > 0");
    sql.push(" AND i.id IN ")
        .bind_list(imports.iter().map(|&id| sql::id(id)));
    if backend == DbBackend::Postgres {
        sql.push(" ORDER BY i.id FOR SHARE OF i");
    }
    let rows = sql.all(batch.tx).await?;
    let id = |row: &sea_orm::QueryResult| -> Result<ImportId, StoreError> {
        Ok(row.try_get::<Uuid>("", "id")?.into())
    };
    rows.iter().map(id).collect()
}

/// An import that has inherited something of this one already.
async fn any_of(batch: &Batch<'_>) -> Result<Option<ImportId>, StoreError> {
    let text = "SELECT k.held_by FROM import_conflicts k JOIN imports i ON i.id = k.held_by \
                WHERE k.import_id = ? AND i.status <> 'undone' AND i.batches_done > 0 LIMIT 1";
    let backend = batch.tx.get_database_backend();
    let row = Sql::of(backend, text, [sql::id(batch.id)])
        .one(batch.tx)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let found: ImportId = row.try_get::<Uuid>("", "held_by")?.into();
    let lasting = hold_fast(batch, &HashSet::from([found])).await?;
    Ok(lasting.contains(&found).then_some(found))
}
