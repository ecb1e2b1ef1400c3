//! The blend of two scorers, and whether it is better than either.

use super::{ScorerError, both};
use crate::metrics::log_loss;
use crate::split::k_fold_stratified;
use crate::stacking::{Blender, BlenderParams};
use crate::{Check, Context};

/// Parts that the blend is tried on: its weights come from the other one.
const N_PARTS: usize = 2;

/// What the held-back rows prefer, with the log loss of each.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Losses {
    pub(super) logistic: f64,
    pub(super) trees: f64,
    /// Of a blend whose weights these rows did not make.
    pub(super) blend: f64,
}

impl Losses {
    pub(super) fn of(
        linear: &[f64],
        trees: &[f64],
        outcomes: &[bool],
        context: &Context<'_>,
    ) -> Result<Self, ScorerError> {
        let strata: Vec<u64> = outcomes.iter().map(|&outcome| u64::from(outcome)).collect();
        let pick = |values: &[f64], rows: &[usize]| -> Vec<f64> {
            rows.iter().map(|&row| values[row]).collect()
        };
        let of_outcomes =
            |rows: &[usize]| -> Vec<bool> { rows.iter().map(|&row| outcomes[row]).collect() };
        let mut blended = vec![0.5; outcomes.len()];
        for part in k_fold_stratified(&strata, N_PARTS, context.seed)? {
            let weights = fit_blender(
                &pick(linear, &part.train),
                &pick(trees, &part.train),
                &of_outcomes(&part.train),
                context,
            )?;
            let answers = blend(
                &weights,
                &pick(linear, &part.test),
                &pick(trees, &part.test),
            )?;
            for (&row, answer) in part.test.iter().zip(answers) {
                blended[row] = answer;
            }
        }
        Ok(Self {
            logistic: log_loss(linear, outcomes)?,
            trees: log_loss(trees, outcomes)?,
            blend: log_loss(&blended, outcomes)?,
        })
    }
}

/// Learns the weights of a blend from answers for rows that neither scorer saw.
pub(super) fn fit_blender(
    linear: &[f64],
    trees: &[f64],
    outcomes: &[bool],
    context: &Context<'_>,
) -> Result<Blender, ScorerError> {
    let params = BlenderParams::default().check()?;
    let labels: Vec<u32> = outcomes.iter().map(|&outcome| u32::from(outcome)).collect();
    Ok(params.fit(&[both(linear), both(trees)], &labels, None, context)?)
}

/// The blend's probabilities.
pub(super) fn blend(
    blender: &Blender,
    linear: &[f64],
    trees: &[f64],
) -> Result<Vec<f64>, ScorerError> {
    let blended = blender.blend(&[both(linear), both(trees)])?;
    Ok(blended.column(1).collect())
}
