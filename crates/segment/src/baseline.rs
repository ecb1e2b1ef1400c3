//! The simple segmentation that stands beside every learned one.

use rapport_learn::transform::{Pca, PcaParams};
use rapport_learn::{Check, Context, Fit, Matrix, Transform, stats};
use serde::{Deserialize, Serialize};

use crate::rfm::Rfm;
use crate::stability::stability;
use crate::{FeatureInfo, SegmentError};

/// The baseline's name and the same figures as the segmentation's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BaselineReport {
    /// `rfm`, or `strips` where the features have no recency, frequency and monetary value.
    pub name: String,
    /// Segments with customers in them.
    pub k: usize,
    /// Mean agreement of the same method on resamples.
    pub stability_ari: f64,
    /// Silhouette in the same space and on the same rows as the segmentation's, if it exists.
    pub silhouette: Option<f64>,
}

/// How the baseline labels rows.
pub(crate) enum Baseline {
    /// The named segments of RFM.
    Rfm(Rfm),
    /// Customers lined up along the direction in which they differ most, and cut into k strips of
    /// equal size: no method at all should do worse.
    Strips,
}

/// Rows of a sample, as they are and prepared.
pub(crate) struct Rows<'a> {
    pub(crate) raw: &'a Matrix,
    pub(crate) prepared: &'a Matrix,
}

impl Baseline {
    /// RFM if the features allow it.
    pub(crate) fn of(records: &Matrix, features: &[FeatureInfo]) -> Self {
        Rfm::fit(records, features).map_or(Self::Strips, Self::Rfm)
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Rfm(_) => "rfm",
            Self::Strips => "strips",
        }
    }

    /// Labels of the rows by the baseline fitted on the drawn ones.
    fn labels_from(
        &self,
        rows: &Rows<'_>,
        drawn: &[usize],
        features: &[FeatureInfo],
        k: usize,
        context: &Context<'_>,
    ) -> Result<Vec<u32>, SegmentError> {
        match self {
            Self::Rfm(_) => Ok(Rfm::fit(&rows.raw.select_rows(drawn), features)?.labels(rows.raw)),
            Self::Strips => strips(&rows.prepared.select_rows(drawn), rows.prepared, k, context),
        }
    }

    /// Labels of all rows.
    pub(crate) fn labels(
        &self,
        rows: &Rows<'_>,
        k: usize,
        context: &Context<'_>,
    ) -> Result<Vec<u32>, SegmentError> {
        match self {
            Self::Rfm(rfm) => Ok(rfm.labels(rows.raw)),
            Self::Strips => strips(rows.prepared, rows.prepared, k, context),
        }
    }

    /// Mean agreement over resamples.
    pub(crate) fn stability(
        &self,
        rows: &Rows<'_>,
        features: &[FeatureInfo],
        k: usize,
        n_resamples: usize,
        context: &Context<'_>,
    ) -> Result<f64, SegmentError> {
        let found = stability(rows.raw.n_rows(), n_resamples, context, |drawn, context| {
            Ok(vec![self.labels_from(rows, drawn, features, k, context)?])
        })?;
        Ok(found[0])
    }
}

/// Cuts `rows` where k equal shares of `fitted` end along its first principal component.
fn strips(
    fitted: &Matrix,
    rows: &Matrix,
    k: usize,
    context: &Context<'_>,
) -> Result<Vec<u32>, SegmentError> {
    let pca: Pca = PcaParams { n_components: 1 }
        .check()?
        .fit(fitted, context)?;
    let mut along: Vec<f64> = pca.transform(fitted)?.column(0).collect();
    let cuts: Vec<f64> = (1..k)
        .filter_map(|cut| stats::quantile(&mut along, cut as f64 / k as f64))
        .collect();
    let scores = pca.transform(rows)?;
    let passed = |score: f64| cuts.iter().filter(|&&cut| cut < score).count() as u32;
    Ok(scores.column(0).map(passed).collect())
}
