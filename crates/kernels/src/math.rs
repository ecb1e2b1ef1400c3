//! Elementary functions without branches, so that loops over them become vector instructions.
//!
//! The standard library's are calls to scalar code: in a stock LSTM they take half of the time.

use std::f32::consts::{FRAC_1_SQRT_2, LOG2_E};

/// `e^x`, within 1e-7 of the true value relative to it; saturates instead of overflowing.
///
/// Source: the range reduction and polynomial of Cephes' `expf`.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    // Adding 1.5 * 2^23 rounds to the nearest whole number and leaves it in the lowest bits.
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-87.3, 88.3);
    let rounded = x.mul_add(LOG2_E, ROUND);
    let n = rounded - ROUND;
    let r = n.mul_add(-0.693_359_4, x);
    let r = n.mul_add(2.121_944_4e-4, r);
    let p = 1.987_569_1e-4_f32;
    let p = p.mul_add(r, 1.398_199_9e-3);
    let p = p.mul_add(r, 8.333_452e-3);
    let p = p.mul_add(r, 4.166_579_6e-2);
    let p = p.mul_add(r, 1.666_666_5e-1);
    let p = p.mul_add(r, 0.5);
    let p = (p * r).mul_add(r, r) + 1.0;
    // Wrapping, because a NaN has any bits; `p` is a NaN then too and so is the product.
    let exponent = rounded
        .to_bits()
        .wrapping_sub(ROUND.to_bits())
        .wrapping_add(127)
        << 23;
    p * f32::from_bits(exponent)
}

/// `1 / (1 + e^-x)`.
#[inline(always)]
pub(crate) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// `tanh x`, within 2e-7.
#[inline(always)]
pub(crate) fn tanh(x: f32) -> f32 {
    let e = exp(2.0 * x);
    let far = (e - 1.0) / (e + 1.0);
    // Near zero the difference above cancels; the series does not.
    let x2 = x * x;
    let near = x * (1.0 + x2 * (-0.333_333_34 + x2 * (0.133_333_34 + x2 * -0.053_968_254)));
    if x.abs() < 0.15 { near } else { far }
}

/// The error function, within 2e-7.
///
/// Source: Abramowitz & Stegun (1964), formula 7.1.26.
#[inline(always)]
pub(crate) fn erf(x: f32) -> f32 {
    let a = x.abs();
    (1.0 - erf_tail(a) * exp(-a * a)).copysign(x)
}

/// What `e^(-a^2)` is multiplied with to be what `erf(a)` lacks to one, for `a` from zero on.
#[inline(always)]
fn erf_tail(a: f32) -> f32 {
    let t = 1.0 / 0.327_591_1_f32.mul_add(a, 1.0);
    let y = 1.061_405_4_f32
        .mul_add(t, -1.453_152)
        .mul_add(t, 1.421_413_7)
        .mul_add(t, -0.284_496_72)
        .mul_add(t, 0.254_829_6);
    y * t
}

/// The standard normal distribution function.
#[inline(always)]
pub(crate) fn normal_cdf(x: f32) -> f32 {
    0.5 * (1.0 + erf(x * FRAC_1_SQRT_2))
}

/// The standard normal distribution function and its density, which share an exponential.
#[inline(always)]
pub(crate) fn normal_cdf_and_density(x: f32) -> (f32, f32) {
    const FRAC_1_SQRT_TAU: f32 = 0.398_942_3;
    let e = exp(-0.5 * x * x);
    let erf = (1.0 - erf_tail(x.abs() * FRAC_1_SQRT_2) * e).copysign(x);
    (0.5 * (1.0 + erf), FRAC_1_SQRT_TAU * e)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every 0.001 of the range in which single precision has something to say.
    fn range() -> impl Iterator<Item = f32> {
        (-87_000..88_000).map(|thousandth| thousandth as f32 / 1000.0)
    }

    #[test]
    fn the_exponential_agrees_with_double_precision() {
        for x in range() {
            let expected = f64::from(x).exp();
            let error = (f64::from(exp(x)) / expected - 1.0).abs();
            assert!(error < 2e-7, "exp({x}) is off by {error}");
        }
    }

    #[test]
    fn tanh_sigmoid_and_the_normal_distribution_agree_with_double_precision() {
        for x in range() {
            let exact = f64::from(x);
            assert!((f64::from(tanh(x)) - exact.tanh()).abs() < 3e-7, "{x}");
            let logistic = 1.0 / (1.0 + (-exact).exp());
            assert!((f64::from(sigmoid(x)) - logistic).abs() < 3e-7, "{x}");
        }
        // Values of the table in Abramowitz & Stegun (1964), 7.1.
        for (x, expected) in [
            (0.0, 0.0),
            (0.5, 0.520_500),
            (1.0, 0.842_701),
            (2.0, 0.995_322),
        ] {
            assert!((erf(x) - expected).abs() < 1e-6);
            assert!((erf(-x) + expected).abs() < 1e-6);
        }
    }

    #[test]
    fn what_is_not_a_number_stays_so() {
        assert!(exp(f32::NAN).is_nan());
        assert!(tanh(f32::NAN).is_nan());
        assert!(sigmoid(f32::NAN).is_nan());
    }

    #[test]
    fn far_out_values_saturate() {
        assert!(exp(1e9).is_finite());
        assert_eq!(tanh(1e9), 1.0);
        assert!((0.0..1e-37).contains(&sigmoid(-1e9)));
    }
}
