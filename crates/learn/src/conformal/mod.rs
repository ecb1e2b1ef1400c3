//! Intervals, sets and thresholds with a guarantee that needs no model of the noise.
//!
//! A model predicts calibration rows that it has not learned from; how far it was off there says
//! how far to reach for a new row. The guarantee is finite-sample and holds for any model and any
//! distribution: *on average over calibration sets and new rows*, coverage is at least the
//! [`Level`], as long as calibration rows and new rows are exchangeable (drawn alike, in no
//! order). It is not a promise for every single customer, nor under drift: recalibrate as rows
//! come in.
//!
//! | For | Use |
//! |---|---|
//! | one number per row | [`SplitConformal`] |
//! | a number and how uncertain it is | [`NormalizedConformal`] |
//! | predicted quantiles | [`Cqr`] |
//! | the same coverage in every group | [`MondrianConformal`], [`GroupThresholds`] |
//! | small sets of classes | [`Lac`] |
//! | sets that grow where classes are hard to tell | [`Aps`] |
//! | the same, no larger than promised, by lot | [`RandomizedAps`] |
//! | alarms within a budget of false ones | [`AlarmThreshold`] |
//! | any other loss that a setting tames | [`conformal_risk_control`] |
//!
//! # Source
//! Vovk, Gammerman & Shafer (2005), "Algorithmic Learning in a Random World"; Angelopoulos &
//! Bates (2023), "Conformal Prediction: A Gentle Introduction".

mod alarm;
mod cqr;
mod error;
mod interval;
mod level;
mod mondrian;
mod quantile;
mod regression;
mod risk_control;
mod sets;

pub use alarm::{AlarmThreshold, FalseAlarmBudget};
pub use cqr::Cqr;
pub use error::ConformalError;
pub use interval::Interval;
pub use level::Level;
pub use mondrian::{GroupThreshold, GroupThresholds, Guarantee, MondrianConformal};
pub use quantile::{conformal_quantile, n_calibration_needed};
pub use regression::{NormalizedConformal, ScaledPoints, SplitConformal};
pub use risk_control::conformal_risk_control;
pub use sets::{Aps, Lac, RandomizedAps};

/// Refuses lists that differ in length.
fn require_length(what: &'static str, expected: usize, found: usize) -> Result<(), ConformalError> {
    if expected == found {
        return Ok(());
    }
    Err(ConformalError::LengthMismatch {
        what,
        expected,
        found,
    })
}

/// Refuses missing and infinite numbers, naming the first.
fn require_finite(what: &'static str, values: &[f64]) -> Result<(), ConformalError> {
    match values.iter().position(|value| !value.is_finite()) {
        None => Ok(()),
        Some(position) => Err(ConformalError::NotFinite { what, position }),
    }
}

#[cfg(test)]
mod coverage_tests;
#[cfg(test)]
mod tests;
