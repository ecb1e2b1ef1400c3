//! The receiver operating characteristic as points to draw.

use super::MetricError;
use super::sweep::{Step, sweep};

/// What happens when every row that scores at least `threshold` is flagged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RocPoint {
    /// Lowest flagged score; infinite at the first point, where nothing is flagged.
    pub threshold: f64,
    /// Flagged share of the rows that did not happen, `[0, 1]`.
    pub false_positive_rate: f64,
    /// Flagged share of the rows that happened, `[0, 1]`.
    pub true_positive_rate: f64,
}

/// The curve from `(0, 0)` to `(1, 1)`, thresholds descending.
///
/// Points inside of a straight stretch are left out, as scikit-learn's `roc_curve` does: they
/// change neither the drawing nor the area ([`auc`](super::auc)).
///
/// # Errors
/// Lists of different length, a score that is not finite, or outcomes that are all alike.
pub fn roc_curve(scores: &[f64], outcomes: &[bool]) -> Result<Vec<RocPoint>, MetricError> {
    let sweep = sweep("ROC curve", scores, outcomes)?;
    let start = RocPoint {
        threshold: f64::INFINITY,
        false_positive_rate: 0.0,
        true_positive_rate: 0.0,
    };
    let corners = corners(&sweep.steps);
    Ok(std::iter::once(start)
        .chain(corners.map(|step| RocPoint {
            threshold: step.threshold,
            false_positive_rate: step.false_positives as f64 / sweep.n_negative as f64,
            true_positive_rate: step.true_positives as f64 / sweep.n_positive as f64,
        }))
        .collect())
}

/// The first step, the last, and those where counts do not grow as they did just before.
fn corners(steps: &[Step]) -> impl Iterator<Item = &Step> {
    steps.iter().enumerate().filter_map(|(idx, step)| {
        let is_inner = idx > 0 && idx + 1 < steps.len();
        let is_straight = is_inner && {
            let (before, after) = (&steps[idx - 1], &steps[idx + 1]);
            before.true_positives + after.true_positives == 2 * step.true_positives
                && before.false_positives + after.false_positives == 2 * step.false_positives
        };
        (!is_straight).then_some(step)
    })
}
