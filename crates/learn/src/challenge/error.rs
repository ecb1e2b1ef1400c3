//! What a comparison refuses.

/// Why a comparison was not set up or did not take an observation.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ChallengeError {
    /// A setting out of its range.
    #[error("{name} is {value}; {allowed}")]
    Parameter {
        /// The setting.
        name: &'static str,
        /// What it was set to.
        value: f64,
        /// What it may be.
        allowed: &'static str,
    },
    /// An observation out of the range that the test was promised.
    #[error(
        "the value {value} lies outside of {lower} to {upper}; clip losses to the range, or widen it \
         and start the comparison anew"
    )]
    OutOfRange {
        /// What came.
        value: f64,
        /// The least promised.
        lower: f64,
        /// The most promised.
        upper: f64,
    },
    /// An observation that is missing or infinite.
    #[error("the value {0} is not a finite number; leave out rows without a loss")]
    NotFinite(f64),
}
