//! How good predicted probabilities of a yes-or-no outcome are.

use super::MetricError;
use super::input::{require_both_outcomes, require_probabilities, require_scores};
use crate::probability::short_of_certainty;

/// Mean negative logarithm of the probability given to what happened, in nats.
///
/// Probabilities are kept `1e-15` away from 0 and 1, so that one certain error costs about 34.5
/// and not infinity.
///
/// # Errors
/// Lists of different length, empty ones, or a probability outside of `[0, 1]`.
pub fn log_loss(probabilities: &[f64], outcomes: &[bool]) -> Result<f64, MetricError> {
    require_probabilities("log loss", probabilities, outcomes.len())?;
    let sum: f64 = probabilities
        .iter()
        .zip(outcomes)
        .map(|(&probability, &outcome)| {
            let given = if outcome {
                probability
            } else {
                1.0 - probability
            };
            -short_of_certainty(given).ln()
        })
        .sum();
    Ok(sum / outcomes.len() as f64)
}

/// Mean squared distance between the probability and what happened, `[0, 1]`.
///
/// # Errors
/// Lists of different length, empty ones, or a probability outside of `[0, 1]`.
pub fn brier(probabilities: &[f64], outcomes: &[bool]) -> Result<f64, MetricError> {
    require_probabilities("Brier score", probabilities, outcomes.len())?;
    let sum: f64 = probabilities
        .iter()
        .zip(outcomes)
        .map(|(&probability, &outcome)| (probability - f64::from(u8::from(outcome))).powi(2))
        .sum();
    Ok(sum / outcomes.len() as f64)
}

/// Probability that a row that happened scores above one that did not; equal scores count half.
///
/// The area under the receiver operating characteristic, by the ranks of Mann and Whitney.
///
/// # Errors
/// Lists of different length, a score that is not finite, or outcomes that are all alike.
pub fn auc(scores: &[f64], outcomes: &[bool]) -> Result<f64, MetricError> {
    require_scores("area under the curve", scores, outcomes.len())?;
    let (n_positive, n_negative) = require_both_outcomes("area under the curve", outcomes)?;
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[a].total_cmp(&scores[b]));
    let mut rank_sum = 0.0;
    let mut first = 0;
    for tied in order.chunk_by(|&a, &b| scores[a] == scores[b]) {
        // Ranks from 1; tied rows share their mean rank.
        let rank = first as f64 + (tied.len() + 1) as f64 / 2.0;
        rank_sum += rank * tied.iter().filter(|&&row| outcomes[row]).count() as f64;
        first += tied.len();
    }
    let positives = n_positive as f64;
    Ok((rank_sum - positives * (positives + 1.0) / 2.0) / (positives * n_negative as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTCOMES: [bool; 6] = [false, true, false, true, true, false];
    const SCORES: [f64; 6] = [0.1, 0.8, 0.4, 0.4, 0.9, 0.6];

    /// Source: scikit-learn 1.9 `roc_auc_score`, `log_loss`, `brier_score_loss` on these lists.
    #[test]
    fn figures_agree_with_scikit_learn() {
        assert!((auc(&SCORES, &OUTCOMES).unwrap() - 0.833_333_333_333_333_4).abs() < 1e-12);
        assert!((log_loss(&SCORES, &OUTCOMES).unwrap() - 0.462_878_611_690_693_83).abs() < 1e-9);
        assert!((brier(&SCORES, &OUTCOMES).unwrap() - 0.156_666_666_666_666_66).abs() < 1e-12);
    }

    #[test]
    fn equal_scores_tell_nothing() {
        assert_eq!(auc(&[0.5; 6], &OUTCOMES), Ok(0.5));
    }

    #[test]
    fn one_outcome_alone_has_no_area() {
        assert!(matches!(
            auc(&[0.1, 0.2], &[true, true]),
            Err(MetricError::Undefined { .. })
        ));
    }

    #[test]
    fn the_first_entry_that_is_no_probability_is_named() {
        assert_eq!(
            brier(&[0.5, 1.5], &[true, false]),
            Err(MetricError::OutOfRange {
                metric: "Brier score",
                position: 1,
                allowed: "a probability lies from 0 to 1",
            })
        );
        assert!(matches!(
            log_loss(&[f64::NAN], &[true]),
            Err(MetricError::NotFinite { position: 0, .. })
        ));
        assert!(matches!(
            auc(&[0.1, 0.2, f64::NAN], &[true, false, true]),
            Err(MetricError::NotFinite { position: 2, .. })
        ));
    }

    #[test]
    fn certainty_that_fails_costs_much_but_not_everything() {
        let loss = log_loss(&[0.0], &[true]).unwrap();

        assert!((loss - 34.538_776_394_910_684).abs() < 1e-9);
    }
}
