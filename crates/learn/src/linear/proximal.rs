//! Logistic losses with a penalty on absolute values: proximal Newton, one output at a time.
//!
//! Each round replaces the loss of one output by its quadratic approximation, descends on that
//! with the penalty, and goes as far in that direction as the objective itself falls.
//!
//! # Source
//! Friedman, Hastie & Tibshirani (2010), sections 3 and 4; Lee, Sun & Saunders (2014), "Proximal
//! Newton-Type Methods for Minimizing Composite Functions" for the line search.

use super::descent::{Point, Quadratic, Stop, fitted_values};
use super::losses::RowLoss;
use super::scores::LinearScores;
use super::standardize::Standardization;
use super::{Convergence, Penalty};
use crate::{Context, Design, LearnError, Matrix};

/// Least curvature of a row, as a share of its weight: rows that are certain still hold steps
/// back. The optimum does not depend on it.
const LEAST_CURVATURE: f64 = 1e-5;
/// How closely each approximation is solved, as a share of how far off it began.
const INNER_SHARE: f64 = 0.01;
/// Passes over the coefficients per approximation.
const INNER_PASSES: usize = 200;
/// Share of the promised decrease that a step must bring.
const DECREASE: f64 = 1e-4;
/// Halvings of a step before it is given up.
const MAX_HALVINGS: usize = 40;
/// Share of the objective that rounding may hide.
const ROUNDING: f64 = 1e-14;

/// What to minimize, and from what.
#[derive(Debug)]
pub(super) struct Proximal<'a, D, L> {
    /// The records transposed.
    pub(super) columns: &'a D,
    pub(super) labels: &'a [u32],
    /// Sum to 1.
    pub(super) weights: &'a [f64],
    pub(super) scaling: &'a Standardization,
    /// A loss whose derivative by a score is probability minus outcome.
    pub(super) loss: L,
    pub(super) intercept: bool,
    pub(super) penalty: Penalty,
    pub(super) tolerance: f64,
    pub(super) max_iterations: usize,
}

/// A step of one output: of the coefficients, and of the rows' scores.
struct Step {
    output: usize,
    point: Point,
    scores: Vec<f64>,
}

impl<D: Design, L: RowLoss> Proximal<'_, D, L> {
    /// Minimizes from `start`.
    ///
    /// # Errors
    /// Cancellation or the deadline.
    pub(super) fn minimize(
        &self,
        start: &LinearScores,
        context: &Context<'_>,
    ) -> Result<(LinearScores, Convergence), LearnError> {
        let mut points = self.points(start);
        let mut scores = self.scores(&points);
        let mut convergence = Convergence {
            n_iterations: 0,
            converged: false,
            violation: f64::INFINITY,
        };
        while convergence.n_iterations < self.max_iterations && !convergence.converged {
            convergence.violation = 0.0;
            let mut any_moved = false;
            for output in 0..points.len() {
                let (violation, moved) = self.round(output, &mut points, &mut scores, context)?;
                convergence.violation = convergence.violation.max(violation);
                any_moved |= moved;
            }
            convergence.n_iterations += 1;
            convergence.converged = convergence.violation <= self.tolerance;
            if !any_moved {
                break;
            }
        }
        Ok((self.in_units(&points), convergence))
    }

    /// Improves one output; how far it was from optimal before, and whether it moved.
    fn round(
        &self,
        output: usize,
        points: &mut [Point],
        scores: &mut Matrix,
        context: &Context<'_>,
    ) -> Result<(f64, bool), LearnError> {
        let (pulls, curvatures) = self.approximation(output, scores);
        let quadratic = Quadratic {
            columns: self.columns,
            scaling: self.scaling,
            curvatures: &curvatures,
            intercept: self.intercept,
            l1: self.penalty.l1(),
            l2: self.penalty.l2(),
        };
        let stop = Stop {
            step: 0.5 * self.tolerance,
            share_of_first: INNER_SHARE,
            max_passes: INNER_PASSES,
        };
        let before = &points[output];
        let mut after = before.clone();
        let descent = quadratic.descend(&mut after, pulls.clone(), stop, context)?;
        let step = self.step(output, before, &after);
        let slope = -dot(&pulls, &step.scores)
            + self.penalty.l2() * dot(&before.coefficients, &step.point.coefficients)
            + self.penalty.l1() * (l1_norm(&after.coefficients) - l1_norm(&before.coefficients));
        let moved = self.go(&step, slope, points, scores);
        Ok((descent.first_step, moved))
    }

    /// Minus the derivatives of the loss by one output's scores, and the curvatures, of all rows.
    fn approximation(&self, output: usize, scores: &Matrix) -> (Vec<f64>, Vec<f64>) {
        let mut derivatives = vec![0.0; self.loss.n_outputs()];
        self.labels
            .iter()
            .zip(self.weights)
            .zip(scores.rows())
            .map(|((&label, weight), scores)| {
                derivatives.copy_from_slice(scores);
                self.loss.derive(label, &mut derivatives);
                let outcome = self.is_outcome(label, output);
                let probability = derivatives[output] + f64::from(u8::from(outcome));
                let curvature = (probability * (1.0 - probability)).max(LEAST_CURVATURE);
                (-weight * derivatives[output], weight * curvature)
            })
            .unzip()
    }

    /// Whether the label is what the output scores: with one output, the second class.
    fn is_outcome(&self, label: u32, output: usize) -> bool {
        let class = if self.loss.n_outputs() == 1 {
            1
        } else {
            output
        };
        label as usize == class
    }

    fn step(&self, output: usize, before: &Point, after: &Point) -> Step {
        let point = Point {
            intercept: after.intercept - before.intercept,
            coefficients: after
                .coefficients
                .iter()
                .zip(&before.coefficients)
                .map(|(after, before)| after - before)
                .collect(),
        };
        Step {
            output,
            scores: fitted_values(self.columns, self.scaling, &point),
            point,
        }
    }

    /// Goes along a step as far as the objective falls, or, near the optimum, does not rise by
    /// more than rounding; whether it went.
    fn go(&self, step: &Step, slope: f64, points: &mut [Point], scores: &mut Matrix) -> bool {
        let before = self.objective(&points[step.output], step, scores, 0.0);
        let mut length = 1.0;
        for _ in 0..MAX_HALVINGS {
            let after = self.objective(&points[step.output], step, scores, length);
            let promised = DECREASE * length * slope.min(0.0);
            if after <= before + promised + ROUNDING * before.abs() {
                moved(&mut points[step.output], &step.point, length);
                for (scores, change) in scores.rows_mut().zip(&step.scores) {
                    scores[step.output] += length * change;
                }
                return true;
            }
            length *= 0.5;
        }
        false
    }

    /// The loss of all outputs and the penalty of the moving one, part of the way along a step.
    fn objective(&self, point: &Point, step: &Step, scores: &Matrix, length: f64) -> f64 {
        let mut row_scores = vec![0.0; self.loss.n_outputs()];
        let mut loss = 0.0;
        for (row, scores) in scores.rows().enumerate() {
            row_scores.copy_from_slice(scores);
            row_scores[step.output] += length * step.scores[row];
            loss += self.weights[row] * self.loss.derive(self.labels[row], &mut row_scores);
        }
        let mut point = point.clone();
        moved(&mut point, &step.point, length);
        loss + self.penalty.l1() * l1_norm(&point.coefficients)
            + 0.5 * self.penalty.l2() * dot(&point.coefficients, &point.coefficients)
    }

    fn points(&self, start: &LinearScores) -> Vec<Point> {
        (0..self.loss.n_outputs())
            .map(|output| {
                let (intercept, coefficients) = self
                    .scaling
                    .standardized(start.intercepts[output], start.coefficients.row(output));
                Point {
                    intercept: if self.intercept { intercept } else { 0.0 },
                    coefficients,
                }
            })
            .collect()
    }

    fn scores(&self, points: &[Point]) -> Matrix {
        let mut scores = Matrix::zeros(self.labels.len(), points.len());
        for (output, point) in points.iter().enumerate() {
            let fitted = fitted_values(self.columns, self.scaling, point);
            for (scores, fitted) in scores.rows_mut().zip(fitted) {
                scores[output] = fitted;
            }
        }
        scores
    }

    fn in_units(&self, points: &[Point]) -> LinearScores {
        let mut scores = LinearScores::zeros(points.len(), self.columns.n_rows());
        for (output, point) in points.iter().enumerate() {
            let (intercept, coefficients) =
                self.scaling.in_units(point.intercept, &point.coefficients);
            scores.intercepts[output] = intercept;
            scores
                .coefficients
                .row_mut(output)
                .copy_from_slice(&coefficients);
        }
        scores
    }
}

fn moved(point: &mut Point, step: &Point, length: f64) {
    point.intercept += length * step.intercept;
    for (value, change) in point.coefficients.iter_mut().zip(&step.coefficients) {
        // Exact at full length, so that what the descent set to zero is zero.
        *value += length * change;
    }
}

fn l1_norm(values: &[f64]) -> f64 {
    values.iter().map(|value| value.abs()).sum()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
