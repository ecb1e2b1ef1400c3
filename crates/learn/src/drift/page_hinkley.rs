//! The test of Page and Hinkley: a mean that creeps away.

use serde::{Deserialize, Serialize};

use crate::{Check, LearnError};

/// Which way the mean may not creep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Up, as losses may not.
    Up,
    /// Down, as scores may not.
    Down,
    /// Neither way.
    #[default]
    Both,
}

/// How a stream is watched for a creeping mean.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PageHinkleyParams {
    /// Values before the first alarm. Default 30.
    pub n_min: u64,
    /// A distance from the mean that is tolerated, in the unit of the values. Default 0.005.
    pub tolerance: f64,
    /// Accumulated distance at which the alarm goes off, above 0, in the unit of the values. Default
    /// 50.
    pub threshold: f64,
    /// What is kept of the accumulated distance at each step, `(0, 1]`. Default 0.9999.
    pub memory: f64,
    /// Which way the mean may not creep. Default both.
    pub side: Side,
}

/// Checked [`PageHinkleyParams`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValidPageHinkleyParams(PageHinkleyParams);

/// Accumulates how far values lie from their running mean; starts afresh after an alarm.
///
/// Cheaper than [`Adwin`](super::Adwin), and its threshold is in the unit of the values, so it has to
/// be chosen for each stream.
///
/// # Source
/// Page (1954), "Continuous Inspection Schemes"; the form with forgetting and the defaults of river
/// 0.26.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageHinkley {
    params: PageHinkleyParams,
    n: u64,
    mean: f64,
    up: f64,
    /// The least that `up` has been.
    up_min: f64,
    down: f64,
    /// The most that `down` has been.
    down_max: f64,
}

impl Default for PageHinkleyParams {
    fn default() -> Self {
        Self {
            n_min: 30,
            tolerance: 0.005,
            threshold: 50.0,
            memory: 0.9999,
            side: Side::default(),
        }
    }
}

impl Check for PageHinkleyParams {
    type Valid = ValidPageHinkleyParams;
    type Error = LearnError;

    fn check(self) -> Result<ValidPageHinkleyParams, LearnError> {
        let refuse = |name, value: f64, allowed| {
            Err(LearnError::Parameter {
                name,
                value: value.to_string(),
                allowed,
            })
        };
        if !(self.threshold > 0.0 && self.threshold.is_finite()) {
            return refuse("threshold", self.threshold, "it is a finite number above 0");
        }
        if !(self.tolerance >= 0.0 && self.tolerance.is_finite()) {
            return refuse("tolerance", self.tolerance, "it is a finite number from 0");
        }
        if !(self.memory > 0.0 && self.memory <= 1.0) {
            return refuse("memory", self.memory, "it is above 0 and at most 1");
        }
        Ok(ValidPageHinkleyParams(self))
    }
}

impl ValidPageHinkleyParams {
    /// Begins to watch.
    pub fn start(&self) -> PageHinkley {
        PageHinkley::new(self.0)
    }
}

impl PageHinkley {
    fn new(params: PageHinkleyParams) -> Self {
        Self {
            params,
            n: 0,
            mean: 0.0,
            up: 0.0,
            up_min: f64::MAX,
            down: 0.0,
            down_max: f64::MIN,
        }
    }

    /// Takes one more value and says whether the mean has crept away.
    ///
    /// # Errors
    /// [`LearnError::NotFinite`] with the place since the last alarm as the row; nothing is taken
    /// then.
    pub fn observe(&mut self, value: f64) -> Result<bool, LearnError> {
        super::adwin::require_finite(value, self.n)?;
        let PageHinkleyParams {
            memory, tolerance, ..
        } = self.params;
        self.n += 1;
        self.mean += (value - self.mean) / self.n as f64;
        let distance = value - self.mean;
        self.up = memory * self.up + distance - tolerance;
        self.down = memory * self.down + distance + tolerance;
        self.up_min = self.up_min.min(self.up);
        self.down_max = self.down_max.max(self.down);
        let is_alarm = self.n >= self.params.n_min && self.is_over();
        if is_alarm {
            *self = Self::new(self.params);
        }
        Ok(is_alarm)
    }

    fn is_over(&self) -> bool {
        let is_up = self.up - self.up_min > self.params.threshold;
        let is_down = self.down_max - self.down > self.params.threshold;
        match self.params.side {
            Side::Up => is_up,
            Side::Down => is_down,
            Side::Both => is_up || is_down,
        }
    }
}
