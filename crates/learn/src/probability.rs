//! What passes for a probability, wherever one is looked at: one answer for metrics, calibrators and
//! sets of classes.

/// How near to 0 and 1 a probability may come before its logarithm is taken.
const CERTAINTY_MARGIN: f64 = 1e-15;
/// How far the probabilities of all classes may be from adding up to 1.
const SUM_TOLERANCE: f64 = 1e-6;

/// The probability, kept `1e-15` away from 0 and 1, so that no logarithm is infinite.
pub(crate) fn short_of_certainty(probability: f64) -> f64 {
    probability.clamp(CERTAINTY_MARGIN, 1.0 - CERTAINTY_MARGIN)
}

/// Whether these are the probabilities of all classes: each from 0 to 1, together 1.
pub(crate) fn is_distribution(probabilities: &[f64]) -> bool {
    probabilities
        .iter()
        .all(|probability| (0.0..=1.0).contains(probability))
        && (probabilities.iter().sum::<f64>() - 1.0).abs() <= SUM_TOLERANCE
}
