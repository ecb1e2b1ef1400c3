//! The standard normal distribution, far into its tails.

use std::f64::consts::{FRAC_1_SQRT_2, PI, SQRT_2};

/// Where the series gives way to the continued fraction: each is exact to rounding on its side.
const TAIL: f64 = 3.0;
/// Levels of the continued fraction; from [`TAIL`] on it has converged to the last digit after
/// about 100.
const FRACTION_LEVELS: u32 = 120;

/// Density.
pub fn normal_density(x: f64) -> f64 {
    FRAC_1_SQRT_2 / PI.sqrt() * (-0.5 * x * x).exp()
}

/// Natural logarithm of the density.
pub(crate) fn ln_normal_density(x: f64) -> f64 {
    -0.5 * (x * x + (2.0 * PI).ln())
}

/// Probability that a standard normal variable is at most `x`, to about 15 digits also far out
/// in the lower tail.
///
/// # Source
/// Marsaglia (2004), "Evaluating the Normal Distribution", for the series around 0; Laplace's
/// continued fraction of Mills' ratio for the tails (Abramowitz & Stegun 26.2.14).
pub fn normal_cdf(x: f64) -> f64 {
    if x.abs() < TAIL {
        0.5 + normal_density(x) * odd_series(x)
    } else if x < 0.0 {
        normal_density(x) * mills_ratio(-x)
    } else {
        1.0 - normal_density(x) * mills_ratio(x)
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

/// Upper tail over density, `(1 - Φ(x)) / φ(x)`, for `x >= 3`.
pub(crate) fn mills_ratio(x: f64) -> f64 {
    1.0 / (x + mills_remainder(x))
}

/// The part `1 / (x + 2 / (x + 3 / ...))` of the continued fraction of Mills' ratio.
///
/// On its own it gives `1 - x * mills_ratio(x) = remainder / (x + remainder)` without cancellation.
pub(crate) fn mills_remainder(x: f64) -> f64 {
    (1..=FRACTION_LEVELS)
        .rev()
        .fold(0.0, |rest, k| f64::from(k) / (x + rest))
}

/// Probability between `low` and `high`, exact even where both lie far out.
pub(crate) fn normal_mass(low: f64, high: f64) -> f64 {
    // The upper tail is mirrored: differences of numbers near 1 would lose all digits.
    if low > 0.0 {
        return normal_cdf(-low) - normal_cdf(-high);
    }
    normal_cdf(high) - normal_cdf(low)
}

/// The `x` with this probability below it, for a probability inside of (0, 1).
///
/// By bisection, as its users need it a few times only.
pub(crate) fn normal_quantile(probability: f64) -> f64 {
    let (mut low, mut high) = (-20.0 * SQRT_2, 20.0 * SQRT_2);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if normal_cdf(middle) < probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        let error = (found / expected - 1.0).abs();
        assert!(error < 1e-12, "{found} is not {expected}");
    }

    /// Source: SciPy 1.17 `norm.cdf`.
    #[test]
    fn probabilities_agree_with_scipy_far_into_the_tail() {
        for (x, expected) in [
            (-30.0, 4.906_713_927_147_908e-198),
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
            close(normal_cdf(x), expected);
        }
        assert_eq!(normal_cdf(0.0), 0.5);
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

    #[test]
    fn mass_far_out_keeps_its_digits() {
        close(normal_mass(10.0, 11.0), normal_mass(-11.0, -10.0));
        close(normal_mass(-1.0, 1.0), 0.682_689_492_137_085_9);
    }

    #[test]
    fn density_and_its_logarithm_agree() {
        for x in [-8.0, -0.3, 0.0, 2.5] {
            close(normal_density(x).ln(), ln_normal_density(x));
        }
    }

    #[test]
    fn the_quantile_undoes_the_probability() {
        for x in [-6.0, -1.5, 0.25, 3.0] {
            assert!((normal_quantile(normal_cdf(x)) - x).abs() < 1e-9);
        }
    }
}
