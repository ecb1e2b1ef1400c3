//! Logistic regression that tells little about any one row.

use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::{
    Accountant, Guarantee, NoiseKey, NoiseTarget, Phase, PrivacyError, noise_multiplier_for,
};
use crate::{Check, Context, Dataset, Fit, LearnError, Matrix, Predict, standard_normal};

/// How to fit with privacy.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PrivateLogisticParams {
    /// The largest privacy loss allowed, in nats.
    pub epsilon: f64,
    /// The probability with which the bound may fail; well below 1 / rows.
    pub delta: f64,
    /// Steps of gradient descent over all rows, at least 1. Default 100; more steps need more noise.
    pub n_steps: u64,
    /// The largest pull of one row on the coefficients, above 0. Default 1.
    pub clip_norm: f64,
    /// Length of a step, above 0. Default 1, which suits standardized features.
    pub learning_rate: f64,
    /// What the noise comes from.
    pub key: NoiseKey,
}

/// Checked [`PrivateLogisticParams`], with the noise that they take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValidPrivateLogisticParams {
    params: PrivateLogisticParams,
    noise_multiplier: f64,
}

/// Logistic regression by gradient descent with clipped rows and normal noise.
///
/// Whoever sees the coefficients can hardly tell whether any one row was there: `guarantee` says how
/// hardly. The number of rows counts as known. Scale the features beforehand by what is known about
/// them without looking at the rows, or the scaling tells what the fit hides.
///
/// # Source
/// Abadi et al. (2016), "Deep Learning with Differential Privacy", algorithm 1, with all rows in
/// every step; Bassily, Smith & Thakurta (2014) for convex losses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PrivateLogistic {
    coefficients: Vec<f64>,
    intercept: f64,
    guarantee: Guarantee,
}

/// Why a private fit failed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PrivateFitError {
    /// A setting or the guarantee is out of range.
    #[error(transparent)]
    Privacy(#[from] PrivacyError),
    /// The rows cannot be learned from.
    #[error(transparent)]
    Learn(#[from] LearnError),
    /// A row without a yes or no.
    #[error("row {row} has the target {target}; private logistic regression needs 0 or 1")]
    Target {
        /// Row, from 0.
        row: usize,
        /// Its target.
        target: f64,
    },
    /// Nothing to learn.
    #[error("the data set has no targets; give 0 or 1 for every row")]
    NoTargets,
}

impl PrivateLogisticParams {
    /// The defaults for a guarantee.
    pub fn new(epsilon: f64, delta: f64, key: NoiseKey) -> Self {
        Self {
            epsilon,
            delta,
            n_steps: 100,
            clip_norm: 1.0,
            learning_rate: 1.0,
            key,
        }
    }
}

impl Check for PrivateLogisticParams {
    type Valid = ValidPrivateLogisticParams;
    type Error = PrivateFitError;

    fn check(self) -> Result<ValidPrivateLogisticParams, PrivateFitError> {
        if self.n_steps == 0 {
            return Err(refusal("n_steps", "0", "there is at least 1 step"));
        }
        for (name, value) in [
            ("clip_norm", self.clip_norm),
            ("learning_rate", self.learning_rate),
        ] {
            if !(value > 0.0 && value.is_finite()) {
                let value = value.to_string();
                return Err(refusal(name, &value, "it is a finite number above 0"));
            }
        }
        let noise_multiplier = noise_multiplier_for(&NoiseTarget {
            sampling_rate: 1.0,
            n_steps: self.n_steps,
            epsilon: self.epsilon,
            delta: self.delta,
        })?;
        Ok(ValidPrivateLogisticParams {
            params: self,
            noise_multiplier,
        })
    }
}

fn refusal(name: &'static str, value: &str, allowed: &'static str) -> PrivateFitError {
    PrivateFitError::Learn(LearnError::Parameter {
        name,
        value: value.into(),
        allowed,
    })
}

impl Fit<Dataset> for ValidPrivateLogisticParams {
    type Model = PrivateLogistic;
    type Error = PrivateFitError;

    fn fit(
        &self,
        data: &Dataset,
        context: &Context<'_>,
    ) -> Result<PrivateLogistic, PrivateFitError> {
        let targets = data.targets.as_ref().ok_or(PrivateFitError::NoTargets)?;
        require_binary(targets)?;
        data.records.require_finite()?;
        if targets.is_empty() {
            return Err(PrivateFitError::Learn(LearnError::TooFewRows {
                needed: 1,
                found: 0,
            }));
        }
        let mut generator = self.params.key.rng("private logistic");
        // The intercept is the last weight.
        let mut weights = vec![0.0; data.records.n_columns() + 1];
        let mut averages = weights.clone();
        for step in 0..self.params.n_steps {
            context.proceed()?;
            let gradient = self.noisy_gradient(&data.records, targets, &weights, &mut generator);
            for ((weight, average), slope) in weights.iter_mut().zip(&mut averages).zip(gradient) {
                *weight -= self.params.learning_rate * slope;
                // The mean over the second half of the steps: most of the noise cancels out.
                if 2 * (step + 1) > self.params.n_steps {
                    *average += *weight;
                }
            }
        }
        let n_averaged = self.params.n_steps - self.params.n_steps / 2;
        let mut coefficients: Vec<f64> =
            averages.iter().map(|sum| sum / n_averaged as f64).collect();
        let intercept = coefficients.pop().expect("the intercept is a weight");
        Ok(PrivateLogistic {
            coefficients,
            intercept,
            guarantee: self.guarantee()?,
        })
    }
}

impl ValidPrivateLogisticParams {
    /// Deviation of the noise over the clipping norm.
    pub fn noise_multiplier(&self) -> f64 {
        self.noise_multiplier
    }

    fn guarantee(&self) -> Result<Guarantee, PrivacyError> {
        let mut accountant = Accountant::new();
        accountant.spend(&Phase {
            sampling_rate: 1.0,
            noise_multiplier: self.noise_multiplier,
            n_steps: self.params.n_steps,
        })?;
        accountant.guarantee(self.params.delta)
    }

    /// Mean over rows of their clipped gradients, plus noise, `(d + 1,)`.
    fn noisy_gradient(
        &self,
        records: &Matrix,
        targets: &[f64],
        weights: &[f64],
        generator: &mut ChaCha8Rng,
    ) -> Vec<f64> {
        let clip = self.params.clip_norm;
        let mut sum = vec![0.0; weights.len()];
        for (row, target) in records.rows().zip(targets) {
            let error = probability(row, weights) - target;
            // The gradient is the error times the row with a 1 for the intercept.
            let norm = error.abs() * (1.0 + row.iter().map(|x| x * x).sum::<f64>()).sqrt();
            let scale = error * (clip / norm.max(clip));
            for (total, x) in sum.iter_mut().zip(row.iter().chain(&[1.0])) {
                *total += scale * x;
            }
        }
        let deviation = self.noise_multiplier * clip;
        sum.iter()
            .map(|total| (total + deviation * standard_normal(generator)) / targets.len() as f64)
            .collect()
    }
}

impl PrivateLogistic {
    /// One per feature, in log-odds per unit.
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// Log-odds where all features are 0.
    pub fn intercept(&self) -> f64 {
        self.intercept
    }

    /// What an observer can learn of any one row.
    pub fn guarantee(&self) -> Guarantee {
        self.guarantee
    }
}

impl Predict<Matrix> for PrivateLogistic {
    /// Probability of a 1, `(n_samples,)`.
    type Prediction = Vec<f64>;
    type Error = LearnError;

    fn predict(&self, records: &Matrix) -> Result<Vec<f64>, LearnError> {
        records.require_columns(self.coefficients.len())?;
        let mut weights = self.coefficients.clone();
        weights.push(self.intercept);
        Ok(records
            .rows()
            .map(|row| probability(row, &weights))
            .collect())
    }
}

fn probability(row: &[f64], weights: &[f64]) -> f64 {
    let with_one = row.iter().chain(&[1.0]);
    let log_odds: f64 = with_one.zip(weights).map(|(x, weight)| x * weight).sum();
    1.0 / (1.0 + (-log_odds).exp())
}

fn require_binary(targets: &[f64]) -> Result<(), PrivateFitError> {
    match targets
        .iter()
        .position(|&target| target != 0.0 && target != 1.0)
    {
        None => Ok(()),
        Some(row) => Err(PrivateFitError::Target {
            row,
            target: targets[row],
        }),
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;
    use crate::metrics::auc;
    use crate::{Cancellation, Silent, rng};

    /// Log-odds `1.5 x - y + 0.5` of standard normal features.
    fn planted(n: usize, seed: u64) -> Dataset {
        let mut generator = rng(seed, "planted logistic");
        let mut values = Vec::new();
        let mut targets = Vec::new();
        for _ in 0..n {
            let row = [
                standard_normal(&mut generator),
                standard_normal(&mut generator),
            ];
            let chance = probability(&row, &[1.5, -1.0, 0.5]);
            targets.push(f64::from(u8::from(generator.random::<f64>() < chance)));
            values.extend(row);
        }
        let records = Matrix::new(n, 2, values).unwrap();
        Dataset::new(records, vec!["x".into(), "y".into()])
            .and_then(|data| data.with_targets(targets))
            .unwrap()
    }

    fn fitted(epsilon: f64, data: &Dataset, seed: u64) -> PrivateLogistic {
        let cancel = Cancellation::default();
        PrivateLogisticParams::new(epsilon, 1e-6, NoiseKey::known(seed))
            .check()
            .unwrap()
            .fit(data, &Context::new(1, &Silent, &cancel))
            .unwrap()
    }

    fn area(model: &PrivateLogistic, data: &Dataset) -> f64 {
        let outcomes: Vec<bool> = data
            .targets
            .as_ref()
            .unwrap()
            .iter()
            .map(|&t| t == 1.0)
            .collect();
        auc(&model.predict(&data.records).unwrap(), &outcomes).unwrap()
    }

    /// Clipping pulls coefficients toward 0 and leaves their ratio.
    #[test]
    fn with_many_rows_the_planted_direction_is_found() {
        let model = fitted(1.0, &planted(20_000, 1), 1);

        let ratio = model.coefficients()[0] / model.coefficients()[1];
        assert!((ratio + 1.5).abs() < 0.2, "{model:?}");
        assert!(model.intercept() > 0.1);
        assert!(model.guarantee().epsilon <= 1.0);
    }

    #[test]
    fn a_private_model_ranks_nearly_as_well_as_the_truth() {
        let model = fitted(1.0, &planted(5000, 2), 1);
        let truth = PrivateLogistic {
            coefficients: vec![1.5, -1.0],
            intercept: 0.5,
            ..model.clone()
        };
        let test = planted(5000, 3);

        assert!(area(&model, &test) > area(&truth, &test) - 0.01);
    }

    #[test]
    fn privacy_costs_accuracy() {
        let data = planted(300, 4);
        let spread = |epsilon| {
            let slopes: Vec<f64> = (0..10)
                .map(|seed| fitted(epsilon, &data, seed).coefficients()[0])
                .collect();
            crate::stats::variance(&slopes)
        };

        assert!(spread(0.2) > 5.0 * spread(5.0));
    }

    #[test]
    fn one_key_is_one_model() {
        let data = planted(200, 5);

        assert_eq!(fitted(1.0, &data, 1), fitted(1.0, &data, 1));
        assert_ne!(fitted(1.0, &data, 1), fitted(1.0, &data, 2));
    }

    #[test]
    fn what_cannot_be_fitted_is_refused() {
        let cancel = Cancellation::default();
        let context = Context::new(1, &Silent, &cancel);
        let params = PrivateLogisticParams::new(1.0, 1e-6, NoiseKey::known(1));
        let mut data = planted(10, 6);
        data.targets = None;
        let fit = |data: &Dataset| params.check().unwrap().fit(data, &context);

        assert_eq!(fit(&data), Err(PrivateFitError::NoTargets));
        data.targets = Some(vec![0.5; 10]);
        assert_eq!(
            fit(&data),
            Err(PrivateFitError::Target {
                row: 0,
                target: 0.5
            })
        );
        assert!(
            PrivateLogisticParams::new(0.0, 1e-6, NoiseKey::known(1))
                .check()
                .is_err()
        );
        assert!(
            PrivateLogisticParams {
                n_steps: 0,
                ..params
            }
            .check()
            .is_err()
        );
        assert!(
            PrivateLogisticParams {
                clip_norm: 0.0,
                ..params
            }
            .check()
            .is_err()
        );
    }
}
