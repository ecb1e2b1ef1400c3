//! A trial as the API shows it.

use std::collections::BTreeMap;

use rapport_store::runs;
use serde::Serialize;
use utoipa::ToSchema;

use super::run::{RunParam, write_params};
use crate::respond::Meta;
use crate::wire::{TrialStatus, without_folders};

/// One try of one set of values.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Trial {
    /// Its number, from 0.
    number: u64,
    /// Where it stands.
    status: TrialStatus,
    /// What was tried.
    params: BTreeMap<String, RunParam>,
    /// Its value, once it finished.
    value: Option<f64>,
    /// What it cost, in the search's own unit.
    cost: f64,
    /// Values on the way.
    reports: Vec<TrialReport>,
    /// Why it failed.
    error: Option<String>,
}

/// A value on the way.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TrialReport {
    /// How far.
    step: u64,
    /// The value there.
    value: f64,
}

/// A page of trials.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TrialList {
    /// The trials.
    pub(super) trials: Vec<Trial>,
    /// Where the list goes on.
    pub(super) meta: Meta,
}

impl From<runs::Trial> for Trial {
    fn from(trial: runs::Trial) -> Self {
        let report = |report: &runs::TrialReport| TrialReport {
            step: report.step,
            value: report.value,
        };
        Self {
            number: trial.number,
            status: trial.status.into(),
            params: write_params(trial.params),
            value: trial.value,
            cost: trial.cost,
            reports: trial.reports.iter().map(report).collect(),
            error: trial.error.as_deref().map(without_folders),
        }
    }
}
