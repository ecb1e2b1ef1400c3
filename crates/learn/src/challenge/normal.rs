//! Confidence sequences for the mean of nearly normal values: the mixture SPRT.

use serde::{Deserialize, Serialize};

use super::{ChallengeError, Interval, require_alpha};

/// Where the variance of one value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Variance {
    /// Known in advance. The promise is exact for normal values.
    Known(f64),
    /// Estimated from the values themselves once so many (at least 2) were seen; until then nothing
    /// is ruled out. The promise is approximate, the better the later the start; 100 is sensible.
    FromValues {
        /// Values before the first verdict.
        n_before: u64,
    },
}

/// Mixture sequential probability ratio test of a mean.
///
/// The likelihood of the values under means spread normally around the one in question, over their
/// likelihood under that one:
/// `Λ = sqrt(σ² / (σ² + n τ²)) exp(n² τ² (x̄ - θ)² / (2 σ² (σ² + n τ²)))`.
/// Were `θ` true, `Λ` would ever reach `1 / α` with probability `α` at most.
///
/// Sharper than [`BettingSequence`](super::BettingSequence) for values without bounds, and wrong
/// where a few huge values carry the mean.
///
/// # Source
/// Johari, Koomen, Pekelis & Walsh (2022), "Always Valid Inference: Continuous Monitoring of A/B
/// Tests", section 4.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NormalSequence {
    variance: Variance,
    expected_effect: f64,
    alpha: f64,
    n: u64,
    mean: f64,
    /// Sum of squared distances from the mean (Welford).
    squares: f64,
    interval: Interval,
}

impl NormalSequence {
    /// Nothing seen. `expected_effect` is `τ`, the size of difference worth finding: the test is
    /// sharpest there and valid everywhere.
    ///
    /// # Errors
    /// [`ChallengeError::Parameter`] for a variance or an effect that is not above 0, fewer than 2
    /// values before the first verdict, or `alpha` outside of `(0, 1)`.
    pub fn new(
        variance: Variance,
        expected_effect: f64,
        alpha: f64,
    ) -> Result<Self, ChallengeError> {
        require_alpha(alpha)?;
        require_positive("expected_effect", expected_effect)?;
        match variance {
            Variance::Known(variance) => require_positive("variance", variance)?,
            Variance::FromValues { n_before } if n_before < 2 => {
                return Err(ChallengeError::Parameter {
                    name: "n_before",
                    value: n_before as f64,
                    allowed: "a variance takes at least 2 values",
                });
            }
            Variance::FromValues { .. } => {}
        }
        Ok(Self {
            variance,
            expected_effect,
            alpha,
            n: 0,
            mean: 0.0,
            squares: 0.0,
            interval: Interval {
                lower: f64::MIN,
                upper: f64::MAX,
            },
        })
    }

    /// Takes one more value.
    ///
    /// # Errors
    /// [`ChallengeError::NotFinite`]; nothing is taken then.
    pub fn observe(&mut self, value: f64) -> Result<(), ChallengeError> {
        if !value.is_finite() {
            return Err(ChallengeError::NotFinite(value));
        }
        self.n += 1;
        let before = value - self.mean;
        self.mean += before / self.n as f64;
        self.squares += before * (value - self.mean);
        if let Some(variance) = self.variance_now() {
            let radius = self.radius(variance);
            self.interval.lower = self.interval.lower.max(self.mean - radius);
            self.interval.upper = self.interval.upper.min(self.mean + radius);
        }
        Ok(())
    }

    /// Values seen.
    pub fn n_observed(&self) -> u64 {
        self.n
    }

    /// Mean of the values seen; 0 before the first.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// The means not ruled out at any look so far; everything before the first verdict.
    ///
    /// Empty (lower above upper) only when the promise failed: every mean was ruled out once.
    pub fn interval(&self) -> Interval {
        self.interval
    }

    /// Whether the given mean is ruled out, for all looks so far at once.
    pub fn rules_out(&self, mean: f64) -> bool {
        !self.interval.contains(mean)
    }

    fn variance_now(&self) -> Option<f64> {
        match self.variance {
            Variance::Known(variance) => Some(variance),
            Variance::FromValues { n_before } => {
                (self.n >= n_before).then(|| self.squares / (self.n - 1) as f64)
            }
        }
    }

    /// Distance from the mean at which `Λ` reaches `1 / α`.
    fn radius(&self, variance: f64) -> f64 {
        // Values that are all alike say nothing about how far the mean may be off.
        if variance == 0.0 {
            return f64::MAX;
        }
        let n = self.n as f64;
        let mixing = n * self.expected_effect.powi(2);
        let spread = variance + mixing;
        let ln_threshold = -2.0 * self.alpha.ln() + (spread / variance).ln();
        (ln_threshold * variance * spread / (n * mixing)).sqrt()
    }
}

fn require_positive(name: &'static str, value: f64) -> Result<(), ChallengeError> {
    if value > 0.0 && value.is_finite() {
        return Ok(());
    }
    Err(ChallengeError::Parameter {
        name,
        value,
        allowed: "it is a finite number above 0",
    })
}
