//! The noise that a wanted guarantee takes.

use super::{Accountant, Phase, PrivacyError, accountant::require_delta};

/// The weakest noise that is looked for: below it no order gives a useful bound.
const NOISE_MIN: f64 = 0.05;
/// The strongest noise that is looked for: nothing is learned under more.
const NOISE_MAX: f64 = 10_000.0;
/// Halvings of the logarithm of the bracket: the result is exact to about twelve digits.
const N_HALVINGS: u32 = 45;

/// A planned training and the guarantee that it shall have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NoiseTarget {
    /// Probability that a person takes part in a step, `[0, 1]`.
    pub sampling_rate: f64,
    /// Number of steps.
    pub n_steps: u64,
    /// The largest privacy loss allowed, in nats.
    pub epsilon: f64,
    /// The probability with which the bound may fail.
    pub delta: f64,
}

/// The smallest noise multiplier whose guarantee is within the target, by bisection.
///
/// Never less than 0.05: training without noise is no private training.
///
/// # Errors
/// A target out of range, or [`PrivacyError::OutOfReach`].
pub fn noise_multiplier_for(target: &NoiseTarget) -> Result<f64, PrivacyError> {
    require_delta(target.delta)?;
    if !(target.epsilon > 0.0 && target.epsilon.is_finite()) {
        return Err(PrivacyError::Epsilon(target.epsilon));
    }
    if is_within(target, NOISE_MIN)? {
        return Ok(NOISE_MIN);
    }
    if !is_within(target, NOISE_MAX)? {
        return Err(PrivacyError::OutOfReach {
            epsilon: target.epsilon,
            noise_multiplier: NOISE_MAX,
        });
    }
    let (mut too_weak, mut enough) = (NOISE_MIN, NOISE_MAX);
    for _ in 0..N_HALVINGS {
        let middle = (too_weak * enough).sqrt();
        if is_within(target, middle)? {
            enough = middle;
        } else {
            too_weak = middle;
        }
    }
    Ok(enough)
}

fn is_within(target: &NoiseTarget, noise_multiplier: f64) -> Result<bool, PrivacyError> {
    let mut accountant = Accountant::new();
    accountant.spend(&Phase {
        sampling_rate: target.sampling_rate,
        noise_multiplier,
        n_steps: target.n_steps,
    })?;
    Ok(accountant.guarantee(target.delta)?.epsilon <= target.epsilon)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TARGET: NoiseTarget = NoiseTarget {
        sampling_rate: 0.01,
        n_steps: 1000,
        epsilon: 1.725291,
        delta: 1e-5,
    };

    #[test]
    fn the_noise_of_a_known_epsilon_is_found_again() {
        let noise = noise_multiplier_for(&TARGET).unwrap();

        assert!((noise - 1.1).abs() < 1e-5, "{noise}");
    }

    #[test]
    fn the_noise_found_keeps_the_promise_and_a_little_less_breaks_it() {
        for epsilon in [0.3, 1.0, 8.0] {
            let target = NoiseTarget { epsilon, ..TARGET };

            let noise = noise_multiplier_for(&target).unwrap();

            assert!(is_within(&target, noise).unwrap());
            assert!(!is_within(&target, 0.9999 * noise).unwrap());
        }
    }

    #[test]
    fn an_epsilon_beyond_the_strongest_noise_is_refused() {
        let target = NoiseTarget {
            sampling_rate: 1.0,
            epsilon: 1e-9,
            ..TARGET
        };

        assert!(matches!(
            noise_multiplier_for(&target),
            Err(PrivacyError::OutOfReach { .. })
        ));
    }

    #[test]
    fn a_generous_epsilon_still_gets_noise() {
        let target = NoiseTarget {
            n_steps: 1,
            epsilon: 1e6,
            ..TARGET
        };

        assert_eq!(noise_multiplier_for(&target), Ok(NOISE_MIN));
    }

    #[test]
    fn a_target_out_of_range_is_refused() {
        let epsilon = NoiseTarget {
            epsilon: 0.0,
            ..TARGET
        };
        let delta = NoiseTarget {
            delta: 2.0,
            ..TARGET
        };
        let rate = NoiseTarget {
            sampling_rate: 3.0,
            ..TARGET
        };

        assert_eq!(
            noise_multiplier_for(&epsilon),
            Err(PrivacyError::Epsilon(0.0))
        );
        assert_eq!(noise_multiplier_for(&delta), Err(PrivacyError::Delta(2.0)));
        assert_eq!(
            noise_multiplier_for(&rate),
            Err(PrivacyError::SamplingRate(3.0))
        );
    }
}
