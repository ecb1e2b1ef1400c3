//! What figures refuse before they count anything.

use super::{MetricError, require_pairs};
use crate::Matrix;

/// Refuses missing and infinite numbers, naming the first.
pub(super) fn require_finite(metric: &'static str, values: &[f64]) -> Result<(), MetricError> {
    match values.iter().position(|value| !value.is_finite()) {
        None => Ok(()),
        Some(position) => Err(MetricError::NotFinite { metric, position }),
    }
}

/// Refuses a table with missing or infinite numbers, naming the first row that has one.
pub(super) fn require_finite_rows(
    metric: &'static str,
    records: &Matrix,
) -> Result<(), MetricError> {
    match records.first_not_finite() {
        None => Ok(()),
        Some((position, _)) => Err(MetricError::NotFinite { metric, position }),
    }
}

/// Refuses two lists of numbers that are empty, differ in length or hold something not finite.
pub(super) fn require_numbers(
    metric: &'static str,
    left: &[f64],
    right: &[f64],
) -> Result<(), MetricError> {
    require_pairs(metric, left.len(), right.len())?;
    require_finite(metric, left)?;
    require_finite(metric, right)
}

/// Refuses scores that are empty, not one per row, or not finite.
pub(super) fn require_scores(
    metric: &'static str,
    scores: &[f64],
    n_rows: usize,
) -> Result<(), MetricError> {
    require_pairs(metric, scores.len(), n_rows)?;
    require_finite(metric, scores)
}

/// Refuses scores that are not probabilities, one per row.
pub(super) fn require_probabilities(
    metric: &'static str,
    probabilities: &[f64],
    n_rows: usize,
) -> Result<(), MetricError> {
    require_scores(metric, probabilities, n_rows)?;
    match probabilities
        .iter()
        .position(|probability| !(0.0..=1.0).contains(probability))
    {
        None => Ok(()),
        Some(position) => Err(MetricError::OutOfRange {
            metric,
            position,
            allowed: "a probability lies from 0 to 1",
        }),
    }
}

/// How many rows happened and how many did not; refuses outcomes that are all alike.
pub(super) fn require_both_outcomes(
    metric: &'static str,
    outcomes: &[bool],
) -> Result<(usize, usize), MetricError> {
    let n_positive = outcomes.iter().filter(|&&outcome| outcome).count();
    let n_negative = outcomes.len() - n_positive;
    if n_positive == 0 || n_negative == 0 {
        return Err(MetricError::Undefined {
            metric,
            needs: "both outcomes",
        });
    }
    Ok((n_positive, n_negative))
}

/// Refuses a share or level that is not inside of `(0, 1)`.
pub(super) fn require_inside_unit(name: &'static str, value: f64) -> Result<(), MetricError> {
    if value > 0.0 && value < 1.0 {
        return Ok(());
    }
    Err(MetricError::Parameter {
        name,
        value: value.to_string(),
        allowed: "it lies between 0 and 1, both excluded",
    })
}

/// Refuses a count of zero.
pub(super) fn require_positive(name: &'static str, value: usize) -> Result<(), MetricError> {
    if value > 0 {
        return Ok(());
    }
    Err(MetricError::Parameter {
        name,
        value: value.to_string(),
        allowed: "it is at least 1",
    })
}
