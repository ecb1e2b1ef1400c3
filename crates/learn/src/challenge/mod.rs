//! A new model against the one in service: comparisons that may be looked at any time.
//!
//! A usual test promises its error rate for one look at a sample size fixed in advance; whoever
//! looks daily and stops at the first success is wrong far more often. The tests here hold their
//! promise over all looks together, forever: [`BettingSequence`] for bounded losses, without any
//! assumption about their distribution, and [`NormalSequence`] for losses that are nearly normal.
//! [`Challenge`] joins two of them to the rule of promotion: better than the champion *and* than
//! the baseline.

mod betting;
mod error;
mod normal;
mod promotion;

pub use betting::BettingSequence;
pub use error::ChallengeError;
pub use normal::{NormalSequence, Variance};
pub use promotion::{Challenge, ChallengeParams, Losses, Refusal, ValidChallengeParams, Verdict};

use serde::{Deserialize, Serialize};

/// A range that holds a mean, at every look at once, with the probability promised.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

impl Interval {
    /// Whether it holds the value.
    pub fn contains(&self, value: f64) -> bool {
        self.lower <= value && value <= self.upper
    }
}

/// Refuses an error rate that promises nothing or everything.
fn require_alpha(alpha: f64) -> Result<(), ChallengeError> {
    if alpha > 0.0 && alpha < 1.0 {
        return Ok(());
    }
    Err(ChallengeError::Parameter {
        name: "alpha",
        value: alpha,
        allowed: "an error rate lies between 0 and 1, both excluded; 0.05 is usual",
    })
}

#[cfg(test)]
mod tests;
