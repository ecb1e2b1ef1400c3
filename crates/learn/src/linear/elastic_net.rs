//! Linear regression with the elastic net: ridge, lasso and what lies between.

use serde::{Deserialize, Serialize};

use super::descent::{Point, Quadratic, Stop, fitted_values};
use super::ridge::{self, NormalEquations};
use super::standardize::{Standardization, Standardize};
use super::{Convergence, Penalty, require_solver, shares};
use crate::{Check, Context, Design, Examples, Fit, LearnError, Predict};

/// How to fit a [`LinearRegression`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ElasticNetParams {
    /// What large coefficients cost; by default a lasso of strength 1e-3.
    pub penalty: Penalty,
    /// Whether there is an intercept; true by default.
    pub intercept: bool,
    /// Whether columns are brought to deviation 1 first, so that the penalty does not depend on
    /// their units; true by default.
    pub standardize: bool,
    /// Descent stops when a full pass changes the fitted values by no more than this share of the
    /// targets' deviation; 1e-8 by default.
    pub tolerance: f64,
    /// Most passes of the descent; 10,000 by default.
    pub max_iterations: usize,
}

impl Default for ElasticNetParams {
    fn default() -> Self {
        Self {
            penalty: Penalty::lasso(1e-3),
            intercept: true,
            standardize: true,
            tolerance: 1e-8,
            max_iterations: 10_000,
        }
    }
}

/// Checked [`ElasticNetParams`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValidElasticNetParams(ElasticNetParams);

/// A fitted linear regression, `y = intercept + x b`.
///
/// It minimizes `1/2 * weighted mean of (y - intercept - x b)^2 + penalty`, the penalty on the
/// coefficients of standardized columns unless told otherwise. Right when effects add up and
/// reasons must be read off; trees do better where features act together.
///
/// Ridge on up to 512 columns is solved in one step by the normal equations; everything else by
/// coordinate descent over the coefficients that are not zero, with full passes between.
///
/// # Source
/// Friedman, Hastie & Tibshirani (2010), "Regularization Paths for Generalized Linear Models via
/// Coordinate Descent".
///
/// ```
/// use rapport_learn::linear::{ElasticNetParams, Penalty};
/// use rapport_learn::{Cancellation, Check, Context, Examples, Fit, Matrix, Predict, Silent};
///
/// let visits = Matrix::from_rows(&[[1.0], [2.0], [3.0], [4.0]]);
/// let spent = [12.0, 14.0, 16.0, 18.0];
/// let cancel = Cancellation::default();
///
/// let model = ElasticNetParams {
///     penalty: Penalty::ridge(0.0),
///     ..ElasticNetParams::default()
/// }
/// .check()?
/// .fit(&Examples::new(&visits, &spent), &Context::new(1, &Silent, &cancel))?;
///
/// let next = model.predict(&Matrix::from_rows(&[[10.0]]))?;
/// assert!((next[0] - 30.0).abs() < 1e-9);
/// # Ok::<(), rapport_learn::LearnError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LinearRegression {
    intercept: f64,
    coefficients: Vec<f64>,
    convergence: Convergence,
}

impl Check for ElasticNetParams {
    type Valid = ValidElasticNetParams;
    type Error = LearnError;

    fn check(self) -> Result<ValidElasticNetParams, LearnError> {
        self.penalty.require_valid()?;
        require_solver(self.tolerance, self.max_iterations)?;
        Ok(ValidElasticNetParams(self))
    }
}

impl<D: Design> Fit<Examples<'_, D, f64>> for ValidElasticNetParams {
    type Model = LinearRegression;
    type Error = LearnError;

    fn fit(
        &self,
        examples: &Examples<'_, D, f64>,
        context: &Context<'_>,
    ) -> Result<LinearRegression, LearnError> {
        Problem::new(self.0, examples)?.solve(self.0.penalty, None, context)
    }
}

impl ValidElasticNetParams {
    /// Fits from the coefficients of another model: the same optimum, sooner when it is near.
    ///
    /// # Errors
    /// As [`fit`](Fit::fit), and [`LearnError::Shape`] when the start is of another width.
    pub fn fit_from<D: Design>(
        &self,
        start: &LinearRegression,
        examples: &Examples<'_, D, f64>,
        context: &Context<'_>,
    ) -> Result<LinearRegression, LearnError> {
        examples.records.require_width(start.coefficients.len())?;
        Problem::new(self.0, examples)?.solve(self.0.penalty, Some(start), context)
    }

    /// The parameters.
    pub(super) fn params(&self) -> ElasticNetParams {
        self.0
    }
}

impl LinearRegression {
    /// Prediction of a row of zeros.
    pub fn intercept(&self) -> f64 {
        self.intercept
    }

    /// Change of the prediction per unit of each column, `(n_features,)`.
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// How the solver ended.
    pub fn convergence(&self) -> Convergence {
        self.convergence
    }
}

impl<D: Design> Predict<D> for LinearRegression {
    /// `(n_samples,)`, in the unit of the targets.
    type Prediction = Vec<f64>;
    type Error = LearnError;

    fn predict(&self, records: &D) -> Result<Vec<f64>, LearnError> {
        records.require_width(self.coefficients.len())?;
        records.require_finite()?;
        Ok((0..records.n_rows())
            .map(|row| self.intercept + records.dot(row, &self.coefficients))
            .collect())
    }
}

/// Rows made ready for one fit or a whole path.
#[derive(Debug)]
pub(super) struct Problem<'a, D> {
    params: ElasticNetParams,
    records: &'a D,
    targets: &'a [f64],
    columns: D,
    /// Sum to 1.
    weights: Vec<f64>,
    scaling: Standardization,
    /// Of the targets, or 1 when they are all alike.
    deviation: f64,
}

impl<'a, D: Design> Problem<'a, D> {
    pub(super) fn new(
        params: ElasticNetParams,
        examples: &Examples<'a, D, f64>,
    ) -> Result<Self, LearnError> {
        examples.require_numbers()?;
        let weights = shares(examples.weights());
        let columns = examples.records.transposed();
        let scaling = Standardize {
            center: params.intercept,
            scale: params.standardize,
        }
        .fit(&columns, &weights);
        let deviation = deviation(examples.targets, &weights, params.intercept);
        Ok(Self {
            params,
            records: examples.records,
            targets: examples.targets,
            columns,
            weights,
            scaling,
            deviation,
        })
    }

    pub(super) fn solve(
        &self,
        penalty: Penalty,
        start: Option<&LinearRegression>,
        context: &Context<'_>,
    ) -> Result<LinearRegression, LearnError> {
        if penalty.l1() == 0.0 && self.columns.n_rows() <= ridge::MAX_COLUMNS {
            let equations = NormalEquations {
                records: self.records,
                targets: self.targets,
                weights: &self.weights,
                scaling: &self.scaling,
                intercept: self.params.intercept,
            };
            if let Some(point) = equations.solve(penalty.l2(), context)? {
                let exact = Convergence {
                    n_iterations: 1,
                    converged: true,
                    violation: 0.0,
                };
                return Ok(self.model(&point, exact));
            }
        }
        self.descend(penalty, start, context)
    }

    /// Coordinate descent from a model, or from zero.
    pub(super) fn descend(
        &self,
        penalty: Penalty,
        start: Option<&LinearRegression>,
        context: &Context<'_>,
    ) -> Result<LinearRegression, LearnError> {
        let mut point = self.start(start);
        let fitted = fitted_values(&self.columns, &self.scaling, &point);
        let pulls = self
            .targets
            .iter()
            .zip(&fitted)
            .zip(&self.weights)
            .map(|((target, fitted), weight)| weight * (target - fitted))
            .collect();
        let quadratic = Quadratic {
            columns: &self.columns,
            scaling: &self.scaling,
            curvatures: &self.weights,
            intercept: self.params.intercept,
            l1: penalty.l1(),
            l2: penalty.l2(),
        };
        let stop = Stop {
            step: self.params.tolerance * self.deviation,
            share_of_first: 0.0,
            max_passes: self.params.max_iterations,
        };
        let descent = quadratic.descend(&mut point, pulls, stop, context)?;
        let convergence = Convergence {
            n_iterations: descent.n_passes,
            converged: descent.converged,
            violation: descent.last_step / self.deviation,
        };
        Ok(self.model(&point, convergence))
    }

    /// The penalty of absolute values alone from which all coefficients are zero.
    pub(super) fn largest_l1(&self) -> f64 {
        let mean: f64 = if self.params.intercept {
            weighted_mean(self.targets, &self.weights)
        } else {
            0.0
        };
        let pulls: Vec<f64> = self
            .targets
            .iter()
            .zip(&self.weights)
            .map(|(target, weight)| weight * (target - mean))
            .collect();
        let sum: f64 = pulls.iter().sum();
        (0..self.columns.n_rows())
            .map(|column| {
                let product = self.columns.dot(column, &pulls);
                self.scaling.scales[column] * (product - self.scaling.centers[column] * sum)
            })
            .fold(0.0, |largest, product| largest.max(product.abs()))
    }

    fn start(&self, start: Option<&LinearRegression>) -> Point {
        let n_features = self.columns.n_rows();
        let (intercept, coefficients) = match start {
            Some(model) => self
                .scaling
                .standardized(model.intercept, &model.coefficients),
            None => (0.0, vec![0.0; n_features]),
        };
        Point {
            intercept: if self.params.intercept {
                intercept
            } else {
                0.0
            },
            coefficients,
        }
    }

    fn model(&self, point: &Point, convergence: Convergence) -> LinearRegression {
        let (intercept, coefficients) = self.scaling.in_units(point.intercept, &point.coefficients);
        LinearRegression {
            intercept,
            coefficients,
            convergence,
        }
    }
}

/// Weights sum to 1.
fn weighted_mean(values: &[f64], weights: &[f64]) -> f64 {
    values.iter().zip(weights).map(|(v, w)| v * w).sum()
}

/// Root of the weighted mean square of the targets, about their mean if there is an intercept; 1
/// when that is zero.
fn deviation(targets: &[f64], weights: &[f64], centered: bool) -> f64 {
    let center = if centered {
        weighted_mean(targets, weights)
    } else {
        0.0
    };
    let squares: f64 = targets
        .iter()
        .zip(weights)
        .map(|(target, weight)| weight * (target - center).powi(2))
        .sum();
    if squares > 0.0 { squares.sqrt() } else { 1.0 }
}
