//! A predicted range.

use serde::{Deserialize, Serialize};

/// All numbers from `lower` to `upper`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// At most `upper`.
    pub lower: f64,
    /// At least `lower`.
    pub upper: f64,
}

impl Interval {
    /// The numbers at most `radius` away from a center; the radius is at least 0.
    pub(super) fn around(center: f64, radius: f64) -> Self {
        Self {
            lower: center - radius,
            upper: center + radius,
        }
    }

    /// Whether a number lies in it.
    pub fn contains(&self, value: f64) -> bool {
        (self.lower..=self.upper).contains(&value)
    }

    /// How long it is.
    pub fn width(&self) -> f64 {
        self.upper - self.lower
    }
}
