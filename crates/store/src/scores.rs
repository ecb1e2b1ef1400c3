//! Scores: what models say of contacts, each with the model, the features and the seed that it
//! can be made again from.

use rapport_domain::{ContactId, ModelId, Timestamp};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::entities::score;
use crate::{Store, StoreError, codec};

/// One reason for a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScoreReason {
    /// Name of the feature.
    pub feature: String,
    /// Its value for this contact; none where it is missing.
    pub value: Option<f64>,
    /// What it adds to the score.
    pub contribution: f64,
}

/// What a model says of a contact.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// Whom it is about.
    pub contact_id: ContactId,
    /// What it says, such as `churn`.
    pub kind: String,
    /// The model that said it.
    pub model_id: ModelId,
    /// The number.
    pub value: f64,
    /// Lower end of its interval.
    pub lower: Option<f64>,
    /// Upper end of its interval.
    pub upper: Option<f64>,
    /// Why, the strongest reason first.
    pub reasons: Vec<ScoreReason>,
    /// Path of the feature snapshot that it was made from.
    pub snapshot: Option<String>,
    /// Seed that it was made with.
    pub seed: u64,
    /// The instant that its features know up to.
    pub as_of: Timestamp,
}

impl TryFrom<score::Model> for Score {
    type Error = StoreError;

    fn try_from(row: score::Model) -> Result<Self, StoreError> {
        Ok(Self {
            contact_id: row.contact_id.into(),
            kind: row.kind,
            model_id: row.model_id.into(),
            value: row.value,
            lower: row.lower,
            upper: row.upper,
            reasons: codec::from_json("scores.reasons", &row.reasons)?,
            snapshot: row.snapshot,
            // The bits are kept, not the number: a seed may use all of them.
            seed: row.seed.cast_unsigned(),
            as_of: Timestamp::from_micros(row.as_of),
        })
    }
}

/// Lists what models say of a contact, the latest first.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_of(store: &Store, contact: ContactId) -> Result<Vec<Score>, StoreError> {
    let rows = score::Entity::find()
        .filter(score::Column::ContactId.eq(Uuid::from(contact)))
        .order_by_desc(score::Column::AsOf)
        .order_by_asc(score::Column::Kind)
        .all(store.reader())
        .await?;
    rows.into_iter().map(Score::try_from).collect()
}
