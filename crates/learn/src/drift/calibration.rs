//! Probabilities that stop meaning what they say.

use std::ops::Range;

use rand::RngExt;
use serde::{Deserialize, Serialize};

use super::{DriftKind, Finding, Status};
use crate::metrics::{Bins, ece};
use crate::{Check, Context, LearnError, map_parts, rng, stats};

/// An error this far beyond what chance explains is acted upon.
const ACT_EXCESS: f64 = 0.05;

/// How calibration is followed over time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CalibrationParams {
    /// Bins of equal width over the probabilities, at least 1. Default 10.
    pub n_bins: usize,
    /// Rows per window, at least 1. Default 500.
    pub window: usize,
    /// Resamples behind the bound, at least 1. Default 400.
    pub n_resamples: usize,
    /// Share of resamples below the bound, inside of (0, 1). Default 0.99.
    pub level: f64,
}

/// Checked [`CalibrationParams`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValidCalibrationParams(CalibrationParams);

/// One window of rows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CalibrationWindow {
    /// Its first row, from 0.
    pub first_row: usize,
    /// Rows in it.
    pub n_rows: usize,
    /// Its expected calibration error over bins of equal width, `[0, 1]`.
    pub error: f64,
    /// The error that probabilities which are exactly right stay below, at the level asked for.
    pub bound: f64,
}

/// Calibration over time, oldest window first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CalibrationDrift {
    /// The windows.
    pub windows: Vec<CalibrationWindow>,
}

impl Default for CalibrationParams {
    fn default() -> Self {
        Self {
            n_bins: 10,
            window: 500,
            n_resamples: 400,
            level: 0.99,
        }
    }
}

impl Check for CalibrationParams {
    type Valid = ValidCalibrationParams;
    type Error = LearnError;

    fn check(self) -> Result<ValidCalibrationParams, LearnError> {
        let counts = [
            ("n_bins", self.n_bins),
            ("window", self.window),
            ("n_resamples", self.n_resamples),
        ];
        if let Some((name, _)) = counts.into_iter().find(|&(_, count)| count == 0) {
            return Err(LearnError::Parameter {
                name,
                value: "0".into(),
                allowed: "it is at least 1",
            });
        }
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(LearnError::Parameter {
                name: "level",
                value: self.level.to_string(),
                allowed: "a level lies between 0 and 1, both excluded; 0.99 is usual",
            });
        }
        Ok(ValidCalibrationParams(self))
    }
}

impl ValidCalibrationParams {
    /// Follows the calibration over rows in the order of time; the last window is the fullest
    /// possible one that ends with the newest row, so it may overlap the one before.
    ///
    /// An error above zero proves nothing: bins of few rows miss their probability by chance. So
    /// each window gets the bound that the error stays below if the probabilities are right, from
    /// outcomes drawn with exactly these probabilities (consistency resampling, Bröcker & Smith
    /// 2007, "Increasing the Reliability of Reliability Diagrams").
    ///
    /// # Errors
    /// Lists of different length, no row at all, a probability outside of `[0, 1]`, or the context's
    /// end.
    pub fn follow(
        &self,
        probabilities: &[f64],
        outcomes: &[bool],
        context: &Context<'_>,
    ) -> Result<CalibrationDrift, LearnError> {
        require_rows(probabilities, outcomes)?;
        let ends = self.window_ends(probabilities.len());
        let mut windows = Vec::with_capacity(ends.len());
        for end in ends {
            context.proceed()?;
            let rows = end.saturating_sub(self.0.window)..end;
            windows.push(self.window(probabilities, outcomes, rows, context));
        }
        Ok(CalibrationDrift { windows })
    }

    fn window_ends(&self, n_rows: usize) -> Vec<usize> {
        let mut ends: Vec<usize> = (1..=n_rows / self.0.window)
            .map(|window| window * self.0.window)
            .collect();
        if ends.last() != Some(&n_rows) {
            ends.push(n_rows);
        }
        ends
    }

    fn window(
        &self,
        probabilities: &[f64],
        outcomes: &[bool],
        rows: Range<usize>,
        context: &Context<'_>,
    ) -> CalibrationWindow {
        let (first_row, end) = (rows.start, rows.end);
        let (probabilities, outcomes) = (&probabilities[rows.clone()], &outcomes[rows]);
        let error = |outcomes: &[bool]| {
            ece(probabilities, outcomes, Bins::EqualWidth(self.0.n_bins))
                .expect("rows and bins were checked")
        };
        let mut by_chance = map_parts(context.threads, 0..self.0.n_resamples, |draw| {
            let mut generator = rng(context.seed, &format!("calibration {end} {draw}"));
            let drawn: Vec<bool> = probabilities
                .iter()
                .map(|&probability| generator.random::<f64>() < probability)
                .collect();
            error(&drawn)
        });
        CalibrationWindow {
            first_row,
            n_rows: outcomes.len(),
            error: error(outcomes),
            bound: stats::quantile(&mut by_chance, self.0.level).expect("there are resamples"),
        }
    }
}

impl CalibrationDrift {
    /// The verdict on the newest window, under the name of the model's output.
    ///
    /// Above the bound is watched; 0.05 above it, or above it twice in a row, is acted upon. Windows in
    /// a row share no rows: where the newest overlaps the one before, the one before that counts.
    pub fn finding(&self, output: &str) -> Finding {
        let (newest, before) = self.windows.split_last().expect("there is a window");
        let excess = newest.error - newest.bound;
        let apart = |w: &&CalibrationWindow| w.first_row + w.n_rows <= newest.first_row;
        let was_above = before
            .iter()
            .rfind(apart)
            .is_some_and(|w| w.error > w.bound);
        let (status, words) = match excess {
            excess if excess <= 0.0 => (Status::Ok, "within"),
            excess if excess > ACT_EXCESS => (Status::Act, "far above"),
            _ if was_above => (Status::Act, "for the second window in a row above"),
            _ => (Status::Watch, "above"),
        };
        Finding {
            feature: output.into(),
            kind: DriftKind::Calibration,
            status,
            figure: newest.error,
            reason: format!(
                "calibration error {:.3}, {words} the {:.3} that chance explains over {} rows",
                newest.error, newest.bound, newest.n_rows
            ),
        }
    }
}

fn require_rows(probabilities: &[f64], outcomes: &[bool]) -> Result<(), LearnError> {
    if probabilities.len() != outcomes.len() {
        return Err(LearnError::Shape {
            what: "outcomes",
            expected: probabilities.len(),
            found: outcomes.len(),
        });
    }
    if outcomes.is_empty() {
        return Err(LearnError::TooFewRows {
            needed: 1,
            found: 0,
        });
    }
    match probabilities.iter().find(|p| !(0.0..=1.0).contains(*p)) {
        None => Ok(()),
        Some(probability) => Err(LearnError::Parameter {
            name: "probability",
            value: probability.to_string(),
            allowed: "probabilities lie from 0 to 1",
        }),
    }
}
