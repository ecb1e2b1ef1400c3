//! Boosted trees on a table: categories by number, missing values as they are.

use serde::{Deserialize, Serialize};

use super::{Rows, ScorerError};
use crate::boosting::{
    BoostedTrees, BoostingData, BoostingLog, BoostingParams, CATEGORY_LIMIT, Loss,
};
use crate::runs::{RunSink, Told};
use crate::table::{Column, Kind, Table};
use crate::transform::{CategoryEncoding, Ordinal, TableEncoder, TableEncoderParams};
use crate::{Check, Context, Fit, Matrix, Predict};

/// Leaves of a tree that are tried.
const LEAVES: [usize; 3] = [8, 16, 31];
/// Rounds without a better loss on held-back rows before a fit stops.
const PATIENCE: usize = 50;
const LEARNING_RATE: f64 = 0.05;
/// Name of the curve that a run is told.
const CURVE: &str = "held_back_log_loss";

/// From a table to numbers, and the trees over them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct TreeScorer {
    encoder: TableEncoder,
    trees: BoostedTrees,
    max_leaves: usize,
}

impl TreeScorer {
    /// Fits with the number of leaves and of trees that has the least log loss on the held-back rows.
    pub(super) fn choose(
        train: Rows<'_>,
        held: Rows<'_>,
        n_rounds: usize,
        run: &dyn RunSink,
        context: &Context<'_>,
    ) -> Result<Self, ScorerError> {
        let (encoder, records) = encode(train.table, context)?;
        let held_records = encoder.encode(held.table)?;
        let kinds = kinds(train.table);
        let (targets, held_targets) = (numbers(train.outcomes), numbers(held.outcomes));
        let data = BoostingData::new(&records, &kinds, &targets);
        let validation = BoostingData::new(&held_records, &kinds, &held_targets);
        let mut best: Option<(f64, usize, BoostedTrees, BoostingLog)> = None;
        for max_leaves in LEAVES {
            let (trees, log) = params(n_rounds, max_leaves).check()?.fit_with_validation(
                &data,
                &validation,
                context,
            )?;
            let losses = &log.validation_losses;
            let loss = losses.iter().copied().fold(f64::INFINITY, f64::min);
            if best.as_ref().is_none_or(|(least, ..)| loss < *least) {
                best = Some((loss, max_leaves, trees, log));
            }
        }
        let (_, max_leaves, trees, log) = best.expect("at least one number of leaves is tried");
        for (step, &value) in (1..).zip(&log.validation_losses) {
            run.tell(Told::Point {
                metric: CURVE,
                step,
                value,
            });
        }
        Ok(Self {
            encoder,
            trees,
            max_leaves,
        })
    }

    /// The same settings on other rows: as many more trees as there are more rows.
    pub(super) fn again(
        &self,
        rows: Rows<'_>,
        n_rows_before: usize,
        context: &Context<'_>,
    ) -> Result<Self, ScorerError> {
        let (encoder, records) = encode(rows.table, context)?;
        let growth = rows.table.n_rows() as f64 / n_rows_before.max(1) as f64;
        let n_rounds = (self.trees.n_rounds() as f64 * growth).round().max(1.0) as usize;
        let (kinds, targets) = (kinds(rows.table), numbers(rows.outcomes));
        let trees = params(n_rounds, self.max_leaves)
            .check()?
            .fit(&BoostingData::new(&records, &kinds, &targets), context)?;
        Ok(Self {
            encoder,
            trees,
            max_leaves: self.max_leaves,
        })
    }

    pub(super) fn predict(&self, table: &Table) -> Result<Vec<f64>, ScorerError> {
        let probabilities = self.trees.predict(&self.encoder.encode(table)?)?;
        Ok(probabilities.column(0).collect())
    }

    /// The share of the gain of each column, the largest first.
    pub(super) fn importances(&self) -> Vec<(String, f64)> {
        let gains = self.trees.importances().into_iter().map(|found| found.gain);
        let mut shares: Vec<(String, f64)> = self
            .encoder
            .feature_names()
            .into_iter()
            .zip(gains)
            .collect();
        let total: f64 = shares.iter().map(|(_, gain)| gain).sum();
        if total > 0.0 {
            shares.iter_mut().for_each(|(_, gain)| *gain /= total);
        }
        shares.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        shares
    }
}

fn params(n_rounds: usize, max_leaves: usize) -> BoostingParams {
    BoostingParams {
        max_leaves,
        early_stopping_rounds: Some(PATIENCE),
        ..BoostingParams::new(Loss::Logistic)
            .n_rounds(n_rounds)
            .learning_rate(LEARNING_RATE)
    }
}

/// Categories get numbers; in a column with more of them than trees can number, the rarest count as
/// missing.
fn encode(table: &Table, context: &Context<'_>) -> Result<(TableEncoder, Matrix), ScorerError> {
    let numbered = |(name, column): (&str, &Column)| match column {
        Column::Numeric(_) => None,
        Column::Categorical(categories) => {
            let ordinal = Ordinal::most_frequent(categories, CATEGORY_LIMIT as usize);
            Some((name.to_owned(), CategoryEncoding::Ordinal(ordinal)))
        }
    };
    let params = TableEncoderParams {
        columns: table.columns().filter_map(numbered).collect(),
        ..TableEncoderParams::default()
    };
    Ok(params.check()?.fit_encode(table, context)?)
}

fn kinds(table: &Table) -> Vec<Kind> {
    let kind = |(_, column): (&str, &Column)| match column {
        Column::Numeric(_) => Kind::Numeric,
        Column::Categorical(_) => Kind::Categorical,
    };
    table.columns().map(kind).collect()
}

fn numbers(outcomes: &[bool]) -> Vec<f64> {
    let number = |&outcome: &bool| f64::from(u8::from(outcome));
    outcomes.iter().map(number).collect()
}
