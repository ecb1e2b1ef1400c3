//! Whether today's data, and the model on it, are still like those it was fitted on.
//!
//! Two ways to look. Tables side by side: [`DriftParams`] are fitted to the reference and report on any
//! later table, per feature, shifts of values ([`population_stability`]) and of gaps
//! ([`missingness_drift`]); a model's probabilities are followed by [`CalibrationParams`], and all
//! findings join one [`DriftReport`]. And one number at a time: [`Adwin`] and [`PageHinkley`] watch a
//! stream, such as a model's daily loss.

mod adwin;
mod buckets;
mod calibration;
mod missingness;
mod page_hinkley;
mod reference;
mod report;
mod stability;

pub use adwin::{Adwin, AdwinParams, ValidAdwinParams};
pub use calibration::{
    CalibrationDrift, CalibrationParams, CalibrationWindow, ValidCalibrationParams,
};
pub use missingness::missingness_drift;
pub use page_hinkley::{PageHinkley, PageHinkleyParams, Side, ValidPageHinkleyParams};
pub use reference::{DriftParams, DriftReference, ValidDriftParams};
pub use report::{DriftKind, DriftReport, Finding, Status};
pub use stability::{CategoryBins, NumericBins, Stability, population_stability};

#[cfg(test)]
mod tests;
