//! Boosted trees over the features of pairs; several with seeds of their own, averaged.

use rapport_learn::boosting::{
    BoostedTrees, BoostingData, BoostingParams, Loss, RowSampling, ValidBoostingParams,
};
use rapport_learn::table::Kind;
use rapport_learn::{Check, Context, Fit, Matrix};
use serde::{Deserialize, Serialize};

use crate::IdentityError;

/// How trees are boosted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TreeParams {
    /// Trees of one seed.
    pub n_rounds: usize,
    /// Share of each tree's step that is taken.
    pub learning_rate: f64,
    /// Leaves of a tree at most.
    pub max_leaves: usize,
    /// Pairs in a leaf at least.
    pub min_samples_leaf: usize,
    /// Penalty on the squared values of leaves.
    pub lambda: f64,
    /// Share of the features that a tree may use.
    pub column_share: f64,
    /// Share of the pairs that a tree sees.
    pub row_share: f64,
}

impl Default for TreeParams {
    fn default() -> Self {
        Self {
            n_rounds: 300,
            learning_rate: 0.05,
            max_leaves: 16,
            min_samples_leaf: 5,
            lambda: 1.0,
            column_share: 0.25,
            row_share: 0.8,
        }
    }
}

impl TreeParams {
    pub(super) fn check(&self) -> Result<ValidBoostingParams, IdentityError> {
        let params = BoostingParams {
            max_leaves: self.max_leaves,
            min_samples_leaf: self.min_samples_leaf,
            lambda: self.lambda,
            column_share: self.column_share,
            row_sampling: RowSampling::Share(self.row_share),
            max_bins: 64,
            ..BoostingParams::new(Loss::Logistic)
        };
        let params = params
            .n_rounds(self.n_rounds)
            .learning_rate(self.learning_rate);
        Ok(params.check()?)
    }
}

/// Boosts the trees of one seed.
pub(super) fn fit(
    params: &ValidBoostingParams,
    records: &Matrix,
    outcomes: &[bool],
    context: &Context<'_>,
) -> Result<BoostedTrees, IdentityError> {
    let targets: Vec<f64> = outcomes.iter().map(|&outcome| f64::from(outcome)).collect();
    let kinds = vec![Kind::Numeric; records.n_columns()];
    let data = BoostingData::new(records, &kinds, &targets);
    Ok(params.fit(&data, context)?)
}

/// Log odds, `(n_pairs,)`.
pub(super) fn log_odds(trees: &BoostedTrees, records: &Matrix) -> Result<Vec<f64>, IdentityError> {
    Ok(trees.predict_scores(records)?.column(0).collect())
}
