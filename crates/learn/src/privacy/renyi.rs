//! Rényi divergence of one step of the subsampled Gaussian mechanism.

use std::ops::RangeInclusive;

/// The orders at which the divergence is tracked.
pub(super) const ORDERS: RangeInclusive<u32> = 2..=256;

/// Rényi divergence of one step at every order of [`ORDERS`], in nats.
///
/// `1 / (α - 1) ln Σ_k C(α, k) (1 - q)^(α - k) q^k exp((k² - k) / (2 σ²))`, `k` from 0 to `α`.
///
/// # Source
/// Mironov, Talwar & Zhang (2019), "Rényi Differential Privacy of the Sampled Gaussian Mechanism",
/// section 3.3, for integer orders.
pub(super) fn divergences(sampling_rate: f64, noise_multiplier: f64) -> Vec<f64> {
    let ln_factorials = ln_factorials(*ORDERS.end());
    ORDERS
        .map(|order| divergence(order, sampling_rate, noise_multiplier, &ln_factorials))
        .collect()
}

fn divergence(order: u32, q: f64, sigma: f64, ln_factorials: &[f64]) -> f64 {
    let alpha = f64::from(order);
    // At the ends of q a factor 0 to the power 0 would make the sum undefined.
    if q == 0.0 {
        return 0.0;
    }
    if q == 1.0 {
        return alpha / (2.0 * sigma * sigma);
    }
    let (ln_in, ln_out) = (q.ln(), (-q).ln_1p());
    let terms: Vec<f64> = (0..=order)
        .map(|chosen| {
            let k = f64::from(chosen);
            ln_choose(order, chosen, ln_factorials)
                + (alpha - k) * ln_out
                + k * ln_in
                + (k * k - k) / (2.0 * sigma * sigma)
        })
        .collect();
    ln_sum_exp(&terms) / (alpha - 1.0)
}

/// `ln k!` for `k` from 0 to `largest`: the logarithm of Γ at the integers, by its recurrence.
fn ln_factorials(largest: u32) -> Vec<f64> {
    let mut sum = 0.0;
    (0..=largest)
        .map(|k| {
            sum += f64::from(k.max(1)).ln();
            sum
        })
        .collect()
}

fn ln_choose(n: u32, k: u32, ln_factorials: &[f64]) -> f64 {
    let ln_factorial = |k: u32| ln_factorials[k as usize];
    ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k)
}

/// `ln Σ exp(x)`, scaled by the largest term so that nothing overflows.
fn ln_sum_exp(terms: &[f64]) -> f64 {
    let largest = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    largest
        + terms
            .iter()
            .map(|term| (term - largest).exp())
            .sum::<f64>()
            .ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked by hand at order 2: `ln((1 - q)² + 2 q (1 - q) + q² e^(1/σ²)) = ln(1 + q² (e^(1/σ²) - 1))`.
    #[test]
    fn order_two_has_a_closed_form() {
        for (q, sigma) in [(0.01_f64, 1.0_f64), (0.2, 0.5), (0.9, 3.0)] {
            let expected = (q * q * (1.0 / (sigma * sigma)).exp_m1()).ln_1p();

            let found = divergences(q, sigma)[0];

            assert!((found - expected).abs() < 1e-14 + 1e-10 * expected);
        }
    }

    #[test]
    fn divergence_grows_with_the_order_and_stays_below_the_whole_mechanism() {
        let sampled = divergences(0.05, 0.8);
        let whole = divergences(1.0, 0.8);

        assert!(sampled.is_sorted());
        assert!(sampled.iter().zip(&whole).all(|(a, b)| a < b));
        assert!(sampled.iter().all(|divergence| divergence.is_finite()));
    }

    #[test]
    fn nobody_sampled_tells_nothing() {
        assert!(
            divergences(0.0, 1.0)
                .iter()
                .all(|&divergence| divergence == 0.0)
        );
    }
}
