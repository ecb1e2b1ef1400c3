//! Reading the journal of one batch.

use std::collections::BTreeMap;

use rapport_domain::ImportId;
use sea_orm::{ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::{Change, RecordKey, RecordKind};
use crate::entities::{import_change, import_creation};
use crate::{StoreError, codec};

/// Records of one kind that a batch has made.
#[derive(Default)]
pub(in crate::imports) struct Creation {
    pub(in crate::imports) keys: Vec<RecordKey>,
    /// The latest instant that their columns told then.
    pub(in crate::imports) stamp: Option<i64>,
}

/// What a batch has changed, by kind.
pub(in crate::imports) async fn changes_of(
    tx: &DatabaseTransaction,
    import: ImportId,
    batch_no: i64,
) -> Result<BTreeMap<RecordKind, Vec<Change>>, StoreError> {
    let rows = import_change::Entity::find()
        .filter(import_change::Column::ImportId.eq(Uuid::from(import)))
        .filter(import_change::Column::BatchNo.eq(batch_no))
        .all(tx)
        .await?;
    let mut changes: BTreeMap<RecordKind, Vec<Change>> = BTreeMap::new();
    for row in rows {
        let kind = codec::member("import_changes.object", &row.object)?;
        changes.entry(kind).or_default().push(Change {
            key: RecordKey {
                id: row.record_id,
                line_no: row.line_no,
            },
            before: codec::from_json("import_changes.before", &row.before)?,
            after: codec::from_json("import_changes.after", &row.after)?,
        });
    }
    Ok(changes)
}

/// What a batch has made, by kind.
pub(in crate::imports) async fn creations_of(
    tx: &DatabaseTransaction,
    import: ImportId,
    batch_no: i64,
) -> Result<BTreeMap<RecordKind, Creation>, StoreError> {
    let rows = import_creation::Entity::find()
        .filter(import_creation::Column::ImportId.eq(Uuid::from(import)))
        .filter(import_creation::Column::BatchNo.eq(batch_no))
        .all(tx)
        .await?;
    let mut creations = BTreeMap::new();
    for row in rows {
        let kind = codec::member("import_creations.object", &row.object)?;
        let keys = keys_in(kind, &row.keys)?;
        let stamp = row.stamp;
        creations.insert(kind, Creation { keys, stamp });
    }
    Ok(creations)
}

fn keys_in(kind: RecordKind, bytes: &[u8]) -> Result<Vec<RecordKey>, StoreError> {
    let n_bytes = kind.key_bytes();
    let damaged = || StoreError::Decode {
        column: "import_creations.keys",
        reason: format!("{} bytes are no whole number of keys", bytes.len()),
    };
    if !bytes.len().is_multiple_of(n_bytes) {
        return Err(damaged());
    }
    bytes
        .chunks_exact(n_bytes)
        .map(|key| {
            let (id, line_no) = key.split_at(16);
            Ok(RecordKey {
                id: Uuid::from_slice(id).map_err(|_| damaged())?,
                line_no: line_no.try_into().map_or(0, i64::from_be_bytes),
            })
        })
        .collect()
}
