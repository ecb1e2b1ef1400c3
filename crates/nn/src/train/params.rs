//! How a training is done.

use rapport_learn::Check;
use serde::{Deserialize, Serialize};

use super::{OptimizerParams, PrivacyParams, Schedule};
use crate::NnError;

/// Parameters of a training, with the defaults that fit most tables and texts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainParams {
    /// Passes over the examples.
    pub n_epochs: usize,
    /// Examples per batch.
    pub batch_size: usize,
    /// Batches whose gradients are added up before a step.
    pub n_accumulated: usize,
    /// How steps are made.
    pub optimizer: OptimizerParams,
    /// How far steps go.
    pub learning_rate: f64,
    /// The learning rate over the steps.
    pub schedule: Schedule,
    /// The longest gradient over all weights together; longer ones are shortened to it.
    pub clip_norm: Option<f64>,
    /// Epochs without a better validation before the training stops; the best network is kept either
    /// way.
    pub patience: Option<usize>,
    /// How single examples are kept private; not at all when absent. A step then sees `batch_size`
    /// times `n_accumulated` examples on average, drawn anew.
    pub privacy: Option<PrivacyParams>,
}

impl Default for TrainParams {
    fn default() -> Self {
        Self {
            n_epochs: 10,
            batch_size: 64,
            n_accumulated: 1,
            optimizer: OptimizerParams::default(),
            learning_rate: 1e-3,
            schedule: Schedule::Constant,
            clip_norm: Some(1.0),
            patience: None,
            privacy: None,
        }
    }
}

/// Parameters in range.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidTrainParams(TrainParams);

impl ValidTrainParams {
    /// The parameters.
    pub fn get(&self) -> &TrainParams {
        &self.0
    }
}

impl Check for TrainParams {
    type Valid = ValidTrainParams;
    type Error = NnError;

    fn check(self) -> Result<ValidTrainParams, NnError> {
        NnError::require(self.n_epochs > 0, "n_epochs is positive")?;
        NnError::require(self.batch_size > 0, "batch_size is positive")?;
        NnError::require(self.n_accumulated > 0, "n_accumulated is positive")?;
        let rate = self.learning_rate;
        NnError::require(rate > 0.0 && rate.is_finite(), "learning_rate is positive")?;
        let clip = self.clip_norm.unwrap_or(1.0);
        NnError::require(clip > 0.0, "clip_norm is positive or absent")?;
        let share = match self.schedule {
            Schedule::Constant => 0.0,
            Schedule::Linear { warm_up } | Schedule::Cosine { warm_up, .. } => warm_up,
        };
        NnError::require((0.0..1.0).contains(&share), "warm_up is in [0, 1)")?;
        self.optimizer.check()?;
        if let Some(privacy) = &self.privacy {
            privacy.check()?;
        }
        Ok(ValidTrainParams(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_out_of_range_are_refused_by_name() {
        let wrong = [
            (
                TrainParams {
                    n_epochs: 0,
                    ..Default::default()
                },
                "n_epochs",
            ),
            (
                TrainParams {
                    batch_size: 0,
                    ..Default::default()
                },
                "batch_size",
            ),
            (
                TrainParams {
                    n_accumulated: 0,
                    ..Default::default()
                },
                "n_accumulated",
            ),
            (
                TrainParams {
                    learning_rate: f64::NAN,
                    ..Default::default()
                },
                "learning_rate",
            ),
            (
                TrainParams {
                    clip_norm: Some(0.0),
                    ..Default::default()
                },
                "clip_norm",
            ),
            (
                TrainParams {
                    schedule: Schedule::Linear { warm_up: 1.0 },
                    ..Default::default()
                },
                "warm_up",
            ),
        ];
        for (params, name) in wrong {
            let error = params.check().unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
        assert!(TrainParams::default().check().is_ok());
    }
}
