//! How a generator of histories is trained.

use rapport_learn::Check;
use serde::{Deserialize, Serialize};

use crate::NnError;
use crate::ops::Cell;
use crate::train::AdamWParams;

/// Parameters of a generative adversarial network for histories.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeriesGanParams {
    /// What happens at each step, in both networks.
    pub cell: Cell,
    /// Numbers of noise of each step, and as many once for the whole history.
    pub n_noise: usize,
    /// Numbers of each recurrent layer.
    pub n_hidden: usize,
    /// Recurrent layers of each network.
    pub n_layers: usize,
    /// Steps of the generator.
    pub n_steps: usize,
    /// Histories per step.
    pub batch_size: usize,
    /// Steps of the discriminator for each one of the generator.
    pub n_discriminator_steps: usize,
    /// How far steps of the generator go.
    pub learning_rate: f64,
    /// How far steps of the discriminator go.
    pub discriminator_learning_rate: f64,
    /// How steps are made.
    pub optimizer: AdamWParams,
    /// Deviation of the noise on what the discriminator sees, in standard deviations of the
    /// features, at the first step; it falls to zero at the last.
    pub blur: f64,
    /// How much of the average of the generator's weights stays at each step; the average makes the
    /// histories.
    pub averaging: f64,
}

impl Default for SeriesGanParams {
    fn default() -> Self {
        Self {
            cell: Cell::Gru,
            n_noise: 4,
            n_hidden: 32,
            n_layers: 1,
            n_steps: 2000,
            batch_size: 64,
            n_discriminator_steps: 1,
            learning_rate: 1e-3,
            discriminator_learning_rate: 2e-3,
            optimizer: AdamWParams {
                beta_1: 0.5,
                beta_2: 0.9,
                epsilon: 1e-8,
                weight_decay: 0.0,
            },
            blur: 0.2,
            averaging: 0.99,
        }
    }
}

/// Checked [`SeriesGanParams`].
#[derive(Debug, Clone, PartialEq)]
pub struct ValidSeriesGanParams(SeriesGanParams);

impl ValidSeriesGanParams {
    /// The parameters.
    pub fn get(&self) -> &SeriesGanParams {
        &self.0
    }
}

impl Check for SeriesGanParams {
    type Valid = ValidSeriesGanParams;
    type Error = NnError;

    fn check(self) -> Result<ValidSeriesGanParams, NnError> {
        let require = NnError::require;
        let positive = |x: f64| x > 0.0 && x.is_finite();
        for (n, sentence) in [
            (self.n_noise, "n_noise is positive"),
            (self.n_hidden, "n_hidden is positive"),
            (self.n_layers, "n_layers is positive"),
            (self.n_steps, "n_steps is positive"),
            (self.batch_size, "batch_size is positive"),
            (
                self.n_discriminator_steps,
                "n_discriminator_steps is positive",
            ),
        ] {
            require(n > 0, sentence)?;
        }
        require(positive(self.learning_rate), "learning_rate is positive")?;
        require(
            positive(self.discriminator_learning_rate),
            "discriminator_learning_rate is positive",
        )?;
        require(
            self.blur >= 0.0 && self.blur.is_finite(),
            "blur is not negative",
        )?;
        require(
            (0.0..1.0).contains(&self.averaging),
            "averaging is in [0, 1)",
        )?;
        Ok(ValidSeriesGanParams(self))
    }
}
