//! What a privacy calculation refuses.

/// Why no guarantee was computed.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PrivacyError {
    /// The share of people in one step.
    #[error("the sampling rate is {0}; it is a share from 0 to 1")]
    SamplingRate(f64),
    /// The noise, in units of the clipping norm.
    #[error("the noise multiplier is {0}; it is a finite number above 0")]
    NoiseMultiplier(f64),
    /// The probability that the guarantee fails.
    #[error("delta is {0}; it lies between 0 and 1, and well below 1 / the number of people")]
    Delta(f64),
    /// The wanted privacy loss.
    #[error("epsilon is {0}; it is a finite number above 0")]
    Epsilon(f64),
    /// No secret to draw noise from.
    #[error("the operating system gives no random numbers to draw noise from; check /dev/urandom")]
    NoRandomness,
    /// No noise that we look for is strong enough.
    #[error(
        "epsilon {epsilon} is out of reach even with noise {noise_multiplier}; \
         take fewer steps, smaller batches or a larger epsilon"
    )]
    OutOfReach {
        /// The wanted privacy loss.
        epsilon: f64,
        /// The strongest noise that was tried.
        noise_multiplier: f64,
    },
}
