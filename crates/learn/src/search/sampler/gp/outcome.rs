//! Losses made fit for a Gaussian process: none missing, none huge.

use super::super::{Observation, Standing};
use crate::stats;

/// The loss of every trial; those without one get the worst seen.
///
/// For running trials that is the constant liar, which keeps parallel workers apart; for failed ones
/// it keeps the search away from where things fail.
pub(super) fn filled_losses(observations: &[Observation]) -> Vec<f64> {
    let loss = |observation: &Observation| match observation.standing {
        Standing::Finished(loss) | Standing::Stopped { loss, .. } => Some(loss),
        Standing::Running | Standing::Failed => None,
    };
    let known: Vec<Option<f64>> = observations.iter().map(loss).collect();
    let worst = known
        .iter()
        .flatten()
        .copied()
        .fold(f64::NEG_INFINITY, f64::max);
    let worst = if worst.is_finite() { worst } else { 0.0 };
    known
        .into_iter()
        .map(|loss| loss.unwrap_or(worst))
        .collect()
}

/// Losses bent and scaled to mean 0 and variance 1, in the same order.
///
/// What lies far above the median is bent in, or a few huge losses would make all others look
/// alike. Below the median, where the search is decided, almost nothing changes:
/// `asinh((y - median) / scale)` with the scale from the best loss to the median.
pub(super) fn warped(losses: &[f64]) -> Vec<f64> {
    let median = stats::median(&mut losses.to_vec()).unwrap_or(0.0);
    let best = losses.iter().copied().fold(f64::INFINITY, f64::min);
    let scale = median - best;
    if !(scale > 0.0 && scale.is_finite()) {
        return vec![0.0; losses.len()];
    }
    let bent: Vec<f64> = losses
        .iter()
        .map(|loss| ((loss - median) / scale).asinh())
        .collect();
    let (mean, deviation) = (stats::mean(&bent), stats::variance(&bent).sqrt());
    bent.iter()
        .map(|value| (value - mean) / deviation)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observation(standing: Standing) -> Observation {
        Observation {
            point: Vec::new(),
            standing,
        }
    }

    #[test]
    fn trials_without_a_loss_get_the_worst() {
        let observations = [
            Standing::Finished(1.0),
            Standing::Failed,
            Standing::Stopped { step: 1, loss: 3.0 },
            Standing::Running,
        ]
        .map(observation);

        assert_eq!(filled_losses(&observations), [1.0, 3.0, 3.0, 3.0]);
    }

    #[test]
    fn the_order_stays_and_the_huge_come_near() {
        let warped = warped(&[1e12, 3.0, 1.0, 2.0, 5.0]);

        assert!(warped[2] < warped[3] && warped[3] < warped[1] && warped[1] < warped[4]);
        assert!(warped[0] < 3.0);
        assert!(stats::mean(&warped).abs() < 1e-12);
    }

    #[test]
    fn losses_that_are_all_alike_are_zero() {
        assert_eq!(warped(&[2.0, 2.0]), [0.0, 0.0]);
        assert_eq!(warped(&[]), Vec::<f64>::new());
    }
}
