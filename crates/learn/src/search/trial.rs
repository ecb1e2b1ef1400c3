//! One try of one set of values.

use serde::{Deserialize, Serialize};

use super::Assignment;

/// A value on the way, such as the loss after some epochs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// How far: epochs, trees, rows.
    pub step: u64,
    /// The value there.
    pub value: f64,
}

/// Where a trial stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrialState {
    /// Asked for, not yet told.
    Running,
    /// It came to an end.
    Finished {
        /// Its value.
        value: f64,
    },
    /// The scheduler stopped it early.
    Stopped,
    /// It gave no value.
    Failed {
        /// Why.
        reason: String,
    },
}

/// One try, with all that is known of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// Its number, from 0, in the order of asking.
    pub id: u64,
    /// What was tried.
    pub parameters: Assignment,
    /// Values on the way, steps ascending.
    pub reports: Vec<Report>,
    /// What it cost so far.
    pub cost: f64,
    /// Where it stands.
    pub state: TrialState,
}

impl Trial {
    /// Its value, if it finished.
    pub fn value(&self) -> Option<f64> {
        match self.state {
            TrialState::Finished { value } => Some(value),
            _ => None,
        }
    }
}

/// How a trial ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// With a value. One that is not finite counts as failed.
    Value(f64),
    /// Early, because the scheduler said so.
    Stopped,
    /// Without a value, for this reason.
    Failed(String),
}

impl From<f64> for Outcome {
    fn from(value: f64) -> Self {
        Self::Value(value)
    }
}

impl<E: std::fmt::Display> From<Result<f64, E>> for Outcome {
    fn from(result: Result<f64, E>) -> Self {
        match result {
            Ok(value) => Self::Value(value),
            Err(error) => Self::Failed(error.to_string()),
        }
    }
}

impl From<Outcome> for TrialState {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Value(value) if value.is_finite() => Self::Finished { value },
            Outcome::Value(value) => Self::Failed {
                reason: format!("the objective is {value}, which is no finite number"),
            },
            Outcome::Stopped => Self::Stopped,
            Outcome::Failed(reason) => Self::Failed { reason },
        }
    }
}
