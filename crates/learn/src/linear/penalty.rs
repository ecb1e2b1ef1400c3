//! What large coefficients cost.

use serde::{Deserialize, Serialize};

use crate::LearnError;

/// The elastic net: `lambda * ((1 - l1_ratio) / 2 * sum b^2 + l1_ratio * sum |b|)`.
///
/// It is added to the weighted *mean* loss, so `lambda` means the same for any number of rows.
/// Intercepts are free. In terms of scikit-learn, `lambda` is `alpha` of `ElasticNet` and
/// `1 / (C * sum of weights)` of `LogisticRegression` and `LinearSVC`.
///
/// # Source
/// Zou & Hastie (2005), "Regularization and variable selection via the elastic net"; Friedman,
/// Hastie & Tibshirani (2010), "Regularization Paths for Generalized Linear Models via Coordinate
/// Descent".
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Penalty {
    /// Strength, from 0 up.
    pub lambda: f64,
    /// Share of the absolute values, `[0, 1]`: 0 is ridge, 1 the lasso.
    pub l1_ratio: f64,
}

impl Penalty {
    /// Squares only: shrinks coefficients, keeps all.
    pub fn ridge(lambda: f64) -> Self {
        Self {
            lambda,
            l1_ratio: 0.0,
        }
    }

    /// Absolute values only: sets coefficients to zero.
    pub fn lasso(lambda: f64) -> Self {
        Self {
            lambda,
            l1_ratio: 1.0,
        }
    }

    /// Factor of `|b|`.
    pub(super) fn l1(&self) -> f64 {
        self.lambda * self.l1_ratio
    }

    /// Factor of `b^2 / 2`.
    pub(super) fn l2(&self) -> f64 {
        self.lambda * (1.0 - self.l1_ratio)
    }

    /// Refuses a strength below 0 and a ratio outside of `[0, 1]`.
    pub(super) fn require_valid(&self) -> Result<(), LearnError> {
        if !(self.lambda >= 0.0 && self.lambda.is_finite()) {
            return Err(LearnError::Parameter {
                name: "lambda",
                value: self.lambda.to_string(),
                allowed: "a penalty is a finite number from 0 up",
            });
        }
        if !(0.0..=1.0).contains(&self.l1_ratio) {
            return Err(LearnError::Parameter {
                name: "l1_ratio",
                value: self.l1_ratio.to_string(),
                allowed: "the share of absolute values lies from 0 to 1",
            });
        }
        Ok(())
    }
}

/// Moves a value toward zero by `by`, and no further than zero.
pub(super) fn soft_threshold(value: f64, by: f64) -> f64 {
    if value > by {
        value - by
    } else if value < -by {
        value + by
    } else {
        0.0
    }
}
