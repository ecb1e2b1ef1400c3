//! The catalogue: which files make up the lake.

use futures::FutureExt as _;
use rapport_domain::{ImportId, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait as _, QueryOrder as _};

use crate::entities::event_segment;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, bulk, codec};

/// A file of the lake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventSegment {
    /// Path inside of the lake.
    pub path: String,
    /// Events in it.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
    /// Bucket of customers, once compacted.
    pub bucket: Option<u32>,
    /// Buckets in all, once compacted.
    pub n_buckets: Option<u32>,
    /// Earliest event.
    pub min_at: Timestamp,
    /// Latest event.
    pub max_at: Timestamp,
}

impl EventSegment {
    pub(crate) fn into_row(self, import: Option<ImportId>) -> event_segment::Model {
        event_segment::Model {
            path: self.path,
            n_rows: codec::signed(self.rows),
            n_bytes: codec::signed(self.bytes),
            bucket: self.bucket.map(i64::from),
            n_buckets: self.n_buckets.map(i64::from),
            min_at: self.min_at.as_micros(),
            max_at: self.max_at.as_micros(),
            import_id: import.map(Into::into),
        }
    }
}

impl From<event_segment::Model> for EventSegment {
    fn from(row: event_segment::Model) -> Self {
        let small = |number: Option<i64>| number.and_then(|number| u32::try_from(number).ok());
        Self {
            path: row.path,
            rows: codec::unsigned(row.n_rows),
            bytes: codec::unsigned(row.n_bytes),
            bucket: small(row.bucket),
            n_buckets: small(row.n_buckets),
            min_at: Timestamp::from_micros(row.min_at),
            max_at: Timestamp::from_micros(row.max_at),
        }
    }
}

/// Lists the files of the lake by path.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_segments(store: &Store) -> Result<Vec<EventSegment>, StoreError> {
    let rows = event_segment::Entity::find()
        .order_by_asc(event_segment::Column::Path)
        .all(store.reader())
        .await?;
    Ok(rows.into_iter().map(EventSegment::from).collect())
}

/// Replaces files by others that hold the same events, in one transaction.
///
/// # Errors
/// [`StoreError::Conflict`] where some of the old files are not in the catalogue any more;
/// nothing was changed then.
pub async fn swap_segments(
    store: &Store,
    old: Vec<String>,
    new: Vec<EventSegment>,
) -> Result<(), StoreError> {
    store.write(move |tx| swap_in(tx, old, new).boxed()).await
}

/// Replaces files inside of a transaction.
pub(crate) async fn swap_in(
    tx: &DatabaseTransaction,
    old: Vec<String>,
    new: Vec<EventSegment>,
) -> Result<(), StoreError> {
    let mut n_deleted = 0;
    for chunk in old.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(tx.get_database_backend());
        sql.push("DELETE FROM event_segments WHERE path IN ");
        sql.bind_list(chunk.iter().map(sql::text));
        n_deleted += sql.execute(tx).await?;
    }
    if n_deleted != old.len() as u64 {
        return Err(StoreError::Conflict {
            object: "event catalogue",
            expected: codec::signed(old.len() as u64),
            found: codec::signed(n_deleted),
        });
    }
    let rows = new.into_iter().map(|segment| segment.into_row(None));
    bulk::insert::<event_segment::Entity>(tx, rows, "").await?;
    Ok(())
}
