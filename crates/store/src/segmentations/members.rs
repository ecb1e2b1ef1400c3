//! Who is where: the map of all customers, and the place of one.

use rapport_domain::{ContactId, SegmentId, SegmentationId};
use uuid::Uuid;

use crate::sql::{self, Sql};
use crate::{Store, StoreError, codec};

/// All customers of a segmentation, column by column: the same position in each column is the
/// same customer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MapColumns {
    /// Customers.
    pub ids: Vec<ContactId>,
    /// Places along the first axis.
    pub x: Vec<f64>,
    /// Places along the second axis.
    pub y: Vec<f64>,
    /// Positions of the segments, from 0.
    pub segment: Vec<u64>,
}

/// A customer's place in a segmentation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Membership {
    /// The segment.
    pub segment_id: SegmentId,
    /// Its position in the segmentation, from 0.
    pub idx: u64,
    /// Place on the map, along the first axis.
    pub x: f64,
    /// Place on the map, along the second axis.
    pub y: f64,
}

/// The map of a segmentation; empty where there is no such segmentation.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn map(store: &Store, id: SegmentationId) -> Result<MapColumns, StoreError> {
    let text = "SELECT contact_id, idx, x, y FROM segment_members \
                WHERE segmentation_id = ? ORDER BY contact_id";
    let rows = Sql::of(store.backend(), text, [sql::id(id)])
        .all(store.reader())
        .await?;
    let mut columns = MapColumns::default();
    for row in rows {
        let id: Uuid = row.try_get_by_index(0)?;
        columns.ids.push(id.into());
        columns
            .segment
            .push(codec::unsigned(row.try_get_by_index(1)?));
        columns.x.push(row.try_get_by_index(2)?);
        columns.y.push(row.try_get_by_index(3)?);
    }
    Ok(columns)
}

/// A customer's place in a segmentation; none where it was made before the customer came.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_membership(
    store: &Store,
    id: SegmentationId,
    contact: ContactId,
) -> Result<Option<Membership>, StoreError> {
    let text = "SELECT s.id AS segment_id, m.idx AS idx, m.x AS x, m.y AS y \
                FROM segment_members m \
                JOIN segments s ON s.segmentation_id = m.segmentation_id AND s.idx = m.idx \
                WHERE m.segmentation_id = ? AND m.contact_id = ?";
    let sql = Sql::of(store.backend(), text, [sql::id(id), sql::id(contact)]);
    let Some(row) = sql.one(store.reader()).await? else {
        return Ok(None);
    };
    let segment_id: Uuid = row.try_get("", "segment_id")?;
    Ok(Some(Membership {
        segment_id: segment_id.into(),
        idx: codec::unsigned(row.try_get("", "idx")?),
        x: row.try_get("", "x")?,
        y: row.try_get("", "y")?,
    }))
}
