//! Handing entries of the journal on. Where one import is taken back and a later one builds on what it
//! did, the later one inherits it: taking that one back, too, ends where neither of both had been.

use std::collections::BTreeSet;

use rapport_domain::ImportId;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DatabaseTransaction, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use super::{Change, Columns, Overwritten, RecordKey, RecordKind};
use crate::entities::{import_change, import_creation};
use crate::sql::{self, Sql};
use crate::{StoreError, bulk, codec};

/// The batch that what is inherited belongs to: the first one, which is taken back last, when whatever
/// the import made itself is gone.
const INHERITING_BATCH: i64 = 1;

/// Makes records that another import made those of `heir`.
pub(in crate::imports) async fn inherit_creations(
    tx: &DatabaseTransaction,
    heir: ImportId,
    kind: RecordKind,
    keys: impl IntoIterator<Item = RecordKey>,
    stamp: Option<i64>,
) -> Result<(), StoreError> {
    let key = (Uuid::from(heir), INHERITING_BATCH, kind.name());
    let row = import_creation::Entity::find_by_id(key).one(tx).await?;
    let mut row = row.unwrap_or_else(|| import_creation::Model {
        import_id: heir.into(),
        batch_no: INHERITING_BATCH,
        object: kind.name(),
        keys: Vec::new(),
        stamp: None,
    });
    for key in keys {
        kind.push_key(&mut row.keys, key);
    }
    row.stamp = row.stamp.max(stamp);
    let replace = "ON CONFLICT (import_id, batch_no, object) \
                   DO UPDATE SET keys = excluded.keys, stamp = excluded.stamp";
    bulk::insert::<import_creation::Entity>(tx, vec![row], replace).await?;
    Ok(())
}

/// Makes a change that another import made one of `heir`: joined with the first that it made itself
/// to the record.
pub(in crate::imports) async fn inherit_change(
    tx: &DatabaseTransaction,
    heir: ImportId,
    kind: RecordKind,
    change: &Change,
) -> Result<(), StoreError> {
    let own = import_change::Entity::find()
        .filter(import_change::Column::ImportId.eq(Uuid::from(heir)))
        .filter(import_change::Column::Object.eq(kind.name()))
        .filter(import_change::Column::RecordId.eq(change.key.id))
        .filter(import_change::Column::LineNo.eq(change.key.line_no))
        .order_by_asc(import_change::Column::BatchNo)
        .limit(1)
        .one(tx)
        .await?;
    let Some(own) = own else {
        let row = import_change::Model {
            import_id: heir.into(),
            batch_no: INHERITING_BATCH,
            object: kind.name(),
            record_id: change.key.id,
            line_no: change.key.line_no,
            before: codec::to_json(&change.before),
            after: codec::to_json(&change.after),
            is_restored: false,
        };
        bulk::insert::<import_change::Entity>(tx, vec![row], "").await?;
        return Ok(());
    };
    let mut entry = Entry::of(own)?;
    for (column, before) in &change.before {
        if !entry.change.before.contains_key(column)
            && let Some(after) = change.after.get(column)
        {
            entry.change.after.insert(column.clone(), after.clone());
        }
        entry.change.before.insert(column.clone(), before.clone());
    }
    entry.save(tx, kind).await
}

/// A change that a later import made to a record.
struct Entry {
    import_id: Uuid,
    batch_no: i64,
    change: Change,
}

impl Entry {
    fn of(row: import_change::Model) -> Result<Self, StoreError> {
        Ok(Self {
            import_id: row.import_id,
            batch_no: row.batch_no,
            change: Change {
                key: RecordKey {
                    id: row.record_id,
                    line_no: row.line_no,
                },
                before: codec::from_json("import_changes.before", &row.before)?,
                after: codec::from_json("import_changes.after", &row.after)?,
            },
        })
    }

    async fn save(&self, tx: &DatabaseTransaction, kind: RecordKind) -> Result<(), StoreError> {
        Sql::of(
            tx.get_database_backend(),
            "UPDATE import_changes SET before = ?, after = ? WHERE import_id = ? \
             AND batch_no = ? AND object = ? AND record_id = ? AND line_no = ?",
            [
                sql::text(codec::to_json(&self.change.before)),
                sql::text(codec::to_json(&self.change.after)),
                sql::id(self.import_id),
                self.batch_no.into(),
                sql::text(kind.name()),
                sql::id(self.change.key.id),
                self.change.key.line_no.into(),
            ],
        )
        .execute(tx)
        .await?;
        Ok(())
    }
}

/// Takes a change out of the chain of changes to its record: where the next import, of those that are
/// `later`, started from what this one wrote, it now started from what stood there before. Returns
/// which columns were overwritten so.
pub(in crate::imports) async fn unlink(
    tx: &DatabaseTransaction,
    later: &[ImportId],
    kind: RecordKind,
    change: &Change,
) -> Result<Overwritten, StoreError> {
    let ids = later.iter().map(|&id| Uuid::from(id));
    let rows = import_change::Entity::find()
        .filter(import_change::Column::RecordId.eq(change.key.id))
        .filter(import_change::Column::LineNo.eq(change.key.line_no))
        .filter(import_change::Column::Object.eq(kind.name()))
        .filter(import_change::Column::ImportId.is_in(ids))
        .all(tx)
        .await?;
    let entries: Result<Vec<Entry>, _> = rows.into_iter().map(Entry::of).collect();
    let mut entries = entries?;
    let place = |entry: &Entry| {
        let place = later
            .iter()
            .position(|&id| entry.import_id == Uuid::from(id));
        (place, entry.batch_no)
    };
    entries.sort_by_key(place);
    let mut overwritten = Overwritten::new();
    let mut rewritten = BTreeSet::new();
    for (column, before) in &change.before {
        let holds = |entry: &Entry| entry.change.before.contains_key(column);
        let Some(idx) = entries.iter().position(holds) else {
            continue;
        };
        let next = &mut entries[idx];
        overwritten.insert(column.clone(), next.import_id.into());
        if starts_from(&next.change.before, column, &change.after) {
            let columns = &mut next.change.before;
            columns.insert(column.clone(), before.clone());
            rewritten.insert(idx);
        }
    }
    for idx in rewritten {
        entries[idx].save(tx, kind).await?;
    }
    Ok(overwritten)
}

fn starts_from(before: &Columns, column: &str, after: &Columns) -> bool {
    before.get(column) == after.get(column)
}
