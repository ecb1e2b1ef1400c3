//! Why there is no guarantee.

/// Why there is no guarantee.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ConformalError {
    /// A level that promises nothing, or everything.
    #[error("the level is {0}; a level lies between 0 and 1, both excluded")]
    Level(f64),
    /// Lists that belong together differ in length.
    #[error("expected {expected} {what}, found {found}; give one per row")]
    LengthMismatch {
        /// Actual values, groups, ...
        what: &'static str,
        /// What was expected.
        expected: usize,
        /// What came.
        found: usize,
    },
    /// A number that is missing or infinite.
    #[error("entry {position} of the {what} is not a finite number; leave that row out")]
    NotFinite {
        /// Predictions, actual values, ...
        what: &'static str,
        /// Where, from 0.
        position: usize,
    },
    /// So few rows guarantee so much only by covering everything.
    #[error("{found} calibration rows are too few for this level; give at least {needed}")]
    TooFewRows {
        /// The least that works.
        needed: usize,
        /// What came.
        found: usize,
    },
    /// A scale that says that there is no noise.
    #[error("scale {position} is not above 0; give every row a positive scale")]
    Scale {
        /// Where, from 0.
        position: usize,
    },
    /// A row of probabilities that is no distribution.
    #[error("row {row} is no distribution; its probabilities lie from 0 to 1 and add up to 1")]
    Distribution {
        /// Row, from 0.
        row: usize,
    },
    /// A true class without a column.
    #[error("row {row} has class {class}, but there are columns for {n_classes} classes")]
    UnknownClass {
        /// Row, from 0.
        row: usize,
        /// Its class, from 0.
        class: u32,
        /// Columns.
        n_classes: usize,
    },
    /// A loss that grows as the setting becomes more careful, or exceeds its bound.
    #[error(
        "row {row}, setting {setting}: losses never grow from one setting to the next and never exceed the bound"
    )]
    Loss {
        /// Row, from 0.
        row: usize,
        /// Column, from 0.
        setting: usize,
    },
    /// No setting keeps the risk.
    #[error(
        "no setting keeps the risk at {allowed}, the most careful reaches {reached}; allow more or give more careful settings or more rows"
    )]
    OutOfReach {
        /// The risk that was allowed.
        allowed: f64,
        /// What the most careful setting guarantees.
        reached: f64,
    },
}
