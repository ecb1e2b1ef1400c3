//! Exact Shapley values of boosted trees: how much each feature contributed to a score.
//!
//! Two games are played. In the path-dependent one ([`BoostedTrees::shap`]) an absent feature lets
//! a row go both ways at its splits, in proportion to the training rows; no other data are needed.
//! In the interventional one ([`BoostedTrees::shap_against`]) absent features have the values of
//! background rows, which answers "why this score and not theirs".
//!
//! # Source
//! Lundberg et al. (2020), "From local explanations to global understanding with explainable AI
//! for trees".

mod interventional;
mod path_dependent;
mod quadrature;

use std::num::NonZeroUsize;

use super::{BoostedTrees, BoostingError, Rule};
use crate::{Context, Explain, LearnError, Matrix, map_parts};
use interventional::AgainstBackground;
use path_dependent::PathDependent;

/// Contributions of features to scores, on the scale of the loss.
///
/// For every row and output the contributions and the base add up to the score.
#[derive(Debug, Clone, PartialEq)]
pub struct ShapValues {
    /// `(n_outputs,)`: the score when nothing is known of a row.
    pub base: Vec<f64>,
    /// One `(n_samples, n_features)` per output.
    pub values: Vec<Matrix>,
}

/// Some of the different features on a leaf's path, of which there are at most 128, by bits.
type FeatureSet = u128;

/// What a split asks of a row.
struct Question<'a> {
    feature: usize,
    rule: &'a Rule,
    missing_left: bool,
}

impl Question<'_> {
    fn goes_left(&self, row: &[f64]) -> bool {
        self.rule.goes_left(row[self.feature], self.missing_left)
    }
}

/// One way to explain the trees of one output.
trait Explainer: Sync {
    /// Rows that one thread explains at a time, at most.
    const BLOCK: usize;

    /// The mean of the trees' sum in the explainer's sense.
    fn base(&self) -> f64;

    /// Adds the contributions of a block of rows, `(n_rows, n_features)`.
    fn add(&self, rows: &[&[f64]], values: &mut [f64]);
}

impl BoostedTrees {
    /// Path-dependent Shapley values of all rows.
    ///
    /// # Shapes
    /// - `records`: `(n_samples, n_features)`.
    ///
    /// # Errors
    /// Columns other than those it was fitted on; cancellation or the deadline.
    pub fn shap(
        &self,
        records: &Matrix,
        context: &Context<'_>,
    ) -> Result<ShapValues, BoostingError> {
        self.explained(records, context, |output| {
            PathDependent::new(self.trees_of(output), self.kinds.len())
        })
    }

    /// Interventional Shapley values of all rows against the mean of background rows.
    ///
    /// A hundred background rows usually do; the work grows with how many differ in their paths.
    ///
    /// # Shapes
    /// - `records`: `(n_samples, n_features)`.
    /// - `background`: `(n_background, n_features)`.
    ///
    /// # Errors
    /// Columns other than those it was fitted on; no background; cancellation or the deadline.
    pub fn shap_against(
        &self,
        records: &Matrix,
        background: &Matrix,
        context: &Context<'_>,
    ) -> Result<ShapValues, BoostingError> {
        background.require_columns(self.kinds.len())?;
        if background.n_rows() == 0 {
            return Err(LearnError::TooFewRows {
                needed: 1,
                found: 0,
            }
            .into());
        }
        self.explained(records, context, |output| {
            AgainstBackground::new(self.trees_of(output), background)
        })
    }

    fn explained<E: Explainer>(
        &self,
        records: &Matrix,
        context: &Context<'_>,
        explainer: impl Fn(usize) -> E,
    ) -> Result<ShapValues, BoostingError> {
        records.require_columns(self.kinds.len())?;
        let mut shap = ShapValues {
            base: self.start.clone(),
            values: Vec::with_capacity(self.start.len()),
        };
        for (output, base) in shap.base.iter_mut().enumerate() {
            let explainer = explainer(output);
            *base += explainer.base();
            shap.values
                .push(contributions(&explainer, records, context)?);
        }
        Ok(shap)
    }
}

impl Explain<[f64]> for BoostedTrees {
    type Explanation = ShapValues;
    type Error = BoostingError;

    /// Path-dependent Shapley values of one row; for many rows [`BoostedTrees::shap`] is faster.
    fn explain(&self, row: &[f64]) -> Result<ShapValues, BoostingError> {
        let records = Matrix::new(1, row.len(), row.to_vec())?;
        let cancel = crate::Cancellation::default();
        self.shap(&records, &Context::new(0, &crate::Silent, &cancel))
    }
}

/// The contributions to one output, `(n_samples, n_features)`.
fn contributions<E: Explainer>(
    explainer: &E,
    records: &Matrix,
    context: &Context<'_>,
) -> Result<Matrix, LearnError> {
    let width = records.n_columns();
    let mut values = Matrix::zeros(records.n_rows(), width);
    if width == 0 {
        return Ok(values);
    }
    let threads: NonZeroUsize = context.threads;
    let block_size = records.n_rows().div_ceil(threads.get()).clamp(1, E::BLOCK);
    let blocks = values
        .values_mut()
        .chunks_mut(block_size * width)
        .enumerate();
    let done = map_parts(threads, blocks, |(block, values)| {
        context.proceed()?;
        let first = block * block_size;
        let rows: Vec<&[f64]> = (first..first + values.len() / width)
            .map(|row| records.row(row))
            .collect();
        explainer.add(&rows, values);
        Ok(())
    });
    done.into_iter().collect::<Result<(), LearnError>>()?;
    Ok(values)
}

#[cfg(test)]
mod tests;
