//! Training that tells little about any one example: how, how much noise that takes, and what it
//! spent in the end.

use rand::RngExt;
use rapport_learn::privacy::{
    Accountant, Guarantee, NoiseKey, NoiseTarget, Phase, noise_multiplier_for,
};
use serde::{Deserialize, Serialize};

use super::TrainParams;
use crate::NnError;

/// How examples are kept private: each gradient is shortened, and noise hides what is left of it
/// (DP-SGD).
///
/// A step draws every example by itself with the same probability (Poisson sampling), which is what
/// the count of the loss assumes; shuffled batches would be counted wrongly. The number of examples
/// counts as known. Not covered are the curves of the training, held-back examples that choose the best epoch, and whatever was
/// fitted to the examples beforehand, such as scales and vocabularies.
///
/// # Source
/// Abadi et al. (2016), "Deep Learning with Differential Privacy".
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PrivacyParams {
    /// The longest gradient of one example over all weights together; longer ones are shortened to
    /// it. An infinite one shortens nothing, and takes no noise.
    pub clip_norm: f64,
    /// Deviation of the noise on every weight's summed gradient, over `clip_norm`. Without noise
    /// there is no guarantee.
    pub noise_multiplier: f64,
    /// The probability with which the guarantee may fail; well below 1 / examples.
    pub delta: f64,
    /// What noise and batches are drawn from.
    pub key: NoiseKey,
}

/// A guarantee that a training shall keep.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PrivacyTarget {
    /// The largest privacy loss, in nats.
    pub epsilon: f64,
    /// The probability with which the guarantee may fail; well below 1 / examples.
    pub delta: f64,
    /// The longest gradient of one example.
    pub clip_norm: f64,
}

/// What a training told about any one example.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PrivacySpent {
    /// The steps that were made.
    pub phase: Phase,
    /// What they guarantee together; `None` without noise.
    pub guarantee: Option<Guarantee>,
}

impl PrivacyTarget {
    /// The least noise with which a training on so many examples keeps the guarantee, should it make
    /// all of its epochs.
    ///
    /// # Errors
    /// [`NnError::NoExamples`], and [`NnError::Privacy`] for a target that is out of range or out of
    /// reach.
    pub fn plan(
        &self,
        n_examples: usize,
        params: &TrainParams,
        key: NoiseKey,
    ) -> Result<PrivacyParams, NnError> {
        if n_examples == 0 {
            return Err(NnError::NoExamples);
        }
        let lot = Lot::of(params, n_examples);
        let noise_multiplier = noise_multiplier_for(&NoiseTarget {
            sampling_rate: lot.sampling_rate(),
            n_steps: (lot.n_steps_per_epoch() * params.n_epochs) as u64,
            epsilon: self.epsilon,
            delta: self.delta,
        })?;
        Ok(PrivacyParams {
            clip_norm: self.clip_norm,
            noise_multiplier,
            delta: self.delta,
            key,
        })
    }
}

impl PrivacyParams {
    pub(super) fn check(&self) -> Result<(), NnError> {
        let (clip, noise) = (self.clip_norm, self.noise_multiplier);
        NnError::require(clip > 0.0, "privacy's clip_norm is positive")?;
        NnError::require(
            noise >= 0.0 && noise.is_finite(),
            "noise_multiplier is a number from 0 up",
        )?;
        NnError::require(
            clip.is_finite() || noise == 0.0,
            "noise needs a finite clip_norm",
        )?;
        NnError::require(
            self.delta > 0.0 && self.delta < 1.0,
            "delta lies between 0 and 1",
        )
    }

    /// Deviation of the noise on each weight's summed gradient.
    pub(super) fn deviation(&self) -> f64 {
        if self.noise_multiplier == 0.0 {
            0.0
        } else {
            self.noise_multiplier * self.clip_norm
        }
    }

    /// What so many steps told.
    pub(super) fn spent(&self, lot: Lot, n_steps: usize) -> Result<PrivacySpent, NnError> {
        let phase = Phase {
            sampling_rate: lot.sampling_rate(),
            noise_multiplier: self.noise_multiplier,
            n_steps: n_steps as u64,
        };
        let guarantee = if self.noise_multiplier == 0.0 {
            None
        } else {
            let mut accountant = Accountant::new();
            accountant.spend(&phase)?;
            Some(accountant.guarantee(self.delta)?)
        };
        Ok(PrivacySpent { phase, guarantee })
    }
}

/// The examples of a step: how many there are on average, of how many.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lot {
    n_examples: usize,
    n_wanted: usize,
}

impl Lot {
    pub(super) fn of(params: &TrainParams, n_examples: usize) -> Self {
        let n_wanted = params.batch_size * params.n_accumulated;
        Self {
            n_examples,
            n_wanted: n_wanted.min(n_examples),
        }
    }

    /// Examples of a step, on average.
    pub(super) fn n_wanted(self) -> usize {
        self.n_wanted
    }

    /// Steps that see as many examples as there are, on average.
    pub(super) fn n_steps_per_epoch(self) -> usize {
        self.n_examples.div_ceil(self.n_wanted)
    }

    fn sampling_rate(self) -> f64 {
        self.n_wanted as f64 / self.n_examples as f64
    }

    /// The examples of one step, each drawn by itself: a function of key and step alone.
    /// Nobody may know who was drawn either: the count of the loss rests on it.
    pub(super) fn draw(self, key: &NoiseKey, step: usize) -> Vec<usize> {
        let mut rng = key.rng(&format!("examples of step {step}"));
        let rate = self.sampling_rate();
        (0..self.n_examples)
            .filter(|_| rng.random::<f64>() < rate)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOT: Lot = Lot {
        n_examples: 1000,
        n_wanted: 50,
    };

    /// Poisson sampling: sizes vary like a binomial's, and examples come independently of each other.
    #[test]
    fn every_example_is_drawn_by_itself() {
        let draws: Vec<Vec<usize>> = (0..2000)
            .map(|step| LOT.draw(&NoiseKey::known(7), step))
            .collect();

        let sizes: Vec<f64> = draws.iter().map(|draw| draw.len() as f64).collect();
        let mean = rapport_learn::stats::mean(&sizes);
        let variance = rapport_learn::stats::variance(&sizes);
        // Four standard errors around 1000 * 0.05 and 1000 * 0.05 * 0.95.
        assert!((mean - 50.0).abs() < 0.62, "{mean}");
        assert!((variance - 47.5).abs() < 6.1, "{variance}");
        let both = draws
            .iter()
            .filter(|draw| draw.contains(&3) && draw.contains(&4));
        let n_both = both.count();
        assert!(n_both <= 14, "{n_both}, 5 are expected");
        let n_third = draws.iter().filter(|draw| draw.contains(&3)).count();
        assert!((61..=139).contains(&n_third), "{n_third}, 100 are expected");
    }

    #[test]
    fn draws_repeat_with_the_key_and_differ_by_step() {
        assert_eq!(
            LOT.draw(&NoiseKey::known(7), 1),
            LOT.draw(&NoiseKey::known(7), 1)
        );
        assert_ne!(
            LOT.draw(&NoiseKey::known(7), 1),
            LOT.draw(&NoiseKey::known(7), 2)
        );
        assert_ne!(
            LOT.draw(&NoiseKey::known(7), 1),
            LOT.draw(&NoiseKey::known(8), 1)
        );
    }

    #[test]
    fn a_plan_keeps_its_guarantee_and_wastes_little() {
        let params = TrainParams {
            n_epochs: 10,
            batch_size: 256,
            ..TrainParams::default()
        };
        for epsilon in [1.0, 3.0, 8.0] {
            let target = PrivacyTarget {
                epsilon,
                delta: 1e-5,
                clip_norm: 1.0,
            };

            let planned = target.plan(30_000, &params, NoiseKey::known(1)).unwrap();

            let lot = Lot::of(&params, 30_000);
            let spent = planned.spent(lot, 10 * lot.n_steps_per_epoch()).unwrap();
            let found = spent.guarantee.unwrap().epsilon;
            assert!(found <= epsilon && found > 0.999 * epsilon, "{found}");
        }
    }

    #[test]
    fn without_noise_there_is_no_guarantee() {
        let params = PrivacyParams {
            clip_norm: 1.0,
            noise_multiplier: 0.0,
            delta: 1e-5,
            key: NoiseKey::known(1),
        };

        assert_eq!(params.spent(LOT, 10).unwrap().guarantee, None);
    }

    #[test]
    fn privacy_out_of_range_is_refused_by_name() {
        let params = PrivacyParams {
            clip_norm: 1.0,
            noise_multiplier: 1.0,
            delta: 1e-5,
            key: NoiseKey::known(1),
        };
        for (wrong, name) in [
            (
                PrivacyParams {
                    clip_norm: 0.0,
                    ..params
                },
                "clip_norm",
            ),
            (
                PrivacyParams {
                    clip_norm: f64::INFINITY,
                    ..params
                },
                "finite clip_norm",
            ),
            (
                PrivacyParams {
                    noise_multiplier: f64::NAN,
                    ..params
                },
                "noise_multiplier",
            ),
            (
                PrivacyParams {
                    delta: 0.0,
                    ..params
                },
                "delta",
            ),
        ] {
            let error = wrong.check().unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
        assert!(params.check().is_ok());
    }
}
