//! Regressions for a whole range of penalties, each starting where the last one ended.

use super::elastic_net::Problem;
use super::{LinearRegression, Penalty, ValidElasticNetParams};
use crate::{Context, Design, Examples, LearnError};

/// Least share of absolute values that a grid is laid out for: at 0 no penalty, however large,
/// makes a coefficient zero.
const LEAST_L1_RATIO: f64 = 1e-3;

/// Strengths from `largest` down to `largest * smallest_share`, evenly spaced by their logarithm.
///
/// # Panics
/// Unless `largest` is above 0 and `smallest_share` in `(0, 1)`.
pub fn lambda_grid(largest: f64, smallest_share: f64, n_lambdas: usize) -> Vec<f64> {
    assert!(largest > 0.0, "a grid begins above 0");
    assert!(
        smallest_share > 0.0 && smallest_share < 1.0,
        "a share lies between 0 and 1"
    );
    let steps = n_lambdas.saturating_sub(1).max(1) as f64;
    (0..n_lambdas)
        .map(|step| largest * smallest_share.powf(step as f64 / steps))
        .collect()
}

impl ValidElasticNetParams {
    /// One model per strength in the given order, best descending; `penalty.lambda` plays no part.
    ///
    /// # Errors
    /// As [`fit`](crate::Fit::fit), and [`LearnError::Parameter`] for a strength out of range.
    pub fn path<D: Design>(
        &self,
        lambdas: &[f64],
        examples: &Examples<'_, D, f64>,
        context: &Context<'_>,
    ) -> Result<Vec<LinearRegression>, LearnError> {
        let problem = Problem::new(self.params(), examples)?;
        let mut models: Vec<LinearRegression> = Vec::with_capacity(lambdas.len());
        for (done, &lambda) in lambdas.iter().enumerate() {
            let penalty = Penalty {
                lambda,
                l1_ratio: self.params().penalty.l1_ratio,
            };
            penalty.require_valid()?;
            models.push(problem.solve(penalty, models.last(), context)?);
            context
                .progress
                .report("path", done as u64 + 1, lambdas.len() as u64);
        }
        Ok(models)
    }

    /// The least strength at which all coefficients are zero: where a path begins.
    ///
    /// With (nearly) no share of absolute values there is none; the one of a share of 1/1000 is
    /// given, as in glmnet.
    ///
    /// # Errors
    /// As [`fit`](crate::Fit::fit).
    pub fn largest_lambda<D: Design>(
        &self,
        examples: &Examples<'_, D, f64>,
    ) -> Result<f64, LearnError> {
        let params = self.params();
        let problem = Problem::new(params, examples)?;
        Ok(problem.largest_l1() / params.penalty.l1_ratio.max(LEAST_L1_RATIO))
    }
}
