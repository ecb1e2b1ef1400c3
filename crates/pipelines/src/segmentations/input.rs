//! From features to what the engine reads.

use rapport_domain::Currency;
use rapport_features::{Feature, FeatureTable, Role as FeatureRole, Unit as FeatureUnit};
use rapport_learn::{Context, Matrix};
use rapport_segment::{FeatureInfo, Method, Role, SegmentInput, SegmentParams, Unit};

use super::{SegmentationMethod, SegmentationRequest};
use crate::error::PipelineError;

/// What was learned.
pub(super) type Fitted = rapport_segment::Segmentation;

/// A table as the engine reads it.
pub(super) struct Input {
    pub(super) records: Matrix,
    pub(super) features: Vec<FeatureInfo>,
    values: Option<Vec<f64>>,
}

impl Input {
    pub(super) fn of(table: &FeatureTable) -> Result<Self, PipelineError> {
        let (n_rows, n_columns) = (table.n_customers(), table.features.len());
        let features = table.features.iter();
        Ok(Self {
            records: Matrix::new(n_rows, n_columns, table.row_major())?,
            features: features
                .map(|feature| feature_info(feature, table.currency))
                .collect(),
            values: table.column("monetary_value").map(<[f64]>::to_vec),
        })
    }

    pub(super) fn input(&self) -> SegmentInput<'_> {
        SegmentInput {
            records: &self.records,
            features: &self.features,
            values: self.values.as_deref(),
        }
    }
}

/// Fits on the features of a table.
pub(super) fn fit(
    table: &FeatureTable,
    request: &SegmentationRequest,
    context: &Context<'_>,
) -> Result<Fitted, PipelineError> {
    let params = SegmentParams {
        method: request.method.map_or(Method::Auto, |method| match method {
            SegmentationMethod::Kmeans => Method::KMeans,
            SegmentationMethod::Ward => Method::Ward,
            SegmentationMethod::Rfm => Method::Rfm,
        }),
        k: request.k,
        ..SegmentParams::default()
    };
    let table = Input::of(table)?;
    Ok(rapport_segment::fit(&table.input(), &params, context)?)
}

/// What a feature means, in the engine's words; amounts are in the table's currency.
pub(crate) fn feature_info(feature: &Feature, currency: Option<Currency>) -> FeatureInfo {
    FeatureInfo {
        name: feature.name.clone(),
        label: feature.label.clone(),
        unit: match (feature.unit, currency) {
            (FeatureUnit::Days, _) => Unit::Days,
            (FeatureUnit::Count, _) => Unit::Count,
            (FeatureUnit::Share, _) => Unit::Share,
            (FeatureUnit::Money, Some(currency)) => Unit::Money(currency),
            (FeatureUnit::Money, None) => Unit::Number,
        },
        role: match feature.role {
            FeatureRole::Recency => Role::Recency,
            FeatureRole::Frequency => Role::Frequency,
            FeatureRole::Monetary => Role::Monetary,
            FeatureRole::Tenure => Role::Tenure,
            FeatureRole::Basket => Role::Basket,
            FeatureRole::Returns => Role::Returns,
            FeatureRole::Habit => Role::Habit,
            FeatureRole::Trend => Role::Trend,
            FeatureRole::Diversity => Role::Diversity,
            FeatureRole::Engagement => Role::Engagement,
            FeatureRole::Preference => Role::Preference,
        },
        higher: feature.high.clone(),
        lower: feature.low.clone(),
    }
}
