//! Runs: trainings and searches, with their parameters, curves, evaluations and trials.
//!
//! A run is begun, told about while it goes on, and ended; lists and pages show it at any time. What
//! it learned with is up to others: here are names, numbers and texts.

mod artifacts;
mod chunk;
mod curves;
mod downsample;
mod endings;
mod evaluation;
mod listing;
mod points;
mod row;
mod trials;
mod write;

use std::collections::BTreeMap;

use rapport_domain::{JobId, RunId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::models::ModelStage;

pub use artifacts::{find_artifact, save_artifact};
pub use curves::{Curve, CurveQuery, RunCurves, curves};
pub use endings::{RunEnd, end};
pub use evaluation::{
    Calibration, CalibrationBin, CandidateFigures, Confusion, Evaluation, Importance, NamedFigures,
    find_evaluation, save_evaluation,
};
pub use listing::{RunRow, find, find_many, list};
pub use points::{Point, Series, append};
pub use trials::{Trial, TrialReport, TrialStatus, list_trials, save_trials};
pub use write::{NewRun, add_params, begin, resume};

pub(crate) use endings::end_with_jobs;

const OBJECT: &str = "run";

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// Under way.
    Running,
    /// It came to its end.
    Finished,
    /// It broke.
    Failed,
    /// Somebody stopped it.
    Cancelled,
}

/// The value of a parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ParamValue {
    /// Yes or no.
    Boolean(bool),
    /// A number; it is finite.
    Number(f64),
    /// A text.
    Text(String),
    /// Several texts.
    Texts(Vec<String>),
}

impl ParamValue {
    /// A number; what is not finite becomes a text, for JSON knows no such number.
    pub fn number(value: f64) -> Self {
        if value.is_finite() {
            Self::Number(value)
        } else {
            Self::Text(value.to_string())
        }
    }
}

/// Parameters by name.
pub type Params = BTreeMap<String, ParamValue>;

/// The one figure that lists show and sort by.
#[derive(Debug, Clone, PartialEq)]
pub struct Headline {
    /// Which figure, such as `auc`.
    pub metric: String,
    /// The model's; none where it does not exist.
    pub value: Option<f64>,
    /// The naive method's, on the same rows.
    pub baseline: Option<f64>,
    /// Whether more is better.
    pub is_higher_better: bool,
}

/// Which rows a run learned from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunData {
    /// How many.
    pub n_rows: u64,
    /// Their fingerprint.
    pub fingerprint: String,
    /// The instant as of which they were true, if they have one.
    pub as_of: Option<Timestamp>,
}

/// A training or search.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Identifier.
    pub id: RunId,
    /// Name to show.
    pub name: String,
    /// What is learned, such as `segment`.
    pub task: String,
    /// By which method, such as `kmeans`.
    pub model: String,
    /// Where it stands.
    pub status: RunStatus,
    /// Labels.
    pub tags: Vec<String>,
    /// Seed.
    pub seed: u64,
    /// Parameters.
    pub params: Params,
    /// What it learned from, once known.
    pub data: Option<RunData>,
    /// Version of the code.
    pub code_version: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was last heard of.
    pub updated_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// How long it took, in seconds.
    pub seconds: Option<f64>,
    /// Why it failed.
    pub error: Option<String>,
    /// The figure that lists show.
    pub headline: Option<Headline>,
    /// Trials of its search.
    pub n_trials: u64,
    /// Whether an evaluation was kept.
    pub has_evaluation: bool,
    /// The search that it is one trial of.
    pub parent_id: Option<RunId>,
    /// The job that it runs in.
    pub job_id: Option<JobId>,
}

/// What a curve came to.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricSummary {
    /// Name of the curve.
    pub name: String,
    /// Its last step.
    pub step: u64,
    /// Its last value; none where that is no finite number.
    pub value: Option<f64>,
    /// Its least finite value.
    pub least: Option<f64>,
    /// Its greatest finite value.
    pub greatest: Option<f64>,
    /// Points.
    pub n_points: u64,
}

/// The model that came of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunModel {
    /// What it does.
    pub kind: String,
    /// Its number among those of its kind.
    pub version: u64,
    /// Where it stands in the registry.
    pub stage: ModelStage,
}
