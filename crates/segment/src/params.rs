//! What to ask of a segmentation.

use rapport_learn::Check;
use serde::{Deserialize, Serialize};

use crate::SegmentError;

/// The way to segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Compares k-means and Ward over a range of k and takes the best (see [`fit`](crate::fit())).
    #[default]
    Auto,
    /// k-means.
    KMeans,
    /// Ward's hierarchical clustering.
    Ward,
    /// The named segments of RFM.
    Rfm,
}

impl Method {
    /// Its name in tables, files and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::KMeans => "kmeans",
            Self::Ward => "ward",
            Self::Rfm => "rfm",
        }
    }
}

/// What to ask of a segmentation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentParams {
    /// The way to segment.
    pub method: Method,
    /// The number of segments; `None` chooses it. RFM has its own number.
    pub k: Option<usize>,
    /// The fewest segments tried when choosing. Default 2.
    pub k_min: usize,
    /// The most segments tried when choosing. Default 10.
    pub k_max: usize,
    /// Resamples for the stability. Default 20.
    pub n_resamples: usize,
}

/// Checked [`SegmentParams`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidSegmentParams(pub(crate) SegmentParams);

impl Default for SegmentParams {
    fn default() -> Self {
        Self {
            method: Method::Auto,
            k: None,
            k_min: 2,
            k_max: 10,
            n_resamples: 20,
        }
    }
}

impl SegmentParams {
    /// The defaults with a method.
    #[must_use]
    pub fn method(self, method: Method) -> Self {
        Self { method, ..self }
    }

    /// The same with a fixed number of segments.
    #[must_use]
    pub fn k(self, k: usize) -> Self {
        Self { k: Some(k), ..self }
    }
}

impl Check for SegmentParams {
    type Valid = ValidSegmentParams;
    type Error = SegmentError;

    fn check(self) -> Result<ValidSegmentParams, SegmentError> {
        if let Some(k) = self.k.filter(|k| !(2..=50).contains(k)) {
            return Err(SegmentError::parameter("k", k, "use 2 to 50 segments"));
        }
        if self.k_min < 2 || self.k_max > 50 || self.k_min > self.k_max {
            let range = format!("{}..={}", self.k_min, self.k_max);
            let allowed = "try from 2 to at most 50 segments";
            return Err(SegmentError::parameter("k_min..=k_max", range, allowed));
        }
        if self.n_resamples < 2 {
            let allowed = "use at least 2, since stability compares them";
            return Err(SegmentError::parameter(
                "n_resamples",
                self.n_resamples,
                allowed,
            ));
        }
        Ok(ValidSegmentParams(self))
    }
}
