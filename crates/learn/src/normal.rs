//! The standard normal distribution.

use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};

/// Where the series hands over to the continued fraction.
const SERIES_UP_TO: f64 = 3.0;
/// Levels of the continued fraction; at 3 it has converged to the last digit after about 100.
const FRACTION_LEVELS: u32 = 120;

/// Density of the standard normal distribution.
pub fn normal_density(x: f64) -> f64 {
    // 1 / sqrt(2 pi).
    let scale = FRAC_2_SQRT_PI * FRAC_1_SQRT_2 / 2.0;
    scale * (-x * x / 2.0).exp()
}

/// Probability that a standard normal variable is at most `x`, to about 15 digits also far out
/// in the lower tail.
///
/// # Source
/// Marsaglia (2004), "Evaluating the Normal Distribution", for the series around 0; Laplace's
/// continued fraction for the tails (Abramowitz & Stegun 26.2.14).
pub fn normal_cdf(x: f64) -> f64 {
    if x.abs() < SERIES_UP_TO {
        0.5 + normal_density(x) * odd_series(x)
    } else if x < 0.0 {
        upper_tail(-x)
    } else {
        1.0 - upper_tail(x)
    }
}

/// `x + x^3 / 3 + x^5 / (3 * 5) + x^7 / (3 * 5 * 7) + ...`
fn odd_series(x: f64) -> f64 {
    let (mut term, mut sum, mut divisor) = (x, 0.0, 1.0);
    while sum + term != sum {
        sum += term;
        divisor += 2.0;
        term *= x * x / divisor;
    }
    sum
}

/// `density(x) / (x + 1 / (x + 2 / (x + 3 / (x + ...))))` for `x` well above 0.
fn upper_tail(x: f64) -> f64 {
    let denominator = (1..=FRACTION_LEVELS)
        .rev()
        .fold(x, |below, level| x + f64::from(level) / below);
    normal_density(x) / denominator
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: SciPy 1.17 `norm.cdf`.
    #[test]
    fn probabilities_agree_with_scipy_far_into_the_tail() {
        for (x, expected) in [
            (-10.0, 7.619_853_024_160_47e-24),
            (-6.0, 9.865_876_450_376_946e-10),
            (-3.5, 0.000_232_629_079_035_525_02),
            (-3.0, 0.001_349_898_031_630_093_3),
            (-2.9, 0.001_865_813_300_384_037_5),
            (-1.0, 0.158_655_253_931_457_07),
            (-0.1, 0.460_172_162_722_971),
            (0.5, 0.691_462_461_274_013_1),
            (2.5, 0.993_790_334_674_223_8),
            (3.0, 0.998_650_101_968_369_9),
            (5.0, 0.999_999_713_348_428_1),
        ] {
            let found = normal_cdf(x);

            assert!((found / expected - 1.0).abs() < 1e-13, "{x}: {found}");
        }
    }

    #[test]
    fn both_sides_add_up_to_one() {
        for x in [0.0, 0.3, 2.999, 3.0, 3.001, 8.0, 40.0, f64::INFINITY] {
            assert!((normal_cdf(x) + normal_cdf(-x) - 1.0).abs() < 1e-15, "{x}");
        }
    }

    #[test]
    fn density_is_the_slope_of_the_probability() {
        for x in [-3.5, -1.0, 0.0, 2.0] {
            let slope = (normal_cdf(x + 1e-5) - normal_cdf(x - 1e-5)) / 2e-5;

            assert!((normal_density(x) - slope).abs() < 1e-9, "{x}");
        }
    }
}
