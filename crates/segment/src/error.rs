//! Why customers could not be segmented.

use rapport_learn::LearnError;

/// Why customers could not be segmented.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SegmentError {
    /// Too few rows to say anything.
    #[error("{found} customers are too few to segment; at least {needed} are needed")]
    TooFewCustomers {
        /// The least that is needed.
        needed: usize,
        /// What came.
        found: usize,
    },
    /// Rows that hardly differ.
    #[error(
        "only {found} different kinds of customer for {needed} segments; ask for fewer segments or add features"
    )]
    TooFewDistinct {
        /// Segments asked for.
        needed: usize,
        /// Different rows.
        found: usize,
    },
    /// Nothing left after constant, mostly missing and duplicate features were dropped.
    #[error("no feature tells the customers apart; every one is constant or mostly missing")]
    NoUsefulFeature,
    /// A number whose square is not one any more.
    #[error("row {row}, column {column} is beyond 1e150; check its unit")]
    TooLarge {
        /// Row, from 0.
        row: usize,
        /// Column, from 0.
        column: usize,
    },
    /// A parameter out of its range.
    #[error("{name} is {value}; {allowed}")]
    Parameter {
        /// Which.
        name: &'static str,
        /// What it was set to.
        value: String,
        /// What it may be.
        allowed: &'static str,
    },
    /// RFM without one of its three features.
    #[error("RFM needs a feature with the role of {missing}; map one or choose another method")]
    RoleMissing {
        /// The role that no feature has.
        missing: &'static str,
    },
    /// A model and a table that do not go together.
    #[error("the table has other features than the model was made from; make the segments anew")]
    OtherFeatures,
    /// Everybody had ordered when the model was made.
    #[error("people without an order came, whom the model does not know; make the segments anew")]
    ProspectsUnknown,
    /// What any learner can run into.
    #[error(transparent)]
    Learn(#[from] LearnError),
}

impl SegmentError {
    pub(crate) fn parameter(
        name: &'static str,
        value: impl ToString,
        allowed: &'static str,
    ) -> Self {
        Self::Parameter {
            name,
            value: value.to_string(),
            allowed,
        }
    }
}
