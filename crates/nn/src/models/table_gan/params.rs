//! How a generator of tables is trained.

use rapport_learn::Check;
use rapport_learn::transform::ModeEncoderParams;
use serde::{Deserialize, Serialize};

use crate::NnError;
use crate::train::{AdamWParams, Schedule};

/// Parameters of a generative adversarial network for tables, with the defaults of the paper where it
/// names them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableGanParams {
    /// How columns of numbers become modes.
    pub modes: ModeEncoderParams,
    /// What the generator is told that a row is to be.
    pub condition_on: ConditionOn,
    /// A column of categories that the rows are to be good for predicting. A classifier learns it
    /// from the real rows, and made rows are to be as hard for it as real ones: neither harder,
    /// where columns would have lost their bearing on it, nor easier. The target of a made row is then
    /// drawn from what that classifier says of its other columns.
    pub target: Option<String>,
    /// How much the classifier's word counts beside the discriminator's.
    pub target_weight: f64,
    /// Numbers of noise per row.
    pub n_noise: usize,
    /// Numbers that each residual layer of the generator adds.
    pub generator_hidden: Vec<usize>,
    /// Numbers of each hidden layer of the discriminator.
    pub discriminator_hidden: Vec<usize>,
    /// Share of the discriminator's hidden numbers dropped while training.
    pub dropout: f64,
    /// Rows that the discriminator judges together.
    pub pack: usize,
    /// What keeps the discriminator from jumping.
    pub lipschitz: Lipschitz,
    /// Temperature of the softmax over modes and categories.
    pub temperature: f64,
    /// Passes over as many rows as the table has.
    pub n_epochs: usize,
    /// Rows per step, a multiple of `pack`.
    pub batch_size: usize,
    /// Steps of the discriminator for each one of the generator.
    pub n_discriminator_steps: usize,
    /// How far steps of both go.
    pub learning_rate: f64,
    /// The learning rate over the steps.
    pub schedule: Schedule,
    /// How steps are made.
    pub optimizer: AdamWParams,
    /// How much of the average of the generator's weights stays at each step: the average makes the
    /// rows, the last weights swing around it. 0 keeps the last weights.
    pub averaging: f64,
}

/// What the generator is told that a row is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConditionOn {
    /// A category of one column; a mode in a table without categories.
    Categories,
    /// A category or a mode of one column.
    CategoriesAndModes,
}

/// What keeps the discriminator from jumping between real and made rows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lipschitz {
    /// A penalty on gradients of another length than 1, with the Wasserstein loss.
    GradientPenalty {
        /// How much it counts.
        weight: f64,
    },
    /// Weights divided by how far they stretch at most, with the hinge loss.
    Spectral,
}

impl Default for TableGanParams {
    fn default() -> Self {
        Self {
            modes: ModeEncoderParams::default(),
            condition_on: ConditionOn::Categories,
            target: None,
            target_weight: 1.0,
            n_noise: 128,
            generator_hidden: vec![256, 256],
            discriminator_hidden: vec![256, 256],
            dropout: 0.5,
            pack: 10,
            lipschitz: Lipschitz::GradientPenalty { weight: 10.0 },
            temperature: 0.2,
            n_epochs: 300,
            batch_size: 500,
            n_discriminator_steps: 1,
            learning_rate: 2e-4,
            schedule: Schedule::Constant,
            optimizer: AdamWParams {
                beta_1: 0.5,
                beta_2: 0.9,
                epsilon: 1e-8,
                weight_decay: 1e-6,
            },
            averaging: 0.999,
        }
    }
}

/// Checked [`TableGanParams`].
#[derive(Debug, Clone, PartialEq)]
pub struct ValidTableGanParams(TableGanParams);

impl ValidTableGanParams {
    /// The parameters.
    pub fn get(&self) -> &TableGanParams {
        &self.0
    }
}

impl Check for TableGanParams {
    type Valid = ValidTableGanParams;
    type Error = NnError;

    fn check(self) -> Result<ValidTableGanParams, NnError> {
        let positive = |x: f64| x > 0.0 && x.is_finite();
        let require = NnError::require;
        self.modes.clone().check()?;
        require(
            self.target_weight >= 0.0 && self.target_weight.is_finite(),
            "target_weight is not negative",
        )?;
        require(self.n_noise > 0, "n_noise is positive")?;
        require(
            !self.generator_hidden.contains(&0) && !self.discriminator_hidden.contains(&0),
            "generator_hidden and discriminator_hidden are positive",
        )?;
        require((0.0..1.0).contains(&self.dropout), "dropout is in [0, 1)")?;
        if let Lipschitz::GradientPenalty { weight } = self.lipschitz {
            require(positive(weight), "the weight of the penalty is positive")?;
        }
        require(positive(self.temperature), "temperature is positive")?;
        require(self.n_epochs > 0, "n_epochs is positive")?;
        require(
            self.pack > 0 && self.batch_size > 0 && self.batch_size.is_multiple_of(self.pack),
            "batch_size is a multiple of pack, both positive",
        )?;
        require(
            self.batch_size > 1,
            "batch_size is at least 2: batch norm needs two rows",
        )?;
        require(
            self.n_discriminator_steps > 0,
            "n_discriminator_steps is positive",
        )?;
        require(positive(self.learning_rate), "learning_rate is positive")?;
        require(
            (0.0..1.0).contains(&self.averaging),
            "averaging is in [0, 1)",
        )?;
        Ok(ValidTableGanParams(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_out_of_range_are_refused_by_name() {
        type Spoil = fn(&mut TableGanParams);
        let wrong: [(Spoil, &str); 8] = [
            (|p| p.modes.max_modes = 0, "max_modes"),
            (|p| p.n_noise = 0, "n_noise"),
            (|p| p.generator_hidden = vec![256, 0], "generator_hidden"),
            (|p| p.batch_size = 505, "batch_size is a multiple of pack"),
            (|p| p.temperature = 0.0, "temperature"),
            (|p| p.learning_rate = f64::NAN, "learning_rate"),
            (|p| p.averaging = 1.0, "averaging"),
            (
                |p| p.lipschitz = Lipschitz::GradientPenalty { weight: 0.0 },
                "penalty",
            ),
        ];
        for (spoil, name) in wrong {
            let mut params = TableGanParams::default();
            spoil(&mut params);
            let error = params.check().unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
        assert!(TableGanParams::default().check().is_ok());
    }
}
