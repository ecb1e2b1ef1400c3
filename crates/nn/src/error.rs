//! What can be wrong with a network, its data or its training.

use std::path::PathBuf;

use rapport_learn::LearnError;
use rapport_learn::privacy::PrivacyError;
use rapport_learn::table::TableError;

/// Why a network was not built, trained or loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NnError {
    /// A parameter is out of range.
    #[error("{0}")]
    Config(String),
    /// Data of another shape than the network takes.
    #[error("{what} has the shape {actual:?}, the network takes {expected:?}")]
    Shape {
        /// Which data.
        what: String,
        /// What the network takes.
        expected: Vec<usize>,
        /// What came.
        actual: Vec<usize>,
    },
    /// There is nothing to learn from.
    #[error("there are no examples to train on")]
    NoExamples,
    /// Every example has the same class.
    #[error("all {n_examples} examples have the class `{class}`; a classifier needs at least two")]
    SingleClass {
        /// How many examples there are.
        n_examples: usize,
        /// The only class.
        class: String,
    },
    /// A class that training did not know.
    #[error("row {row} has the class `{class}`, which no training example has")]
    UnknownClass {
        /// Which row, from 0.
        row: usize,
        /// Its class.
        class: String,
    },
    /// A number that is none.
    #[error("feature `{feature}` is {value} in row {row}; impute or drop it first")]
    NotFinite {
        /// Which feature.
        feature: String,
        /// Which row, from 0.
        row: usize,
        /// NaN or an infinity.
        value: f64,
    },
    /// A history without a step.
    #[error("history {history} has no step; leave it out")]
    EmptyHistory {
        /// Which history, from 0.
        history: usize,
    },
    /// A number of a history that is none.
    #[error(
        "feature `{feature}` is no finite number at step {step} of history {history}; impute it or \
         leave out the history"
    )]
    StepNotFinite {
        /// Which history, from 0.
        history: usize,
        /// Which step of it, from 0.
        step: usize,
        /// Which feature.
        feature: String,
    },
    /// What a training rests on is no finite number any more.
    #[error(
        "training diverged at step {step}: {what} is {value}; lower the learning rate or clip \
         gradients"
    )]
    Diverged {
        /// Which step, from 1.
        step: usize,
        /// What is no finite number: the loss, the length of the gradient or of the weights, the
        /// validation.
        what: &'static str,
        /// NaN or an infinity.
        value: f64,
    },
    /// A folder of checkpoints that belongs to another training.
    #[error(
        "{folder}: the training in this folder has `{setting}` {found}, and {asked} is asked for; \
         ask for the same, or give the training a folder of its own"
    )]
    OtherTraining {
        /// The folder.
        folder: PathBuf,
        /// What differs.
        setting: String,
        /// What the training in the folder has.
        found: String,
        /// What is asked for.
        asked: String,
    },
    /// A category that a generator was asked for and hardly ever makes.
    #[error(
        "rows with `{level}` in column `{column}` hardly ever come out; train longer or give more \
         rows of it"
    )]
    OutOfReach {
        /// The column.
        column: String,
        /// The category.
        level: String,
    },
    /// A device that is not there.
    #[error("device `{device}`: {reason}")]
    Device {
        /// What was asked for.
        device: String,
        /// Why it cannot be had.
        reason: String,
    },
    /// A file that cannot be read or written.
    #[error("{path}: {reason}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A guarantee of privacy that cannot be had or counted.
    #[error(transparent)]
    Privacy(#[from] PrivacyError),
    /// A table that cannot be learned from.
    #[error(transparent)]
    Table(#[from] TableError),
    /// Cancellation, the deadline, or data that no learner takes.
    #[error(transparent)]
    Learn(#[from] LearnError),
}

impl NnError {
    /// Refuses a parameter with a sentence that says what it must be.
    pub(crate) fn require(holds: bool, sentence: &str) -> Result<(), Self> {
        if holds {
            Ok(())
        } else {
            Err(Self::Config(sentence.to_owned()))
        }
    }

    /// Ends a training where what it rests on is no finite number; steps count from 1.
    pub(crate) fn require_finite(what: &'static str, value: f64, step: usize) -> Result<(), Self> {
        if value.is_finite() {
            Ok(())
        } else {
            Err(Self::Diverged { step, what, value })
        }
    }
}
