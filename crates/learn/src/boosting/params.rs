//! How to boost trees, and which settings are refused.

use serde::{Deserialize, Serialize};

use super::Loss;
use crate::{Check, LearnError};

/// No path is longer than this. A set of the features on a path thereby fits into 128 bits, which
/// explanations use; a deeper tree has no statistical use.
pub(super) const DEPTH_LIMIT: usize = 128;

/// How to boost trees. The defaults are LightGBM's unless said otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BoostingParams {
    /// What to make small.
    pub loss: Loss,
    /// Rounds at most; each adds one tree per output. Default 100.
    pub n_rounds: usize,
    /// Share of each tree's step that is taken, in (0, 1]. Default 0.1.
    pub learning_rate: f64,
    /// Leaves per tree at most. Default 31.
    pub max_leaves: usize,
    /// Splits on a path at most, 1 to 128. Default 128.
    pub max_depth: usize,
    /// Rows on either side of a split at least. Default 20.
    pub min_samples_leaf: usize,
    /// Summed second derivatives on either side of a split at least. Default 0.001.
    pub min_child_weight: f64,
    /// What a split must gain at least. Default 0.
    pub min_split_gain: f64,
    /// Penalty on the squared values of leaves. Default 0.
    pub lambda: f64,
    /// Different values that are told apart per column at most, 2 to 255. Default 255.
    pub max_bins: usize,
    /// Which rows each round looks at. Default all.
    pub row_sampling: RowSampling,
    /// Share of the columns that each tree may use, in (0, 1]. Default 1.
    pub column_share: f64,
    /// What is known of the direction of each column's effect; empty means nothing of any.
    pub monotone: Vec<Monotone>,
    /// How much classes count, for the losses that have classes. Default alike.
    pub class_weights: ClassWeights,
    /// How columns of categories are split.
    pub categories: CategoryParams,
    /// Stop when this many rounds brought nothing on validation rows, if there are any. Default
    /// never.
    pub early_stopping_rounds: Option<usize>,
}

/// Which rows a round looks at.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowSampling {
    /// All of them.
    All,
    /// This share of them, in (0, 1], drawn anew each round.
    Share(f64),
    /// Those with the largest gradients and a draw of the others, which count more in turn
    /// (gradient-based one-side sampling; Ke et al. 2017).
    Goss {
        /// Share of the rows that is taken for its gradients.
        top: f64,
        /// Share of the rows that is drawn from the others.
        other: f64,
    },
}

/// What is known of the direction of a column's effect on the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Monotone {
    /// Nothing.
    Free,
    /// A larger value never lowers the score.
    Increasing,
    /// A larger value never raises the score.
    Decreasing,
}

/// How much classes count; the weights of rows are multiplied by it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClassWeights {
    /// All rows alike.
    Alike,
    /// All classes alike: the rarer, the more a row counts.
    Balanced,
    /// One weight per class.
    Given(Vec<f64>),
}

/// How columns of categories are split (Fisher 1958; the settings are LightGBM's).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CategoryParams {
    /// Up to this many categories in a leaf, one is split from the rest. Default 4.
    pub one_hot_up_to: usize,
    /// Added to a category's summed second derivatives when categories are ranked; rarer ones
    /// than this many rows are not ranked. Default 10.
    pub smoothing: f64,
    /// Added to `lambda` for sets of categories. Default 10.
    pub lambda: f64,
    /// Categories in the smaller set at most. Default 32.
    pub max_set: usize,
    /// Rows that a set grows by at least, and that the rest keeps. Default 100.
    pub min_samples: usize,
}

/// Checked [`BoostingParams`].
#[derive(Debug, Clone, PartialEq)]
pub struct ValidBoostingParams(pub(super) BoostingParams);

impl Default for CategoryParams {
    fn default() -> Self {
        Self {
            one_hot_up_to: 4,
            smoothing: 10.0,
            lambda: 10.0,
            max_set: 32,
            min_samples: 100,
        }
    }
}

impl BoostingParams {
    /// The defaults for a loss.
    pub fn new(loss: Loss) -> Self {
        Self {
            loss,
            n_rounds: 100,
            learning_rate: 0.1,
            max_leaves: 31,
            max_depth: DEPTH_LIMIT,
            min_samples_leaf: 20,
            min_child_weight: 1e-3,
            min_split_gain: 0.0,
            lambda: 0.0,
            max_bins: 255,
            row_sampling: RowSampling::All,
            column_share: 1.0,
            monotone: Vec::new(),
            class_weights: ClassWeights::Alike,
            categories: CategoryParams::default(),
            early_stopping_rounds: None,
        }
    }

    /// The same with other numbers of rounds.
    #[must_use]
    pub fn n_rounds(self, n_rounds: usize) -> Self {
        Self { n_rounds, ..self }
    }

    /// The same with another learning rate.
    #[must_use]
    pub fn learning_rate(self, learning_rate: f64) -> Self {
        Self {
            learning_rate,
            ..self
        }
    }

    fn check_counts(&self) -> Result<(), LearnError> {
        let counts = [
            ("n_rounds", self.n_rounds, 1..=usize::MAX, "use at least 1"),
            (
                "max_leaves",
                self.max_leaves,
                2..=usize::MAX,
                "use at least 2",
            ),
            ("max_depth", self.max_depth, 1..=DEPTH_LIMIT, "use 1 to 128"),
            (
                "min_samples_leaf",
                self.min_samples_leaf,
                1..=usize::MAX,
                "use at least 1",
            ),
            ("max_bins", self.max_bins, 2..=255, "use 2 to 255"),
            (
                "max_set",
                self.categories.max_set,
                1..=usize::MAX,
                "use at least 1",
            ),
            (
                "early_stopping_rounds",
                self.early_stopping_rounds.unwrap_or(1),
                1..=usize::MAX,
                "use at least 1",
            ),
        ];
        for (name, value, range, allowed) in counts {
            if !range.contains(&value) {
                return Err(refused(name, value, allowed));
            }
        }
        Ok(())
    }

    fn check_numbers(&self) -> Result<(), LearnError> {
        let shares = [
            ("learning_rate", self.learning_rate),
            ("column_share", self.column_share),
        ];
        for (name, value) in shares {
            if !is_share(value) {
                return Err(refused(name, value, "use a number above 0, up to 1"));
            }
        }
        let from_zero = [
            ("min_child_weight", self.min_child_weight),
            ("min_split_gain", self.min_split_gain),
            ("lambda", self.lambda),
            ("smoothing", self.categories.smoothing),
            ("categories' lambda", self.categories.lambda),
        ];
        for (name, value) in from_zero {
            if !(value >= 0.0 && value.is_finite()) {
                return Err(refused(name, value, "use a number from 0 up"));
            }
        }
        Ok(())
    }

    fn check_loss(&self) -> Result<(), LearnError> {
        match self.loss {
            Loss::Softmax { n_classes } if n_classes < 2 => {
                Err(refused("n_classes", n_classes, "use at least 2"))
            }
            Loss::Softmax { .. } if self.monotone.iter().any(|m| *m != Monotone::Free) => {
                Err(refused(
                    "monotone",
                    "set",
                    "classes compete, so a direction means nothing here; leave it empty",
                ))
            }
            Loss::Quantile { level } if !(level > 0.0 && level < 1.0) => {
                Err(refused("level", level, "use a number between 0 and 1"))
            }
            _ => Ok(()),
        }
    }

    fn check_sampling(&self) -> Result<(), LearnError> {
        match self.row_sampling {
            RowSampling::Share(share) if !is_share(share) => {
                Err(refused("row share", share, "use a number above 0, up to 1"))
            }
            RowSampling::Goss { top, other }
                if !(is_share(top) && is_share(other) && top + other <= 1.0) =>
            {
                Err(refused(
                    "top and other",
                    format!("{top} and {other}"),
                    "use shares above 0 that together are at most 1",
                ))
            }
            _ => Ok(()),
        }
    }

    fn check_class_weights(&self) -> Result<(), LearnError> {
        let weights = match (&self.class_weights, self.loss.n_classes()) {
            (ClassWeights::Alike, _) | (ClassWeights::Balanced, Some(_)) => return Ok(()),
            (ClassWeights::Given(weights), Some(n)) if weights.len() == n => weights,
            (ClassWeights::Given(weights), Some(_)) => {
                return Err(refused(
                    "class_weights",
                    weights.len(),
                    "give one per class",
                ));
            }
            (_, None) => {
                return Err(refused(
                    "class_weights",
                    "set",
                    "the loss has no classes; weight rows instead",
                ));
            }
        };
        match weights.iter().find(|w| !(w.is_finite() && **w > 0.0)) {
            Some(weight) => Err(refused("class_weights", weight, "use numbers above 0")),
            None => Ok(()),
        }
    }
}

impl Check for BoostingParams {
    type Valid = ValidBoostingParams;
    type Error = LearnError;

    fn check(self) -> Result<ValidBoostingParams, LearnError> {
        self.check_counts()?;
        self.check_numbers()?;
        self.check_loss()?;
        self.check_sampling()?;
        self.check_class_weights()?;
        Ok(ValidBoostingParams(self))
    }
}

impl ValidBoostingParams {
    /// The parameters, known to be in range.
    pub fn get(&self) -> &BoostingParams {
        &self.0
    }
}

fn is_share(value: f64) -> bool {
    value > 0.0 && value <= 1.0
}

fn refused(name: &'static str, value: impl ToString, allowed: &'static str) -> LearnError {
    LearnError::Parameter {
        name,
        value: value.to_string(),
        allowed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(change: impl FnOnce(&mut BoostingParams)) -> Option<&'static str> {
        let mut params = BoostingParams::new(Loss::Logistic);
        change(&mut params);
        match params.check() {
            Ok(_) => None,
            Err(LearnError::Parameter { name, .. }) => Some(name),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn the_defaults_are_accepted() {
        assert_eq!(check(|_| ()), None);
    }

    #[test]
    fn a_parameter_out_of_range_is_named() {
        assert_eq!(check(|p| p.n_rounds = 0), Some("n_rounds"));
        assert_eq!(check(|p| p.max_leaves = 1), Some("max_leaves"));
        assert_eq!(check(|p| p.max_depth = 129), Some("max_depth"));
        assert_eq!(check(|p| p.max_bins = 256), Some("max_bins"));
        assert_eq!(check(|p| p.learning_rate = 0.0), Some("learning_rate"));
        assert_eq!(check(|p| p.lambda = -1.0), Some("lambda"));
        assert_eq!(
            check(|p| p.min_split_gain = f64::NAN),
            Some("min_split_gain")
        );
        assert_eq!(
            check(|p| p.early_stopping_rounds = Some(0)),
            Some("early_stopping_rounds")
        );
        assert_eq!(
            check(|p| p.loss = Loss::Quantile { level: 1.0 }),
            Some("level")
        );
        assert_eq!(
            check(|p| p.loss = Loss::Softmax { n_classes: 1 }),
            Some("n_classes")
        );
    }

    #[test]
    fn shares_of_rows_leave_some() {
        let goss = |top, other| RowSampling::Goss { top, other };

        assert_eq!(check(|p| p.row_sampling = goss(0.2, 0.1)), None);
        assert_eq!(
            check(|p| p.row_sampling = goss(0.8, 0.3)),
            Some("top and other")
        );
        assert_eq!(
            check(|p| p.row_sampling = RowSampling::Share(0.0)),
            Some("row share")
        );
    }

    #[test]
    fn class_weights_need_classes_and_one_each() {
        let given = |weights: &[f64]| ClassWeights::Given(weights.to_vec());

        assert_eq!(check(|p| p.class_weights = given(&[1.0, 5.0])), None);
        assert_eq!(
            check(|p| p.class_weights = given(&[1.0])),
            Some("class_weights")
        );
        assert_eq!(
            check(|p| p.class_weights = given(&[1.0, 0.0])),
            Some("class_weights")
        );
        let without_classes = check(|p| {
            p.loss = Loss::Squared;
            p.class_weights = ClassWeights::Balanced;
        });
        assert_eq!(without_classes, Some("class_weights"));
    }

    #[test]
    fn classes_that_compete_have_no_direction() {
        let refused = check(|p| {
            p.loss = Loss::Softmax { n_classes: 3 };
            p.monotone = vec![Monotone::Free, Monotone::Increasing];
        });

        assert_eq!(refused, Some("monotone"));
    }
}
