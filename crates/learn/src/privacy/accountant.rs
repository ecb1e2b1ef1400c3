//! Adds up the privacy loss of training.

use serde::{Deserialize, Serialize};

use super::PrivacyError;
use super::renyi::{ORDERS, divergences};

/// A stretch of training with one setting.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Phase {
    /// Probability that a person takes part in a step, `[0, 1]`; batch size over people.
    pub sampling_rate: f64,
    /// Deviation of the noise over the clipping norm, above 0.
    pub noise_multiplier: f64,
    /// Number of steps.
    pub n_steps: u64,
}

/// What an observer of the model can learn of any one person.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Guarantee {
    /// Bound on the privacy loss, in nats; below 1 is strong, above 10 hardly a guarantee.
    pub epsilon: f64,
    /// Probability that the bound fails.
    pub delta: f64,
    /// The order of Rényi's divergence that gave the bound; 256, the last, hints that a higher one
    /// would give a slightly smaller epsilon.
    pub order: u32,
}

/// The privacy spent so far, over any number of phases.
///
/// It holds Rényi's divergence at the orders 2 to 256, which adds up over steps whatever their
/// setting; epsilons do not. Serializable, so that later training on the same people counts on.
///
/// # Source
/// Mironov (2017), "Rényi Differential Privacy", for the composition; Balle et al. (2020),
/// "Hypothesis Testing Interpretations and Rényi Differential Privacy", theorem 21, for epsilon.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Accountant {
    divergences: Vec<f64>,
}

impl Default for Accountant {
    fn default() -> Self {
        Self::new()
    }
}

impl Accountant {
    /// Nothing spent.
    pub fn new() -> Self {
        Self {
            divergences: vec![0.0; ORDERS.count()],
        }
    }

    /// Adds a phase.
    ///
    /// # Errors
    /// [`PrivacyError::SamplingRate`] or [`PrivacyError::NoiseMultiplier`] when out of range;
    /// nothing is added then.
    pub fn spend(&mut self, phase: &Phase) -> Result<(), PrivacyError> {
        let step = phase.check()?.step_divergences();
        for (total, step) in self.divergences.iter_mut().zip(step) {
            *total += phase.n_steps as f64 * step;
        }
        Ok(())
    }

    /// The guarantee that holds for all phases together.
    ///
    /// `ε = min_α R(α) + ln((α - 1) / α) - (ln δ + ln α) / (α - 1)`, at least 0.
    ///
    /// # Errors
    /// [`PrivacyError::Delta`] unless `delta` lies in `(0, 1)`.
    pub fn guarantee(&self, delta: f64) -> Result<Guarantee, PrivacyError> {
        require_delta(delta)?;
        let epsilon_at = |(order, divergence): (u32, &f64)| {
            // Nothing was told, so nothing can be learned; the conversion alone would not say so.
            if *divergence == 0.0 {
                return (order, 0.0);
            }
            let alpha = f64::from(order);
            let epsilon =
                divergence + (-1.0 / alpha).ln_1p() - (delta.ln() + alpha.ln()) / (alpha - 1.0);
            (order, epsilon.max(0.0))
        };
        let (order, epsilon) = ORDERS
            .zip(&self.divergences)
            .map(epsilon_at)
            .min_by(|(_, a), (_, b)| a.total_cmp(b))
            .expect("there are orders");
        Ok(Guarantee {
            epsilon,
            delta,
            order,
        })
    }
}

/// A phase in range.
struct ValidPhase<'a>(&'a Phase);

impl Phase {
    fn check(&self) -> Result<ValidPhase<'_>, PrivacyError> {
        if !(0.0..=1.0).contains(&self.sampling_rate) {
            return Err(PrivacyError::SamplingRate(self.sampling_rate));
        }
        if !(self.noise_multiplier > 0.0 && self.noise_multiplier.is_finite()) {
            return Err(PrivacyError::NoiseMultiplier(self.noise_multiplier));
        }
        Ok(ValidPhase(self))
    }
}

impl ValidPhase<'_> {
    fn step_divergences(&self) -> Vec<f64> {
        divergences(self.0.sampling_rate, self.0.noise_multiplier)
    }
}

pub(super) fn require_delta(delta: f64) -> Result<(), PrivacyError> {
    if delta > 0.0 && delta < 1.0 {
        return Ok(());
    }
    Err(PrivacyError::Delta(delta))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phase(sampling_rate: f64, noise_multiplier: f64, n_steps: u64) -> Phase {
        Phase {
            sampling_rate,
            noise_multiplier,
            n_steps,
        }
    }

    fn spent(phases: &[Phase]) -> Accountant {
        let mut accountant = Accountant::new();
        for phase in phases {
            accountant.spend(phase).unwrap();
        }
        accountant
    }

    /// Source: the same sums in Python with 60 digits (mpmath).
    #[test]
    fn epsilons_agree_with_exact_sums() {
        for (phase, expected, order) in [
            (phase(0.01, 1.1, 1000), 1.725291, 9),
            (phase(0.01, 1.0, 10_000), 6.719402, 4),
            (phase(256.0 / 60_000.0, 1.3, 3525), 0.955774, 17),
            (phase(0.05, 2.0, 400), 2.462720, 8),
            (phase(1.0, 10.0, 10), 1.308497, 14),
        ] {
            let guarantee = spent(&[phase]).guarantee(1e-5).unwrap();

            assert!((guarantee.epsilon - expected).abs() < 5e-7, "{guarantee:?}");
            assert_eq!(guarantee.order, order);
        }
    }

    #[test]
    fn two_halves_cost_as_much_as_the_whole() {
        let whole = spent(&[phase(0.02, 1.2, 500)]);
        let halves = spent(&[phase(0.02, 1.2, 200), phase(0.02, 1.2, 300)]);

        let (whole, halves) = (whole.guarantee(1e-6), halves.guarantee(1e-6));

        assert!((whole.unwrap().epsilon - halves.unwrap().epsilon).abs() < 1e-12);
    }

    #[test]
    fn phases_together_cost_less_than_their_epsilons_added() {
        let (loud, quiet) = (phase(0.02, 0.9, 300), phase(0.01, 1.5, 2000));
        let epsilon = |phases: &[Phase]| spent(phases).guarantee(1e-5).unwrap().epsilon;

        let together = epsilon(&[loud, quiet]);

        assert!(together > epsilon(&[loud]) && together > epsilon(&[quiet]));
        assert!(together < epsilon(&[loud]) + epsilon(&[quiet]));
    }

    #[test]
    fn more_noise_or_fewer_people_or_a_larger_delta_cost_less() {
        let base = spent(&[phase(0.02, 1.0, 300)]).guarantee(1e-5).unwrap();

        for (other, delta) in [
            (phase(0.02, 1.5, 300), 1e-5),
            (phase(0.01, 1.0, 300), 1e-5),
            (phase(0.02, 1.0, 300), 1e-3),
        ] {
            assert!(spent(&[other]).guarantee(delta).unwrap().epsilon < base.epsilon);
        }
    }

    #[test]
    fn nothing_spent_is_perfect_privacy() {
        assert_eq!(Accountant::new().guarantee(1e-5).unwrap().epsilon, 0.0);
        assert_eq!(
            spent(&[phase(0.0, 1.0, 1000)])
                .guarantee(1e-5)
                .unwrap()
                .epsilon,
            0.0
        );
    }

    #[test]
    fn an_accountant_survives_being_written_down() {
        let before = spent(&[phase(0.02, 1.2, 200)]);

        let json = serde_json::to_string(&before).unwrap();
        let after: Accountant = serde_json::from_str(&json).unwrap();

        assert_eq!(before, after);
    }

    #[test]
    fn nonsense_is_refused_and_costs_nothing() {
        let mut accountant = Accountant::new();

        for rate in [-0.1, 1.1, f64::NAN] {
            assert!(matches!(
                accountant.spend(&phase(rate, 1.0, 1)),
                Err(PrivacyError::SamplingRate(_))
            ));
        }
        for noise in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(
                accountant.spend(&phase(0.1, noise, 1)),
                Err(PrivacyError::NoiseMultiplier(_))
            ));
        }
        for delta in [0.0, 1.0, -1.0, f64::NAN] {
            assert!(matches!(
                accountant.guarantee(delta),
                Err(PrivacyError::Delta(_))
            ));
        }
        assert_eq!(accountant, Accountant::new());
    }
}
