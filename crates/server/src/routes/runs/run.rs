//! A run as the API shows it.

use std::collections::BTreeMap;

use rapport_store::runs;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::Meta;
use crate::wire::{ModelStage, RunStatus, Time, without_folders};

/// A training or search.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RunSummary {
    /// Identifier.
    pub(crate) id: Uuid,
    /// Name to show.
    pub(crate) name: String,
    /// What is learned, such as `segment`.
    pub(crate) task: String,
    /// By which method, such as `kmeans`.
    pub(crate) model: String,
    /// Where it stands.
    pub(crate) status: RunStatus,
    /// Labels.
    pub(crate) tags: Vec<String>,
    /// Seed.
    pub(crate) seed: u64,
    /// When it began.
    pub(crate) started_at: Time,
    /// When it ended.
    pub(crate) finished_at: Option<Time>,
    /// How long it took, in seconds.
    pub(crate) seconds: Option<f64>,
    /// Why it failed.
    pub(crate) error: Option<String>,
    /// The figure that lists show and sort by.
    pub(crate) headline: Option<Headline>,
    /// What its curves came to, by name.
    pub(crate) metrics: Vec<RunMetric>,
    /// Trials of its search.
    pub(crate) n_trials: u64,
    /// The search that it is one trial of.
    pub(crate) parent_id: Option<Uuid>,
    /// The job that it runs in.
    pub(crate) job_id: Option<Uuid>,
    /// The model that came of it.
    pub(crate) model_version: Option<RunModelVersion>,
}

/// The one figure of a run that lists show.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Headline {
    /// Which figure, such as `auc`.
    metric: String,
    /// The model's; none where it does not exist.
    value: Option<f64>,
    /// The naive method's, on the same rows.
    baseline: Option<f64>,
    /// Whether more is better.
    higher_is_better: bool,
}

/// What a curve came to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RunMetric {
    /// Name of the curve.
    name: String,
    /// Its last step.
    step: u64,
    /// Its last value; none where that is no finite number.
    value: Option<f64>,
    /// Its least value.
    min: Option<f64>,
    /// Its greatest value.
    max: Option<f64>,
    /// Points.
    n_points: u64,
}

/// The model that came of a run.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RunModelVersion {
    /// What it does, such as `segment`.
    kind: String,
    /// Its number among those of its kind.
    version: u64,
    /// Where it stands.
    stage: ModelStage,
}

/// A page of runs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunList {
    /// The runs.
    pub(crate) runs: Vec<RunSummary>,
    /// Where the list goes on.
    pub(crate) meta: Meta,
}

/// A run with all that it was set to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunDetail {
    #[serde(flatten)]
    run: RunSummary,
    /// Parameters by name.
    params: BTreeMap<String, RunParam>,
    /// What it learned from, once known.
    data: Option<RunData>,
    /// Version of the code.
    code_version: String,
    /// Whether it has an evaluation.
    has_evaluation: bool,
}

/// The value of a parameter.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum RunParam {
    /// Yes or no.
    Boolean(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// Several texts.
    Texts(Vec<String>),
}

/// Which rows a run learned from.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunData {
    /// How many.
    n_rows: u64,
    /// Their fingerprint.
    fingerprint: String,
    /// The instant as of which they were true, if they have one.
    as_of: Option<Time>,
}

/// Runs side by side.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunComparison {
    /// The runs, in the order asked for.
    pub(crate) runs: Vec<RunDetail>,
}

impl From<runs::RunRow> for RunSummary {
    fn from(row: runs::RunRow) -> Self {
        let run = row.run;
        Self {
            id: run.id.0,
            name: run.name,
            task: run.task,
            model: run.model,
            status: run.status.into(),
            tags: run.tags,
            seed: run.seed,
            started_at: Time(run.started_at),
            finished_at: run.finished_at.map(Time),
            seconds: run.seconds,
            error: run.error.as_deref().map(without_folders),
            headline: run.headline.map(Headline::from),
            metrics: row.metrics.into_iter().map(RunMetric::from).collect(),
            n_trials: run.n_trials,
            parent_id: run.parent_id.map(|id| id.0),
            job_id: run.job_id.map(|id| id.0),
            model_version: row.model_version.map(|found| RunModelVersion {
                kind: found.kind,
                version: found.version,
                stage: found.stage.into(),
            }),
        }
    }
}

impl From<runs::Headline> for Headline {
    fn from(headline: runs::Headline) -> Self {
        Self {
            metric: headline.metric,
            value: headline.value,
            baseline: headline.baseline,
            higher_is_better: headline.is_higher_better,
        }
    }
}

impl From<runs::MetricSummary> for RunMetric {
    fn from(summary: runs::MetricSummary) -> Self {
        Self {
            name: summary.name,
            step: summary.step,
            value: summary.value,
            min: summary.least,
            max: summary.greatest,
            n_points: summary.n_points,
        }
    }
}

impl From<runs::RunRow> for RunDetail {
    fn from(mut row: runs::RunRow) -> Self {
        let params = std::mem::take(&mut row.run.params);
        let data = row.run.data.take();
        Self {
            params: write_params(params),
            data: data.map(|data| RunData {
                n_rows: data.n_rows,
                fingerprint: data.fingerprint,
                as_of: data.as_of.map(Time),
            }),
            code_version: row.run.code_version.clone(),
            has_evaluation: row.run.has_evaluation,
            run: row.into(),
        }
    }
}

/// Parameters in their wire form.
pub(super) fn write_params(params: runs::Params) -> BTreeMap<String, RunParam> {
    let value = |value: runs::ParamValue| match value {
        runs::ParamValue::Boolean(value) => RunParam::Boolean(value),
        runs::ParamValue::Number(value) => RunParam::Number(value),
        runs::ParamValue::Text(value) => RunParam::Text(value),
        runs::ParamValue::Texts(value) => RunParam::Texts(value),
    };
    let params = params.into_iter();
    params.map(|(name, found)| (name, value(found))).collect()
}
