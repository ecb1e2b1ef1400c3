//! One pass of a threshold from the highest score down, which several curves share.

use super::MetricError;
use super::input::{require_both_outcomes, require_scores};

/// What lies at or above one threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Step {
    pub(super) threshold: f64,
    pub(super) true_positives: usize,
    pub(super) false_positives: usize,
}

impl Step {
    /// Rows at or above the threshold.
    pub(super) fn n_rows(&self) -> usize {
        self.true_positives + self.false_positives
    }
}

/// All steps, highest threshold first; the last one takes every row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sweep {
    pub(super) steps: Vec<Step>,
    pub(super) n_positive: usize,
    pub(super) n_negative: usize,
}

/// Lowers a threshold through the distinct scores.
///
/// Rows of one score enter together, so that no curve depends on the order of tied rows.
pub(super) fn sweep(
    metric: &'static str,
    scores: &[f64],
    outcomes: &[bool],
) -> Result<Sweep, MetricError> {
    require_scores(metric, scores, outcomes.len())?;
    let (n_positive, n_negative) = require_both_outcomes(metric, outcomes)?;
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    let (mut true_positives, mut false_positives) = (0, 0);
    let steps = order
        .chunk_by(|&a, &b| scores[a] == scores[b])
        .map(|tied| {
            let n_true = tied.iter().filter(|&&row| outcomes[row]).count();
            true_positives += n_true;
            false_positives += tied.len() - n_true;
            Step {
                threshold: scores[tied[0]],
                true_positives,
                false_positives,
            }
        })
        .collect();
    Ok(Sweep {
        steps,
        n_positive,
        n_negative,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_one_score_enter_together() {
        let sweep = sweep("figure", &[0.5, 0.9, 0.5], &[true, false, false]).unwrap();

        let counts: Vec<(f64, usize, usize)> = sweep
            .steps
            .iter()
            .map(|step| (step.threshold, step.true_positives, step.false_positives))
            .collect();
        assert_eq!(counts, [(0.9, 0, 1), (0.5, 1, 2)]);
    }

    #[test]
    fn the_two_zeros_are_one_score() {
        let sweep = sweep("figure", &[0.0, -0.0], &[true, false]).unwrap();

        assert_eq!(sweep.steps.len(), 1);
    }

    #[test]
    fn bad_lists_are_refused_by_what_is_wrong() {
        let refusal = |scores: &[f64], outcomes: &[bool]| sweep("figure", scores, outcomes).err();

        assert_eq!(
            refusal(&[], &[]),
            Some(MetricError::Undefined {
                metric: "figure",
                needs: "at least one row"
            })
        );
        assert_eq!(
            refusal(&[0.1], &[true, false]),
            Some(MetricError::LengthMismatch { left: 1, right: 2 })
        );
        assert_eq!(
            refusal(&[0.1, f64::NAN], &[true, false]),
            Some(MetricError::NotFinite {
                metric: "figure",
                position: 1
            })
        );
        assert_eq!(
            refusal(&[0.1, 0.2], &[true, true]),
            Some(MetricError::Undefined {
                metric: "figure",
                needs: "both outcomes"
            })
        );
    }
}
