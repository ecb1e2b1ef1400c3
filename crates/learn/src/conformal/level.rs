//! How much coverage is promised.

use serde::{Deserialize, Serialize};

use super::ConformalError;

/// Promised coverage, inside of `(0, 1)`: 0.9 covers nine of ten new rows.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Level(f64);

impl Level {
    /// Checks the number.
    ///
    /// # Errors
    /// [`ConformalError::Level`] unless it lies between 0 and 1, both excluded.
    pub fn new(level: f64) -> Result<Self, ConformalError> {
        if level > 0.0 && level < 1.0 {
            return Ok(Self(level));
        }
        Err(ConformalError::Level(level))
    }

    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Level {
    type Error = ConformalError;

    fn try_from(level: f64) -> Result<Self, ConformalError> {
        Self::new(level)
    }
}

impl From<Level> for f64 {
    fn from(level: Level) -> Self {
        level.0
    }
}
