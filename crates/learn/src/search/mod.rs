//! Search for good hyper-parameters: a space, a sampler, a scheduler, a budget, and a study that
//! remembers.
//!
//! [`SearchParams`] are checked and start a [`Study`], which is asked for a trial and told its
//! outcome, or runs the whole loop in [`Study::optimize`]. A study is a plain serializable value: one
//! that is read back goes on exactly as if it had never stopped, because the chance of each trial
//! comes from the seed and the trial's number and everything else from the trials before it.
//!
//! ```
//! use rapport_learn::search::{Budget, SearchParams, Space};
//! use rapport_learn::{Cancellation, Check, Context, Silent};
//!
//! let cancel = Cancellation::default();
//! let context = Context::new(42, &Silent, &cancel);
//! let space = Space::new().real("x", -5.0, 5.0).log_real("rate", 1e-4, 1.0);
//! let mut study = SearchParams::new(space, Budget::trials(40)).check()?.start(&context);
//!
//! study.optimize(&context, |evaluation| {
//!     let (x, rate) = (evaluation.real("x"), evaluation.real("rate"));
//!     ((x - 1.0).powi(2) + (rate.log10() + 2.0).powi(2)).into()
//! })?;
//!
//! assert!(study.best_value().is_some_and(|loss| loss < 0.1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod budget;
mod domain;
mod error;
mod optimize;
mod params;
mod sampler;
mod scheduler;
mod space;
mod study;
mod trial;

pub use budget::Budget;
pub use domain::{Domain, Value};
pub use error::SearchError;
pub use optimize::{Ended, Evaluation};
pub use params::{Direction, SearchParams, ValidSearchParams};
pub use sampler::{GaussianProcessParams, Sampler, TpeParams};
pub use scheduler::{Scheduler, Verdict};
pub use space::{Assignment, Condition, Dimension, Space};
pub use study::Study;
pub use trial::{Outcome, Report, Trial, TrialState};

#[cfg(test)]
mod tests;
