//! What trees make small, with the first two derivatives by the score.

use serde::{Deserialize, Serialize};

use super::quantile::weighted_quantile;

/// Added to the score in Poisson's second derivative, so that a step never overshoots: the guard
/// of LightGBM and XGBoost, with their value.
const POISSON_GUARD: f64 = 0.7;
/// Start scores stay this far from infinity when only one outcome occurs.
const SMALLEST_SHARE: f64 = 1e-15;

/// What trees make small.
///
/// A model adds up scores; the loss says what a score means.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// `(y - s)^2 / 2`: the score is the expected target.
    Squared,
    /// Log loss of targets 0 and 1: the score is the logarithm of the odds of 1.
    Logistic,
    /// Log loss of classes `0..n_classes`, with one score each: probabilities are their softmax.
    Softmax {
        /// Number of classes, at least 2.
        n_classes: usize,
    },
    /// Pinball loss: the score is the value that the target stays below with this probability.
    Quantile {
        /// Which quantile, in (0, 1).
        level: f64,
    },
    /// Counts or rates from 0 up: the score is the logarithm of the expected one.
    Poisson,
}

/// What one row asks of the next tree.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Derivative {
    /// First derivative of the loss by the score, times the weight.
    pub(super) gradient: f64,
    /// Second derivative, or what stands for it, times the weight. Never negative.
    pub(super) hessian: f64,
    /// How much the row counts.
    pub(super) weight: f64,
}

impl Loss {
    /// Scores per row.
    pub fn n_outputs(&self) -> usize {
        match self {
            Self::Softmax { n_classes } => *n_classes,
            _ => 1,
        }
    }

    /// Whether targets are numbers of classes, and how many there are.
    pub(super) fn n_classes(&self) -> Option<usize> {
        match self {
            Self::Logistic => Some(2),
            Self::Softmax { n_classes } => Some(*n_classes),
            _ => None,
        }
    }

    /// Whether the loss is defined for a target.
    pub(super) fn accepts(&self, target: f64) -> bool {
        match self {
            Self::Squared | Self::Quantile { .. } => target.is_finite(),
            Self::Logistic => target == 0.0 || target == 1.0,
            Self::Softmax { n_classes } => {
                target >= 0.0 && target.fract() == 0.0 && target < *n_classes as f64
            }
            Self::Poisson => target.is_finite() && target >= 0.0,
        }
    }

    pub(super) fn allowed_targets(&self) -> &'static str {
        match self {
            Self::Squared | Self::Quantile { .. } => "use finite numbers",
            Self::Logistic => "use 0 and 1",
            Self::Softmax { .. } => "number the classes from 0 to n_classes - 1",
            Self::Poisson => "use numbers from 0 up",
        }
    }

    /// The constant scores of least loss, `(n_outputs,)`, as far as they are finite.
    pub(super) fn start(&self, targets: &[f64], weights: &[f64]) -> Vec<f64> {
        let total: f64 = weights.iter().sum();
        let mean = || {
            let sum: f64 = targets.iter().zip(weights).map(|(y, w)| y * w).sum();
            sum / total
        };
        match self {
            Self::Squared => vec![mean()],
            Self::Logistic => {
                let share = mean().clamp(SMALLEST_SHARE, 1.0 - SMALLEST_SHARE);
                vec![(share / (1.0 - share)).ln()]
            }
            Self::Softmax { n_classes } => {
                let mut shares = vec![0.0; *n_classes];
                for (&target, weight) in targets.iter().zip(weights) {
                    shares[target as usize] += weight / total;
                }
                let score = |share: &f64| share.max(SMALLEST_SHARE).ln();
                shares.iter().map(score).collect()
            }
            Self::Quantile { level } => {
                let mut pairs: Vec<(f64, f64)> = targets
                    .iter()
                    .copied()
                    .zip(weights.iter().copied())
                    .collect();
                vec![weighted_quantile(&mut pairs, *level)]
            }
            Self::Poisson => vec![mean().max(SMALLEST_SHARE).ln()],
        }
    }

    /// Derivatives of one row by each of its scores, into a slice of the same length.
    pub(super) fn derive(&self, scores: &[f64], target: f64, weight: f64, out: &mut [Derivative]) {
        let single = |gradient: f64, hessian: f64| Derivative {
            gradient: gradient * weight,
            hessian: hessian * weight,
            weight,
        };
        match self {
            Self::Squared => out[0] = single(scores[0] - target, 1.0),
            Self::Logistic => {
                let p = sigmoid(scores[0]);
                out[0] = single(p - target, p * (1.0 - p));
            }
            Self::Softmax { n_classes } => {
                // Classes share one surplus score; Friedman's factor makes up for it.
                let factor = *n_classes as f64 / (*n_classes as f64 - 1.0);
                let (largest, sum) = exponentials(scores);
                for (class, (score, out)) in scores.iter().zip(out).enumerate() {
                    let p = (score - largest).exp() / sum;
                    let is_class = f64::from(u8::from(target == class as f64));
                    *out = single(p - is_class, factor * p * (1.0 - p));
                }
            }
            Self::Quantile { level } => {
                let below = scores[0] < target;
                out[0] = single(if below { -level } else { 1.0 - level }, 1.0);
            }
            Self::Poisson => {
                let rate = scores[0].exp();
                out[0] = single(rate - target, rate * POISSON_GUARD.exp());
            }
        }
    }

    /// The loss of one row, up to a constant of its target.
    pub(super) fn of_row(&self, scores: &[f64], target: f64) -> f64 {
        let score = scores[0];
        match self {
            Self::Squared => 0.5 * (score - target).powi(2),
            // ln(1 + e^s) - y s without overflow.
            Self::Logistic => score.max(0.0) + (-score.abs()).exp().ln_1p() - target * score,
            Self::Softmax { .. } => {
                let (largest, sum) = exponentials(scores);
                largest + sum.ln() - scores[target as usize]
            }
            Self::Quantile { level } => {
                let miss = target - score;
                (level * miss).max((level - 1.0) * miss)
            }
            Self::Poisson => score.exp() - target * score,
        }
    }

    /// Turns scores of one row into what they mean: numbers, probabilities, rates.
    pub(super) fn respond(&self, scores: &mut [f64]) {
        match self {
            Self::Squared | Self::Quantile { .. } => {}
            Self::Logistic => scores[0] = sigmoid(scores[0]),
            Self::Softmax { .. } => {
                let (largest, sum) = exponentials(scores);
                for score in scores {
                    *score = (*score - largest).exp() / sum;
                }
            }
            Self::Poisson => scores[0] = scores[0].exp(),
        }
    }
}

fn sigmoid(score: f64) -> f64 {
    1.0 / (1.0 + (-score).exp())
}

/// The largest score, and the sum of all exponentials when it is taken off, which cannot overflow.
fn exponentials(scores: &[f64]) -> (f64, f64) {
    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum = scores.iter().map(|score| (score - largest).exp()).sum();
    (largest, sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares the first derivative with a central difference of the loss.
    fn check_gradient(loss: Loss, scores: &[f64], target: f64) {
        let mut out = vec![Derivative::default(); scores.len()];
        loss.derive(scores, target, 2.0, &mut out);

        for output in 0..scores.len() {
            let at = |step: f64| {
                let mut moved = scores.to_vec();
                moved[output] += step;
                loss.of_row(&moved, target)
            };
            let slope = (at(1e-6) - at(-1e-6)) / 2e-6;

            assert!(
                (out[output].gradient - 2.0 * slope).abs() < 1e-8,
                "{loss:?}"
            );
        }
    }

    #[test]
    fn gradients_are_slopes_of_the_loss() {
        check_gradient(Loss::Squared, &[1.5], -0.5);
        for target in [0.0, 1.0] {
            check_gradient(Loss::Logistic, &[0.7], target);
        }
        for target in [0.0, 1.0, 2.0] {
            check_gradient(Loss::Softmax { n_classes: 3 }, &[0.3, -1.0, 0.9], target);
        }
        for target in [0.0, 3.0] {
            check_gradient(Loss::Quantile { level: 0.9 }, &[1.0], target);
            check_gradient(Loss::Poisson, &[0.4], target);
        }
    }

    #[test]
    fn the_start_is_where_gradients_cancel() {
        let targets = [0.0, 1.0, 1.0, 0.0, 1.0];
        let weights = [1.0, 2.0, 0.5, 3.0, 1.0];
        for loss in [
            Loss::Squared,
            Loss::Logistic,
            Loss::Softmax { n_classes: 2 },
            Loss::Poisson,
        ] {
            let start = loss.start(&targets, &weights);
            let mut sums = vec![0.0; start.len()];

            for (&target, &weight) in targets.iter().zip(&weights) {
                let mut out = vec![Derivative::default(); start.len()];
                loss.derive(&start, target, weight, &mut out);
                for (sum, derivative) in sums.iter_mut().zip(&out) {
                    *sum += derivative.gradient;
                }
            }

            assert!(
                sums.iter().all(|sum| sum.abs() < 1e-12),
                "{loss:?}: {sums:?}"
            );
        }
    }

    #[test]
    fn probabilities_of_classes_add_up_to_1() {
        let mut scores = [800.0, 799.0, -5.0];

        Loss::Softmax { n_classes: 3 }.respond(&mut scores);

        assert!((scores.iter().sum::<f64>() - 1.0).abs() < 1e-15);
        assert!((scores[0] / scores[1] - 1.0_f64.exp()).abs() < 1e-12);
    }

    #[test]
    fn one_outcome_alone_starts_at_a_finite_score() {
        assert!(Loss::Logistic.start(&[1.0; 3], &[1.0; 3])[0].is_finite());
        assert!(Loss::Poisson.start(&[0.0; 3], &[1.0; 3])[0].is_finite());
    }
}
