//! The standard normal distribution far into its tails, for samplers and tests.

use std::f64::consts::{FRAC_1_SQRT_2, PI, SQRT_2};

/// Where the series gives way to the continued fraction: each is exact to rounding on its side.
const TAIL: f64 = 3.0;
/// Terms of the continued fraction; 60 give full precision from [`TAIL`] on.
const N_FRACTIONS: u32 = 60;

/// Natural logarithm of the density.
pub(crate) fn ln_normal_pdf(z: f64) -> f64 {
    -0.5 * (z * z + (2.0 * PI).ln())
}

/// Density.
pub(crate) fn normal_pdf(z: f64) -> f64 {
    FRAC_1_SQRT_2 / PI.sqrt() * (-0.5 * z * z).exp()
}

/// Probability of a draw below `z`, with small relative error in the lower tail too.
///
/// # Source
/// Marsaglia (2004), "Evaluating the Normal Distribution", for the middle; Laplace's continued
/// fraction of Mills' ratio for the tails.
pub(crate) fn normal_cdf(z: f64) -> f64 {
    if z < -TAIL {
        return normal_pdf(z) * mills_ratio(-z);
    }
    if z > TAIL {
        return 1.0 - normal_cdf(-z);
    }
    let (mut term, mut sum, mut odd) = (z, z, 1.0);
    // The terms fall to zero in the end, because z^2 / odd does.
    while term.abs() > f64::EPSILON * 0.01 * sum.abs() {
        odd += 2.0;
        term *= z * z / odd;
        sum += term;
    }
    0.5 + sum * normal_pdf(z)
}

/// Upper tail over density, `(1 - Φ(x)) / φ(x)`, for `x >= 3`.
pub(crate) fn mills_ratio(x: f64) -> f64 {
    1.0 / (x + mills_remainder(x))
}

/// The part `1 / (x + 2 / (x + 3 / ...))` of the continued fraction of Mills' ratio.
///
/// On its own it gives `1 - x * mills_ratio(x) = remainder / (x + remainder)` without cancellation.
pub(crate) fn mills_remainder(x: f64) -> f64 {
    (1..=N_FRACTIONS)
        .rev()
        .fold(0.0, |rest, k| f64::from(k) / (x + rest))
}

/// Probability of a draw between `low` and `high`, exact even where both lie far out.
pub(crate) fn normal_mass(low: f64, high: f64) -> f64 {
    // The upper tail is mirrored: differences of numbers near 1 would lose all digits.
    if low > 0.0 {
        return normal_cdf(-low) - normal_cdf(-high);
    }
    normal_cdf(high) - normal_cdf(low)
}

/// The `z` with this probability below it, for a probability inside of (0, 1).
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

    /// Source: `scipy.stats.norm.cdf`, SciPy 1.17.
    #[test]
    fn probabilities_agree_with_scipy() {
        for (z, expected) in [
            (-30.0, 4.906713927147908e-198),
            (-10.0, 7.61985302416047e-24),
            (-5.0, 2.866515718791933e-7),
            (-3.5, 0.00023262907903552502),
            (-2.9, 0.0018658133003840375),
            (-1.0, 0.15865525393145707),
            (0.5, 0.6914624612740131),
            (2.0, 0.9772498680518208),
            (4.0, 0.9999683287581669),
        ] {
            close(normal_cdf(z), expected);
        }
        assert_eq!(normal_cdf(0.0), 0.5);
    }

    #[test]
    fn mass_far_out_keeps_its_digits() {
        close(normal_mass(10.0, 11.0), normal_mass(-11.0, -10.0));
        close(normal_mass(-1.0, 1.0), 0.6826894921370859);
    }

    #[test]
    fn density_and_its_logarithm_agree() {
        for z in [-8.0, -0.3, 0.0, 2.5] {
            close(normal_pdf(z).ln(), ln_normal_pdf(z));
        }
    }

    #[test]
    fn the_quantile_undoes_the_probability() {
        for z in [-6.0, -1.5, 0.25, 3.0] {
            assert!((normal_quantile(normal_cdf(z)) - z).abs() < 1e-9);
        }
    }
}
