//! ADWIN: a window over a stream that cuts off its own past when the mean has changed.

use serde::{Deserialize, Serialize};

use super::buckets::{Bucket, Buckets};
use crate::{Check, LearnError};

/// How a stream is watched for a change of its mean.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AdwinParams {
    /// Probability of a false alarm at a cut, `(0, 1)`. Default 0.002.
    pub delta: f64,
    /// Cuts are tried after every so many values, at least 1. Default 32.
    pub clock: u64,
    /// No cut is tried in a window of this length or less. Default 10.
    pub grace: u64,
    /// Values needed on either side of a cut, at least 1. Default 5.
    pub n_side_min: u64,
}

/// Checked [`AdwinParams`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValidAdwinParams(AdwinParams);

/// The adaptive window.
///
/// It is as long as the mean within it seems constant: when some cut splits it into an old and a
/// new part whose means differ by more than chance explains, the oldest values are dropped until
/// none does. Meant for values of one scale, such as losses in `[0, 1]`. Memory grows with the
/// logarithm of the window.
///
/// # Source
/// Bifet & Gavaldà (2007), "Learning from Time-Varying Data with Adaptive Windowing", ADWIN2; the
/// clock, grace, smallest part and new beginning are those of river 0.26.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Adwin {
    params: AdwinParams,
    n_observed: u64,
    buckets: Buckets,
    /// The last value set off the alarm.
    is_over: bool,
}

impl Default for AdwinParams {
    fn default() -> Self {
        Self {
            delta: 0.002,
            clock: 32,
            grace: 10,
            n_side_min: 5,
        }
    }
}

impl Check for AdwinParams {
    type Valid = ValidAdwinParams;
    type Error = LearnError;

    fn check(self) -> Result<ValidAdwinParams, LearnError> {
        if !(self.delta > 0.0 && self.delta < 1.0) {
            return Err(LearnError::Parameter {
                name: "delta",
                value: self.delta.to_string(),
                allowed: "a probability of false alarm lies between 0 and 1, both excluded",
            });
        }
        for (name, count) in [("clock", self.clock), ("n_side_min", self.n_side_min)] {
            if count == 0 {
                return Err(LearnError::Parameter {
                    name,
                    value: "0".into(),
                    allowed: "it is at least 1",
                });
            }
        }
        Ok(ValidAdwinParams(self))
    }
}

impl ValidAdwinParams {
    /// Begins to watch.
    pub fn start(&self) -> Adwin {
        Adwin::new(self.0)
    }
}

impl Adwin {
    fn new(params: AdwinParams) -> Self {
        Self {
            params,
            n_observed: 0,
            buckets: Buckets::new(),
            is_over: false,
        }
    }

    /// Takes one more value and says whether the mean has changed.
    ///
    /// # Errors
    /// [`LearnError::NotFinite`] with the place since the last alarm as the row; nothing is taken
    /// then.
    pub fn observe(&mut self, value: f64) -> Result<bool, LearnError> {
        require_finite(value, self.n_observed)?;
        if self.is_over {
            *self = Self::new(self.params);
        }
        self.n_observed += 1;
        self.buckets.push(value);
        let is_time = self.n_observed.is_multiple_of(self.params.clock);
        if !is_time || self.width() <= self.params.grace {
            return Ok(false);
        }
        while self.has_cut() {
            self.buckets.drop_oldest();
            self.is_over = true;
        }
        Ok(self.is_over)
    }

    /// Values in the window: how far back the present mean goes. Right after an alarm, those since the
    /// change.
    pub fn width(&self) -> u64 {
        self.buckets.total().n as u64
    }

    /// Mean of the window; `None` before the first value.
    pub fn mean(&self) -> Option<f64> {
        let total = self.buckets.total();
        (total.n > 0.0).then(|| total.mean())
    }

    fn has_cut(&self) -> bool {
        let total = self.buckets.total();
        let mut old = Bucket::empty();
        self.buckets.in_time().any(|bucket| {
            old = old.joined(bucket);
            self.is_cut(old, total)
        })
    }

    /// Whether the means before and after this cut differ by more than chance explains.
    fn is_cut(&self, old: Bucket, total: Bucket) -> bool {
        let n_min = self.params.n_side_min as f64;
        let n_new = total.n - old.n;
        if old.n < n_min || n_new < n_min {
            return false;
        }
        let distance = (old.mean() - (total.sum - old.sum) / n_new).abs();
        let ln_tests = (2.0 * total.n.ln() / self.params.delta).ln();
        let inverse = 1.0 / (old.n - n_min + 1.0) + 1.0 / (n_new - n_min + 1.0);
        let variance = total.squares / total.n;
        let chance = (2.0 * inverse * variance * ln_tests).sqrt() + 2.0 / 3.0 * inverse * ln_tests;
        distance > chance
    }
}

pub(super) fn require_finite(value: f64, place: u64) -> Result<(), LearnError> {
    if value.is_finite() {
        return Ok(());
    }
    Err(LearnError::NotFinite {
        row: place as usize,
        column: 0,
    })
}
