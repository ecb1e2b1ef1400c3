//! Coordinate descent for penalized weighted least squares, on columns that are standardized in
//! thought.
//!
//! One solver serves the elastic net, where the weights are those of the rows, and the quadratic
//! approximations of logistic regression, where they are curvatures.

use super::penalty::soft_threshold;
use super::standardize::Standardization;
use crate::{Context, Design, LearnError};

/// Minimize `1/2 sum w (r - b0 - x b)^2 + l1 sum |b| + l2/2 sum b^2` over changes of `b0` and `b`.
#[derive(Debug)]
pub(super) struct Quadratic<'a, D> {
    /// `(n_features, n_samples)`.
    pub(super) columns: &'a D,
    pub(super) scaling: &'a Standardization,
    /// `(n_samples,)`.
    pub(super) curvatures: &'a [f64],
    pub(super) intercept: bool,
    pub(super) l1: f64,
    pub(super) l2: f64,
}

/// When to stop.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stop {
    /// Largest step of a full pass that counts as none, as a change of the fitted values (their
    /// root of the weighted sum of squares).
    pub(super) step: f64,
    /// The same as a share of the first pass's largest step: the larger of the two counts.
    pub(super) share_of_first: f64,
    /// Passes over the coefficients, full ones and those over non-zero ones alike.
    pub(super) max_passes: usize,
}

/// Coefficients in standard units.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Point {
    pub(super) intercept: f64,
    pub(super) coefficients: Vec<f64>,
}

/// How the descent went.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Descent {
    pub(super) n_passes: usize,
    /// Largest step of the first full pass: how far from optimal the start was.
    pub(super) first_step: f64,
    /// Largest step of the last full pass.
    pub(super) last_step: f64,
    pub(super) converged: bool,
}

/// Sums that one problem needs again and again.
struct Sums {
    /// Sum of curvatures.
    total: f64,
    /// `sum w x` per column, in the column's units.
    products: Vec<f64>,
    /// `sum w x^2` per column, in standard units.
    squares: Vec<f64>,
}

/// What changes while descending.
///
/// The residual times curvature of row `i` is `pulls[i] + shift * w[i]`: centering moves all rows
/// alike, and is kept in one number so that a sparse column touches its stored rows only.
struct Moving<'a> {
    point: &'a mut Point,
    pulls: Vec<f64>,
    shift: f64,
    /// Sum over rows of residual times curvature.
    sum: f64,
}

impl<D: Design> Quadratic<'_, D> {
    /// Descends from `point`, where residual times curvature of each row is `pulls`.
    ///
    /// # Errors
    /// Cancellation or the deadline.
    pub(super) fn descend(
        &self,
        point: &mut Point,
        pulls: Vec<f64>,
        stop: Stop,
        context: &Context<'_>,
    ) -> Result<Descent, LearnError> {
        let sums = self.sums();
        let all: Vec<usize> = (0..self.columns.n_rows()).collect();
        let mut moving = Moving {
            point,
            pulls,
            shift: 0.0,
            sum: 0.0,
        };
        let mut descent = Descent {
            n_passes: 0,
            first_step: f64::NAN,
            last_step: f64::INFINITY,
            converged: false,
        };
        let mut limit = stop.step;
        while descent.n_passes < stop.max_passes {
            context.proceed()?;
            // Rounding gathers in the running sum; it starts afresh with each full pass.
            moving.sum = moving.pulls.iter().sum::<f64>() + moving.shift * sums.total;
            descent.last_step = self.pass(&all, &sums, &mut moving);
            if descent.n_passes == 0 {
                descent.first_step = descent.last_step;
                limit = stop.step.max(stop.share_of_first * descent.first_step);
            }
            descent.n_passes += 1;
            if descent.last_step <= limit {
                descent.converged = true;
                break;
            }
            let active: Vec<usize> = (0..all.len())
                .filter(|&column| moving.point.coefficients[column] != 0.0)
                .collect();
            while descent.n_passes < stop.max_passes {
                context.proceed()?;
                descent.n_passes += 1;
                if self.pass(&active, &sums, &mut moving) <= limit {
                    break;
                }
            }
        }
        Ok(descent)
    }

    /// Moves the intercept and each given coefficient once; the largest step.
    fn pass(&self, columns: &[usize], sums: &Sums, moving: &mut Moving<'_>) -> f64 {
        let mut largest = 0.0_f64;
        if self.intercept && sums.total > 0.0 {
            let step = moving.sum / sums.total;
            moving.point.intercept += step;
            moving.shift -= step;
            moving.sum = 0.0;
            largest = step.abs() * sums.total.sqrt();
        }
        for &column in columns {
            largest = largest.max(self.step(column, sums, moving));
        }
        largest
    }

    /// Moves one coefficient to its optimum, the others held; the change of the fitted values.
    fn step(&self, column: usize, sums: &Sums, moving: &mut Moving<'_>) -> f64 {
        let bend = sums.squares[column] + self.l2;
        if bend <= 0.0 {
            return 0.0;
        }
        let (center, scale) = (self.scaling.centers[column], self.scaling.scales[column]);
        let product = self.columns.dot(column, &moving.pulls)
            + moving.shift * sums.products[column]
            - center * moving.sum;
        let before = moving.point.coefficients[column];
        let wanted = scale * product + sums.squares[column] * before;
        let after = soft_threshold(wanted, self.l1) / bend;
        if after == before {
            return 0.0;
        }
        moving.point.coefficients[column] = after;
        let change = (after - before) * scale;
        let (curvatures, pulls) = (self.curvatures, &mut moving.pulls);
        self.columns.visit(column, |row, value| {
            pulls[row] -= change * curvatures[row] * value;
        });
        moving.shift += change * center;
        moving.sum -= change * (sums.products[column] - center * sums.total);
        (after - before).abs() * bend.sqrt()
    }

    fn sums(&self) -> Sums {
        let total: f64 = self.curvatures.iter().sum();
        let n_features = self.columns.n_rows();
        let products = (0..n_features)
            .map(|column| self.columns.dot(column, self.curvatures))
            .collect();
        let squares = (0..n_features)
            .map(|column| self.square(column, total))
            .collect();
        Sums {
            total,
            products,
            squares,
        }
    }

    /// `sum w x^2` of a column in standard units.
    fn square(&self, column: usize, total: f64) -> f64 {
        let (center, scale) = (self.scaling.centers[column], self.scaling.scales[column]);
        let (mut squares, mut seen) = (0.0, 0.0);
        self.columns.visit(column, |row, value| {
            squares += self.curvatures[row] * (value - center).powi(2);
            seen += self.curvatures[row];
        });
        scale * scale * (squares + (total - seen).max(0.0) * center * center)
    }
}

/// Fitted values of a point, `(n_samples,)`.
pub(super) fn fitted_values<D: Design>(
    columns: &D,
    scaling: &Standardization,
    point: &Point,
) -> Vec<f64> {
    let (intercept, coefficients) = scaling.in_units(point.intercept, &point.coefficients);
    let mut fitted = vec![intercept; columns.n_columns()];
    for (column, &coefficient) in coefficients.iter().enumerate() {
        if coefficient != 0.0 {
            columns.visit(column, |row, value| fitted[row] += coefficient * value);
        }
    }
    fitted
}
