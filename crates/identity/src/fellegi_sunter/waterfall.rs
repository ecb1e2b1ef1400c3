//! Why two records match, step by step: from the prior through every field to the probability.

use crate::compare::Level;

/// What one field adds.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The field's name.
    pub field: String,
    /// How alike its values are.
    pub level: Level,
    /// Bits for the level.
    pub weight: f64,
    /// Bits more, or less, because the value is rare, or common.
    pub rareness: f64,
}

/// The way from the prior odds to the probability of a match.
#[derive(Debug, Clone, PartialEq)]
pub struct Waterfall {
    /// Bits before anything is compared: how rarely two records match at all.
    pub prior: f64,
    /// A step per field, in the order of the fields.
    pub steps: Vec<Step>,
    /// Bits taken off because several fields agree on one subject (a name, a place); 0 or less.
    pub dependence: f64,
    /// The sum of all, in bits: the log odds of a match.
    pub total: f64,
    /// The same as a probability, 0 to 1.
    pub probability: f64,
}

impl Waterfall {
    pub(super) fn new(prior: f64, steps: Vec<Step>, total: f64) -> Self {
        let plain = prior + steps.iter().map(|step| step.weight + step.rareness).sum::<f64>();
        Self {
            dependence: total - plain,
            prior,
            steps,
            total,
            probability: probability(total),
        }
    }
}

/// The probability of log odds in bits.
pub(crate) fn probability(bits: f64) -> f64 {
    1.0 / (1.0 + (-bits).exp2())
}
