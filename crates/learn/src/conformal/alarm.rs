//! A threshold for alarms that keeps false ones within a budget.

use serde::{Deserialize, Serialize};

use super::{ConformalError, Level, require_finite, require_length};

/// Takes rounding out of `budget * (n + 1)`, as in the conformal quantile.
const ROUNDING: f64 = 1e-9;

/// How many false alarms may be raised.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FalseAlarmBudget {
    /// This share of all scored rows: 0.01 is ten false alarms in a thousand customers.
    OfAllRows(Level),
    /// This share of the rows that did not happen: the false positive rate. Stays right when it
    /// happens more or less often than among the calibration rows.
    OfNegatives(Level),
}

/// Raises an alarm for scores above a threshold, the lowest one that keeps the budget.
///
/// The expected share of false alarms among new rows is at most the budget, whatever the scores
/// mean; the share of true alarms is as large as the scores allow.
///
/// # Source
/// Angelopoulos, Bates, Fisch, Lei & Schuster (2024), "Conformal Risk Control", with the loss "a
/// false alarm", which falls from 1 to 0 as the threshold passes the score of a row.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AlarmThreshold {
    budget: FalseAlarmBudget,
    /// `None` when every row may be an alarm within the budget.
    above: Option<f64>,
}

impl AlarmThreshold {
    /// Learns the threshold from calibration rows, `(n_samples,)` each.
    ///
    /// # Errors
    /// Lists of different length, a score that is not finite, or too few rows (rows that did not
    /// happen, for [`FalseAlarmBudget::OfNegatives`]) for so small a budget.
    pub fn fit(
        scores: &[f64],
        outcomes: &[bool],
        budget: FalseAlarmBudget,
    ) -> Result<Self, ConformalError> {
        require_length("outcomes", scores.len(), outcomes.len())?;
        require_finite("scores", scores)?;
        let mut negatives: Vec<f64> = scores
            .iter()
            .zip(outcomes)
            .filter(|&(_, &outcome)| !outcome)
            .map(|(&score, _)| score)
            .collect();
        let (share, n_rows) = match budget {
            FalseAlarmBudget::OfAllRows(share) => (share.get(), scores.len()),
            FalseAlarmBudget::OfNegatives(share) => (share.get(), negatives.len()),
        };
        // (n_false + 1) / (n_rows + 1) <= share, solved for n_false.
        let n_affordable = (share * (n_rows + 1) as f64 + ROUNDING).floor() as usize;
        let Some(n_false) = n_affordable.checked_sub(1) else {
            return Err(ConformalError::TooFewRows {
                needed: (1.0 / share - 1.0 - ROUNDING).ceil() as usize,
                found: n_rows,
            });
        };
        negatives.sort_by(|a, b| b.total_cmp(a));
        Ok(Self {
            budget,
            above: negatives.get(n_false).copied(),
        })
    }

    /// Whether a score raises an alarm.
    pub fn is_alarm(&self, score: f64) -> bool {
        self.above.is_none_or(|threshold| score > threshold)
    }

    /// Scores above this raise an alarm; `None` when all do.
    pub fn threshold(&self) -> Option<f64> {
        self.above
    }

    /// The budget that is kept.
    pub fn budget(&self) -> FalseAlarmBudget {
        self.budget
    }
}
