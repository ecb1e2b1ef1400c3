//! Probabilities that something happens, from tables of numbers and categories.
//!
//! [`ScorerParams`] are checked and fit a [`Table`] with an outcome per row: by
//! logistic regression, by boosted trees, or by whatever proves best on rows that are held back, the
//! blend of both included. Settings are chosen on held-back rows, too, never on test rows.

mod choose;
mod error;
mod fit;
mod folder;
mod linear;
mod trees;

use serde::{Deserialize, Serialize};

use crate::stacking::Blender;
use crate::table::Table;
use crate::{Check, LearnError, Matrix};

pub use error::ScorerError;
pub use fit::{Fitted, Rows};

use linear::LinearScorer;
use trees::TreeScorer;

/// The way to score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScorerMethod {
    /// Whatever has the least log loss on held-back rows: one of the others, or their blend.
    #[default]
    Auto,
    /// Logistic regression on categories, numbers and bins of numbers.
    Logistic,
    /// Gradient-boosted trees.
    BoostedTrees,
}

/// How to score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScorerParams {
    /// The way to score. Default auto.
    pub method: ScorerMethod,
    /// Share of the training rows that is held back to choose on, where no other rows are given for
    /// that. Default 0.2.
    pub held_back: f64,
    /// Trees at most. Default 2,000; most fits stop much earlier.
    pub n_rounds: usize,
}

/// Checked [`ScorerParams`].
#[derive(Debug, Clone, PartialEq)]
pub struct ValidScorerParams(ScorerParams);

impl Default for ScorerParams {
    fn default() -> Self {
        Self {
            method: ScorerMethod::Auto,
            held_back: 0.2,
            n_rounds: 2_000,
        }
    }
}

impl Check for ScorerParams {
    type Valid = ValidScorerParams;
    type Error = LearnError;

    fn check(self) -> Result<ValidScorerParams, LearnError> {
        if !(self.held_back > 0.0 && self.held_back < 1.0) {
            return Err(LearnError::Parameter {
                name: "held_back",
                value: self.held_back.to_string(),
                allowed: "a share lies between 0 and 1, both excluded",
            });
        }
        if self.n_rounds == 0 {
            return Err(LearnError::Parameter {
                name: "n_rounds",
                value: "0".into(),
                allowed: "boosting takes at least 1 round",
            });
        }
        Ok(ValidScorerParams(self))
    }
}

/// A fitted scorer. Columns of a table are found by name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scorer {
    params: ScorerParams,
    seed: u64,
    /// Names of the columns in training, in their order.
    columns: Vec<String>,
    n_rows: u64,
    fingerprint: String,
    model: Model,
}

/// What answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
enum Model {
    Logistic {
        linear: LinearScorer,
    },
    BoostedTrees {
        trees: TreeScorer,
    },
    Blend {
        linear: LinearScorer,
        trees: TreeScorer,
        blender: Blender,
    },
}

impl Scorer {
    /// What answers: `logistic`, `boosted_trees` or `stacked`.
    pub fn name(&self) -> &'static str {
        match &self.model {
            Model::Logistic { .. } => "logistic",
            Model::BoostedTrees { .. } => "boosted_trees",
            Model::Blend { .. } => "stacked",
        }
    }

    /// The columns that rows must have.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Probability that it happens, `(n_rows,)`, each in `[0, 1]`.
    ///
    /// # Errors
    /// [`ScorerError::Table`] for a column that is missing or of another kind.
    pub fn predict(&self, table: &Table) -> Result<Vec<f64>, ScorerError> {
        match &self.model {
            Model::Logistic { linear } => linear.predict(table),
            Model::BoostedTrees { trees } => trees.predict(table),
            Model::Blend {
                linear,
                trees,
                blender,
            } => choose::blend(blender, &linear.predict(table)?, &trees.predict(table)?),
        }
    }

    /// What columns weigh, the heaviest first: the share of the trees' gain, where there are trees.
    pub fn importances(&self) -> Vec<(String, f64)> {
        match &self.model {
            Model::Logistic { .. } => Vec::new(),
            Model::BoostedTrees { trees } | Model::Blend { trees, .. } => trees.importances(),
        }
    }
}

/// Both classes' probabilities, `(n_rows, 2)`.
fn both(probabilities: &[f64]) -> Matrix {
    let values = probabilities.iter().flat_map(|&p| [1.0 - p, p]).collect();
    Matrix::new(probabilities.len(), 2, values).expect("two values per row")
}

#[cfg(test)]
mod tests;
