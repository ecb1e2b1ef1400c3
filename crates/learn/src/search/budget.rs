//! When a search has tried enough.

use serde::{Deserialize, Serialize};

use super::{SearchError, Trial};

/// How much may be tried. Seconds are the deadline of the [`Context`](crate::Context).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Budget {
    /// The most trials, failed and stopped ones included.
    pub n_trials: u64,
    /// No trial starts once the trials so far cost so much, in the unit of
    /// [`Study::charge`](super::Study::charge); `None` for no limit.
    pub cost: Option<f64>,
}

impl Budget {
    /// So many trials, whatever they cost.
    pub fn trials(n_trials: u64) -> Self {
        Self {
            n_trials,
            cost: None,
        }
    }

    /// The same with a limit on the cost.
    #[must_use]
    pub fn with_cost(self, cost: f64) -> Self {
        Self {
            cost: Some(cost),
            ..self
        }
    }

    pub(super) fn require_valid(&self) -> Result<(), SearchError> {
        if self.n_trials == 0 {
            return Err(SearchError::Setting {
                name: "n_trials",
                value: "0".into(),
                allowed: "a search takes at least 1 trial",
            });
        }
        match self.cost {
            Some(cost) if !(cost > 0.0 && cost.is_finite()) => Err(SearchError::Setting {
                name: "cost",
                value: cost.to_string(),
                allowed: "a limit on the cost is a finite number above 0",
            }),
            _ => Ok(()),
        }
    }

    pub(super) fn is_spent(&self, trials: &[Trial]) -> bool {
        let cost: f64 = trials.iter().map(|trial| trial.cost).sum();
        trials.len() as u64 >= self.n_trials || self.cost.is_some_and(|limit| cost >= limit)
    }
}
