//! How much a model trained with noise tells about any one person: differential privacy, counted.
//!
//! A training step that draws each person with probability `q`, clips every gradient to norm `C`
//! and adds normal noise of deviation `σ C` is the Poisson-subsampled Gaussian mechanism. Its loss
//! adds up over steps in Rényi's divergence ([`Accountant`]) and is turned into the `(ε, δ)` that
//! people quote at the end. [`noise_multiplier_for`] asks the other way around, and
//! [`PrivateLogisticParams`] fit a model that keeps a wanted guarantee.
//!
//! ```
//! use rapport_learn::privacy::{Accountant, Phase};
//!
//! let mut accountant = Accountant::new();
//! accountant.spend(&Phase {
//!     sampling_rate: 0.01,
//!     noise_multiplier: 1.1,
//!     n_steps: 1000,
//! })?;
//! let guarantee = accountant.guarantee(1e-5)?;
//!
//! assert!((guarantee.epsilon - 1.725291).abs() < 1e-6);
//! # Ok::<(), rapport_learn::privacy::PrivacyError>(())
//! ```

mod accountant;
mod error;
mod key;
mod logistic;
mod noise;
mod renyi;

pub use accountant::{Accountant, Guarantee, Phase};
pub use error::PrivacyError;
pub use key::NoiseKey;
pub use logistic::{
    PrivateFitError, PrivateLogistic, PrivateLogisticParams, ValidPrivateLogisticParams,
};
pub use noise::{NoiseTarget, noise_multiplier_for};
