//! A fitted segmentation: puts new customers into segments and says why.

mod explain;
mod folder;

use rapport_learn::metrics::silhouette_sampled;
use rapport_learn::{Context, Evaluate, LearnError, Matrix, Metrics, Predict};
use serde::{Deserialize, Serialize};

pub use explain::{Reason, WhyIn};

use crate::baseline::BaselineReport;
use crate::compare::Candidate;
use crate::distance::two_nearest;
use crate::map::{Axis, Plane};
use crate::portrait::SegmentProfile;
use crate::prepare::{FeatureUse, Preparation};
use crate::prospects::Prospects;
use crate::rfm::{Rfm, RfmSegment};
use crate::{FeatureInfo, Method, SegmentError, SegmentParams};

/// Rows that the silhouette of new data is worked out on at most.
const EVALUATED_ROWS: usize = 5_000;

/// A fitted segmentation. It holds no customers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SegmentModel {
    pub(crate) params: SegmentParams,
    pub(crate) seed: u64,
    pub(crate) fingerprint: String,
    pub(crate) features: Vec<FeatureInfo>,
    /// Median of each feature over all who have ordered: what is usual.
    pub(crate) usual: Vec<f64>,
    pub(crate) preparation: Preparation,
    pub(crate) assigner: Assigner,
    /// Where there were people who had not ordered yet: they are the last segment.
    pub(crate) prospects: Option<Prospects>,
    pub(crate) plane: Plane,
    pub(crate) report: Report,
    pub(crate) segments: Vec<SegmentProfile>,
}

/// How good a segmentation is, and how it came about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The method used; never `Auto`.
    pub method: Method,
    /// Segments with customers in them.
    pub k: usize,
    /// Customers that it was made from.
    pub n_customers: usize,
    /// Mean adjusted Rand index over all pairs of resamples.
    pub stability_ari: f64,
    /// Silhouette, if it exists.
    pub silhouette: Option<f64>,
    /// The simple method beside it.
    pub baseline: BaselineReport,
    /// Everything that was tried, the chosen one included.
    pub candidates: Vec<Candidate>,
    /// What became of each feature.
    pub features: Vec<FeatureUse>,
}

/// How a customer gets a segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub(crate) enum Assigner {
    /// The nearest center, `(k, n_prepared)`.
    Centers { centers: Matrix },
    /// The named segments of RFM, of which those that had customers were numbered.
    Rfm { rfm: Rfm, numbered: Vec<RfmSegment> },
}

impl Assigner {
    /// How many segments there are.
    pub(crate) fn n_segments(&self) -> usize {
        match self {
            Self::Centers { centers } => centers.n_rows(),
            Self::Rfm { numbered, .. } => numbered.len(),
        }
    }

    /// The segment of one customer, given their features as they are and prepared.
    fn segment(&self, raw: &[f64], prepared: &[f64]) -> u32 {
        match self {
            Self::Centers { centers } => two_nearest(prepared, centers).label,
            Self::Rfm { rfm, numbered } => number_of(rfm.segment(raw), numbered),
        }
    }
}

/// The number of a named segment, or of the nearest that has one.
pub(crate) fn number_of(segment: RfmSegment, numbered: &[RfmSegment]) -> u32 {
    let nearest = segment.nearest_of(numbered);
    let position = numbered.iter().position(|&other| Some(other) == nearest);
    position.expect("a segmentation has at least one segment") as u32
}

impl SegmentModel {
    /// How good it is, and how it came about.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The segments, the most valuable first; a label is a place in this list.
    pub fn segments(&self) -> &[SegmentProfile] {
        &self.segments
    }

    /// The axes of the map.
    pub fn axes(&self) -> &[Axis] {
        self.plane.axes()
    }

    /// The features that rows must have, in this order.
    pub fn feature_names(&self) -> Vec<String> {
        self.features.iter().map(|f| f.name.clone()).collect()
    }

    /// The centers in the space of distances, `(k, n_used_features)`; none for RFM.
    pub fn centers(&self) -> Option<&Matrix> {
        match &self.assigner {
            Assigner::Centers { centers } => Some(centers),
            Assigner::Rfm { .. } => None,
        }
    }

    /// Rows in the space of distances, `(n_samples, n_used_features)`.
    ///
    /// # Errors
    /// Rows of another width.
    pub fn prepare(&self, records: &Matrix) -> Result<Matrix, SegmentError> {
        Ok(self.preparation.transform(records)?)
    }

    /// Where rows stand on the map.
    ///
    /// # Errors
    /// Rows of another width.
    pub fn places(&self, records: &Matrix) -> Result<Vec<[f32; 2]>, SegmentError> {
        self.plane.places(&self.preparation.transform(records)?)
    }

    /// Labels of rows that are prepared already.
    pub(crate) fn labels_of(&self, records: &Matrix, prepared: &Matrix) -> Vec<u32> {
        let of_prospects = self.assigner.n_segments() as u32;
        let rows = records.rows().zip(prepared.rows());
        rows.map(|(raw, prepared)| match self.prospects {
            Some(prospects) if prospects.include(raw) => of_prospects,
            _ => self.assigner.segment(raw, prepared),
        })
        .collect()
    }
}

impl Predict<Matrix> for SegmentModel {
    type Prediction = Vec<u32>;
    type Error = SegmentError;

    /// The segment of each row, `(n_samples,)`; missing values count as usual ones.
    fn predict(&self, records: &Matrix) -> Result<Vec<u32>, SegmentError> {
        let prepared = self.preparation.transform(records)?;
        Ok(self.labels_of(records, &prepared))
    }
}

impl Evaluate<Matrix> for SegmentModel {
    type Error = SegmentError;

    /// Silhouette of new rows of people who have ordered under this model, and the share of its segments
    /// that are in use.
    fn evaluate(&self, records: &Matrix, context: &Context<'_>) -> Result<Metrics, SegmentError> {
        context.proceed()?;
        let prepared = self.preparation.transform(records)?;
        let labels = self.labels_of(records, &prepared);
        let buyers = Prospects::buyers(self.prospects, records);
        let measured: Vec<u32> = buyers.iter().map(|&row| labels[row]).collect();
        let places = prepared.select_rows(&buyers);
        let silhouette = silhouette_sampled(&places, &measured, EVALUATED_ROWS, context.seed)
            .map_err(|_| LearnError::TooFewRows {
                needed: 3,
                found: records.n_rows(),
            })?;
        let in_use = (0..)
            .take(self.segments.len())
            .filter(|idx| labels.contains(idx));
        let share = in_use.count() as f64 / self.segments.len() as f64;
        Ok(Metrics::from([
            ("silhouette".into(), silhouette),
            ("segments_in_use".into(), share),
        ]))
    }
}
