//! Logarithm of the expected improvement over the best loss.

use super::model::GaussianProcess;
use crate::normal::{ln_normal_density, mills_remainder, normal_cdf, normal_density};

/// Below this many deviations the sum of density and tail would lose its digits.
const FAR: f64 = -3.0;

/// How much a point is expected to fall below the best, in logarithms: the plain value is zero, and
/// flat, almost everywhere.
#[derive(Debug)]
pub(super) struct ExpectedImprovement<'a> {
    model: &'a GaussianProcess<'a>,
    best: f64,
}

impl<'a> ExpectedImprovement<'a> {
    pub(super) fn new(model: &'a GaussianProcess<'a>, best: f64) -> Self {
        Self { model, best }
    }

    pub(super) fn value(&self, at: &[f64]) -> f64 {
        let prediction = self.model.predict(at);
        let z = (self.best - prediction.mean) / prediction.deviation;
        prediction.deviation.ln() + ln_h(z)
    }

    /// With its slopes, `(d,)`.
    pub(super) fn value_and_gradient(&self, at: &[f64]) -> (f64, Vec<f64>) {
        let slopes = self.model.slopes(at);
        let deviation = slopes.prediction.deviation;
        let z = (self.best - slopes.prediction.mean) / deviation;
        let ln_h = ln_h(z);
        // d ln h / dz = Φ / h, and h - z Φ = φ.
        let density = (ln_normal_density(z) - ln_h).exp();
        let below = (ln_cdf(z) - ln_h).exp();
        let gradient = slopes
            .mean
            .iter()
            .zip(&slopes.deviation)
            .map(|(mean, by_deviation)| (density * by_deviation - below * mean) / deviation)
            .collect();
        (deviation.ln() + ln_h, gradient)
    }
}

/// `ln(φ(z) + z Φ(z))`.
fn ln_h(z: f64) -> f64 {
    if z > FAR {
        return (normal_density(z) + z * normal_cdf(z)).ln();
    }
    let remainder = mills_remainder(-z);
    ln_normal_density(z) + (remainder / (remainder - z)).ln()
}

/// `ln Φ(z)`.
fn ln_cdf(z: f64) -> f64 {
    if z > FAR {
        return normal_cdf(z).ln();
    }
    ln_normal_density(z) - (mills_remainder(-z) - z).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: `mpmath.log(npdf(z) + z * ncdf(z))` with 60 digits.
    #[test]
    fn the_logarithm_is_exact_far_out() {
        for (z, expected) in [
            (3.0, 1.098_739_665_327_707_7),
            (0.0, -0.918_938_533_204_672_8),
            (-1.0, -2.485_121_025_712_641_3),
            (-2.9, -7.520_846_492_887_873),
            (-3.1, -8.227_329_393_572_75),
            (-6.0, -22.578_879_392_169_796),
            (-20.0, -206.917_838_509_425_1),
            (-100.0, -5_010.129_578_800_25),
        ] {
            assert!((ln_h(z) / expected - 1.0).abs() < 1e-11, "{z}: {}", ln_h(z));
        }
    }

    #[test]
    fn slopes_agree_with_differences() {
        let points: Vec<Vec<f64>> = (0..6).map(|idx| vec![f64::from(idx) / 5.0]).collect();
        let values: Vec<f64> = points.iter().map(|p| (5.0 * p[0]).cos()).collect();
        let model = GaussianProcess::fit(&points, &values).unwrap();

        // Easy to improve on, hard, and all but impossible.
        for best in [0.5, -1.0, -6.0] {
            let improvement = ExpectedImprovement::new(&model, best);
            for at in [0.13, 0.5, 0.77] {
                let (value, gradient) = improvement.value_and_gradient(&[at]);
                let moved = |by: f64| improvement.value(&[at + by]);
                let expected = (moved(1e-6) - moved(-1e-6)) / 2e-6;

                assert!((value - improvement.value(&[at])).abs() < 1e-12);
                assert!(
                    (gradient[0] - expected).abs() < 1e-3 * expected.abs().max(1.0),
                    "{best} {at}: {gradient:?} {expected}"
                );
            }
        }
    }
}
