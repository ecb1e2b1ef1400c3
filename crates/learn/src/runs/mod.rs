//! What a training, a search or a challenge tells while it goes on, and whom.
//!
//! Whoever learns tells a [`RunSink`] and does not know who listens: a store that draws curves, a
//! file, memory ([`RunLog`]), or nobody (`()`).
//!
//! ```
//! use rapport_learn::runs::{ParamValue, RunLog, RunSink, Told};
//!
//! let log = RunLog::default();
//! log.tell(Told::Param { name: "learning_rate", value: &ParamValue::Number(0.1) });
//! for step in 0..3 {
//!     log.tell(Told::Point { metric: "loss", step, value: 1.0 / (step + 1) as f64 });
//! }
//! assert_eq!(log.told().curves["loss"].len(), 3);
//! ```

mod evaluation;
mod log;

use serde::{Deserialize, Serialize};

use crate::challenge::Challenge;
use crate::search::{Study, Trial, Value};

pub use evaluation::{Calibration, CalibrationBin, CandidateFigures, Confusion, Evaluation};
pub use log::{Logged, RunLog};

/// Listens to a run. Several threads may tell at once.
pub trait RunSink: Sync {
    /// Takes one piece of news. It must not keep the training waiting.
    fn tell(&self, told: Told<'_>);
}

/// Nobody listens.
impl RunSink for () {
    fn tell(&self, _told: Told<'_>) {}
}

/// The value of a parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ParamValue {
    /// Yes or no.
    Boolean(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// Several texts.
    Texts(Vec<String>),
}

impl From<&Value> for ParamValue {
    fn from(value: &Value) -> Self {
        match value {
            Value::Real(number) => Self::Number(*number),
            // Whole numbers of hyper-parameters are far below 2^53.
            Value::Integer(number) => Self::Number(*number as f64),
            Value::Category(name) => Self::Text(name.clone()),
        }
    }
}

/// A piece of news of a run.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Told<'a> {
    /// What it was set to.
    Param {
        /// The parameter.
        name: &'a str,
        /// Its value.
        value: &'a ParamValue,
    },
    /// A point of a curve. Where steps go back, the training went back to a checkpoint: what came
    /// after it does not count.
    Point {
        /// Name of the curve.
        metric: &'a str,
        /// How far: batches, epochs, trees, rows.
        step: u64,
        /// The value; it may be no number, where a training went astray.
        value: f64,
    },
    /// A trial of a search that was begun or ended.
    Trial(&'a Trial),
    /// A search as it stands: written down, it goes on after a crash. It is told after each trial;
    /// who listens may keep only some.
    Study(&'a Study),
    /// A challenge as it stands: written down, it goes on.
    Challenge(&'a Challenge),
    /// How good the result is on rows that it had not seen.
    Evaluation(&'a Evaluation),
}

#[cfg(test)]
mod tests;
