//! Segmentations: features as of the end of what is known, segments from them, saved as a model and
//! published in one transaction. A segmentation, its model and its feature snapshot bear the number
//! of the job that made them, so that a job that is run twice makes one of each.

mod compare;
mod input;
mod publish;
mod run;
mod told;

use std::collections::BTreeMap;

use rapport_store::jobs::{self, Job, NewJob};
use serde::{Deserialize, Serialize};

pub(crate) use input::feature_info;
pub(crate) use run::run;
pub(crate) use told::run_of;

use crate::Workspace;
use crate::changes::Change;
use crate::error::PipelineError;

/// Kind of the models in the registry.
pub(crate) const MODEL_KIND: &str = "segment";

/// Kind of the job that makes a segmentation.
pub(crate) const JOB_KIND: &str = "segmentation";

/// How customers are divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SegmentationMethod {
    /// k-means.
    Kmeans,
    /// Ward's hierarchical clustering.
    Ward,
    /// Recency, frequency and monetary value in named groups.
    Rfm,
}

impl SegmentationMethod {
    /// The name that runs and models bear.
    const fn name(self) -> &'static str {
        match self {
            Self::Kmeans => "kmeans",
            Self::Ward => "ward",
            Self::Rfm => "rfm",
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SegmentationRequest {
    /// Method; the most stable one where none is named.
    pub method: Option<SegmentationMethod>,
    /// Number of segments; the most stable one where none is named.
    pub k: Option<usize>,
    /// Same seed, same segments.
    pub seed: u64,
}

impl Default for SegmentationRequest {
    fn default() -> Self {
        Self {
            method: None,
            k: None,
            seed: 42,
        }
    }
}

/// Queues a segmentation. Where the same is under way already, that is the one.
///
/// # Errors
/// [`PipelineError::SegmentationUnderWay`] where one with other parameters is under way;
/// [`PipelineError::Store`] where the queue cannot be written.
pub async fn start(
    workspace: &Workspace,
    request: SegmentationRequest,
) -> Result<Job, PipelineError> {
    let now = workspace.clock.now();
    let payload = serde_json::to_value(&request).map_err(|error| PipelineError::Job {
        kind: JOB_KIND.to_owned(),
        reason: error.to_string(),
    })?;
    let job = NewJob {
        id: workspace.ids.next(now),
        kind: JOB_KIND.to_owned(),
        payload,
        unique_key: Some(JOB_KIND.to_owned()),
        run_at: now,
        attempts_max: 2,
    };
    let job = jobs::enqueue(&workspace.store, job, now).await?;
    let under_way: Option<SegmentationRequest> = serde_json::from_value(job.payload.clone()).ok();
    if under_way != Some(request) {
        return Err(PipelineError::SegmentationUnderWay { job: job.id });
    }
    workspace.changes.announce(Change::Job(job.id));
    Ok(job)
}

/// Seconds that the steps of a finished segmentation took, by step.
pub fn seconds_of(job: &Job) -> BTreeMap<String, f64> {
    let seconds = job.result.as_ref().and_then(|result| result.get("seconds"));
    seconds
        .and_then(|seconds| serde_json::from_value(seconds.clone()).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
