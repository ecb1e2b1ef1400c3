//! The one trainer: it knows batches, losses, steps and stops, and no particular network.

mod average;
mod batches;
mod checkpoint;
mod clipping;
mod curves;
mod optimizer;
mod origin;
mod params;
mod privacy;
mod schedule;
mod task;
mod tensorboard;
mod trainer;

pub(crate) use average::Average;
pub use curves::{Curves, Recorder, ToRun};
pub(crate) use optimizer::Optimizer;
pub use optimizer::{AdamWParams, OptimizerParams, SgdParams};
pub use params::{TrainParams, ValidTrainParams};
pub use privacy::{PrivacyParams, PrivacySpent, PrivacyTarget};
pub use schedule::Schedule;
pub use task::Task;
pub use tensorboard::EventFile;
pub use trainer::{Fitted, StopReason};
