//! How far the history goes.

use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use rapport_domain::Timestamp;
use rapport_lake::{Snapshot, SqlValue};

use crate::FeatureError;

const END_OF_HISTORY: &str = include_str!("../sql/end_of_history.sql");

/// When the latest event of a customer happened before an instant; none where there is none. What was
/// corrected since, such as an order at a time that was wrong, does not count.
///
/// # Errors
/// [`FeatureError::Lake`] where the events cannot be read.
pub async fn end_of_history(
    snapshot: &Snapshot,
    before: Timestamp,
) -> Result<Option<Timestamp>, FeatureError> {
    let parameters = [("before_us", SqlValue::Integer(before.as_micros()))];
    let batches = snapshot.sql(END_OF_HISTORY, &parameters).await?;
    let mut latest = batches
        .iter()
        .flat_map(|batch| batch["latest_us"].as_primitive::<Int64Type>());
    Ok(latest.next().flatten().map(Timestamp::from_micros))
}
