//! How a search is set up.

use serde::{Deserialize, Serialize};

use super::{Budget, Sampler, Scheduler, SearchError, Space, Study};
use crate::{Check, Context};

/// Which values are better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Small ones, as of losses.
    #[default]
    Minimize,
    /// Large ones, as of scores.
    Maximize,
}

impl Direction {
    /// The value as a loss, which is better when smaller.
    pub(super) fn loss(self, value: f64) -> f64 {
        match self {
            Self::Minimize => value,
            Self::Maximize => -value,
        }
    }
}

/// A search before it starts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SearchParams {
    /// What to choose.
    pub space: Space,
    /// Which values are better. Default: small ones.
    pub direction: Direction,
    /// Who proposes. Default [`Sampler::Auto`].
    pub sampler: Sampler,
    /// Who stops hopeless trials. Default nobody.
    pub scheduler: Scheduler,
    /// How much may be tried.
    pub budget: Budget,
}

/// Checked [`SearchParams`].
#[derive(Debug, Clone, PartialEq)]
pub struct ValidSearchParams(SearchParams);

impl SearchParams {
    /// The defaults for a space and a budget.
    pub fn new(space: Space, budget: Budget) -> Self {
        Self {
            space,
            direction: Direction::default(),
            sampler: Sampler::default(),
            scheduler: Scheduler::default(),
            budget,
        }
    }
}

impl Check for SearchParams {
    type Valid = ValidSearchParams;
    type Error = SearchError;

    fn check(self) -> Result<ValidSearchParams, SearchError> {
        self.space.require_valid()?;
        self.sampler.require_valid(&self.space)?;
        self.scheduler.require_valid()?;
        self.budget.require_valid()?;
        Ok(ValidSearchParams(self))
    }
}

impl ValidSearchParams {
    /// A study without trials. All its chance comes from the context's seed.
    pub fn start(self, context: &Context<'_>) -> Study {
        Study::new(self.0, context.seed)
    }
}
