//! Weights for the probabilities of several models.

use serde::{Deserialize, Serialize};

use crate::examples::{require_length, require_weights};
use crate::linear::{Convergence, softmax};
use crate::{Check, Context, LearnError, Matrix};

/// Least probability that a model is believed to give: a certain error of one model must not
/// outvote all others.
const LEAST_PROBABILITY: f64 = 1e-9;
/// Passes of coordinate descent on one quadratic.
const INNER_PASSES: usize = 1_000;
/// Share of the largest curvature that is added to all, for models that agree everywhere.
const JITTER: f64 = 1e-12;
/// Share of the promised decrease that a step must bring.
const DECREASE: f64 = 1e-4;
/// Halvings of a step before it is given up.
const MAX_HALVINGS: usize = 40;
/// Share of the objective that rounding may hide.
const ROUNDING: f64 = 1e-14;

/// How to fit a [`Blender`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BlenderParams {
    /// Whether weights are kept from falling below zero: a model is believed or not, but never
    /// used against itself. True by default.
    pub non_negative: bool,
    /// Whether each class has an offset, which mends base rates; true by default. The time to fit
    /// grows with the cube of the classes: turn it off beyond some dozens.
    pub offsets: bool,
    /// Strength that draws the weights to equal shares, from 0 up; 1e-3 by default.
    pub lambda: f64,
    /// The fit has converged when no best step of one weight moves the scores by more; 1e-9 by
    /// default.
    pub tolerance: f64,
    /// Most Newton steps; 100 by default.
    pub max_iterations: usize,
}

impl Default for BlenderParams {
    fn default() -> Self {
        Self {
            non_negative: true,
            offsets: true,
            lambda: 1e-3,
            tolerance: 1e-9,
            max_iterations: 100,
        }
    }
}

/// Checked [`BlenderParams`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValidBlenderParams(BlenderParams);

/// A fitted blend: `p(class)` in proportion to `exp(offset) * product over models of
/// p_model(class)^weight`.
///
/// For two classes this is logistic regression on the models' log odds. Weights that sum to more
/// than 1 sharpen, to less than 1 soften: a blend also mends the confidence of its models. Fitted
/// by Newton steps, each a quadratic solved by coordinate descent within the bounds.
///
/// # Source
/// Wolpert (1992), "Stacked generalization"; Breiman (1996), "Stacked regressions" for weights
/// that are not negative; Genest & Zidek (1986), "Combining Probability Distributions" for the
/// logarithmic pool.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Blender {
    weights: Vec<f64>,
    /// The first is 0: only differences matter.
    offsets: Vec<f64>,
    convergence: Convergence,
}

/// Everything that one fit looks at.
struct Problem<'a> {
    params: BlenderParams,
    /// Per model `(n_samples, n_classes)`.
    logs: Vec<Matrix>,
    labels: &'a [u32],
    /// Sum to 1.
    shares: Vec<f64>,
    n_classes: usize,
}

/// Value, gradient and curvature at a point.
struct Bowl {
    value: f64,
    gradient: Vec<f64>,
    curvature: Matrix,
}

impl Check for BlenderParams {
    type Valid = ValidBlenderParams;
    type Error = LearnError;

    fn check(self) -> Result<ValidBlenderParams, LearnError> {
        if !(self.lambda >= 0.0 && self.lambda.is_finite()) {
            return Err(LearnError::Parameter {
                name: "lambda",
                value: self.lambda.to_string(),
                allowed: "a penalty is a finite number from 0 up",
            });
        }
        crate::linear::require_solver(self.tolerance, self.max_iterations)?;
        Ok(ValidBlenderParams(self))
    }
}

impl ValidBlenderParams {
    /// Learns weights from probabilities that each model gave to rows that it did not see,
    /// `(n_samples, n_classes)` per model.
    ///
    /// # Errors
    /// No models or rows, tables or lists of different shape, values that are not finite, labels
    /// out of range, cancellation or the deadline.
    pub fn fit(
        &self,
        probabilities: &[Matrix],
        labels: &[u32],
        weights: Option<&[f64]>,
        context: &Context<'_>,
    ) -> Result<Blender, LearnError> {
        let problem = Problem::new(self.0, probabilities, labels, weights)?;
        let mut point = problem.start();
        let mut convergence = Convergence {
            n_iterations: 0,
            converged: false,
            violation: f64::INFINITY,
        };
        while convergence.n_iterations < self.0.max_iterations && !convergence.converged {
            context.proceed()?;
            let bowl = problem.bowl(&point);
            let step = problem.step(&point, &bowl);
            convergence.n_iterations += 1;
            convergence.violation = (0..step.len())
                .map(|i| step[i].abs() * bowl.curvature.row(i)[i].sqrt())
                .fold(0.0, f64::max);
            convergence.converged = convergence.violation <= self.0.tolerance;
            problem.go(&mut point, &step, &bowl);
        }
        let offsets = point.split_off(problem.logs.len());
        let mut all_offsets = vec![0.0; problem.n_classes];
        all_offsets[1..][..offsets.len()].copy_from_slice(&offsets);
        Ok(Blender {
            weights: point,
            offsets: all_offsets,
            convergence,
        })
    }
}

impl<'a> Problem<'a> {
    fn new(
        params: BlenderParams,
        probabilities: &[Matrix],
        labels: &'a [u32],
        weights: Option<&[f64]>,
    ) -> Result<Self, LearnError> {
        let n_classes = probabilities.first().map_or(0, Matrix::n_columns);
        if n_classes < 2 || labels.is_empty() {
            return Err(LearnError::TooFewRows {
                needed: 1,
                found: 0,
            });
        }
        let logs = logarithms(probabilities, labels.len(), n_classes)?;
        let beyond = |&label: &u32| label as usize >= n_classes;
        if let Some(row) = labels.iter().position(beyond) {
            return Err(LearnError::Label {
                row,
                label: labels[row],
                n_classes,
            });
        }
        let shares = match weights {
            None => vec![1.0 / labels.len() as f64; labels.len()],
            Some(weights) => {
                require_length("weights", labels.len(), weights.len())?;
                require_weights(weights)?;
                let whole: f64 = weights.iter().sum();
                weights.iter().map(|weight| weight / whole).collect()
            }
        };
        Ok(Self {
            params,
            logs,
            labels,
            shares,
            n_classes,
        })
    }

    /// Equal weights, which is the geometric mean, and no offsets.
    fn start(&self) -> Vec<f64> {
        let n_models = self.logs.len();
        let n_offsets = if self.params.offsets {
            self.n_classes - 1
        } else {
            0
        };
        let mut point = vec![1.0 / n_models as f64; n_models];
        point.resize(n_models + n_offsets, 0.0);
        point
    }

    /// Inputs of one row and class, which the point weighs.
    fn inputs(&self, row: usize, class: usize, into: &mut [f64]) {
        let n_models = self.logs.len();
        for (input, logs) in into.iter_mut().zip(&self.logs) {
            *input = logs.row(row)[class];
        }
        for (offset, input) in into[n_models..].iter_mut().enumerate() {
            *input = f64::from(u8::from(offset + 1 == class));
        }
    }

    /// Negative log likelihood plus penalty.
    fn value(&self, point: &[f64]) -> f64 {
        let mut inputs = vec![0.0; point.len()];
        let mut scores = vec![0.0; self.n_classes];
        let mut value = self.penalty(point);
        for (row, (&label, share)) in self.labels.iter().zip(&self.shares).enumerate() {
            for (class, score) in scores.iter_mut().enumerate() {
                self.inputs(row, class, &mut inputs);
                *score = dot(&inputs, point);
            }
            let own = scores[label as usize];
            value += share * (softmax(&mut scores) - own);
        }
        value
    }

    fn penalty(&self, point: &[f64]) -> f64 {
        let equal = 1.0 / self.logs.len() as f64;
        let squares: f64 = point[..self.logs.len()]
            .iter()
            .map(|weight| (weight - equal).powi(2))
            .sum();
        0.5 * self.params.lambda * squares
    }

    fn bowl(&self, point: &[f64]) -> Bowl {
        let d = point.len();
        let mut bowl = Bowl {
            value: self.penalty(point),
            gradient: vec![0.0; d],
            curvature: Matrix::zeros(d, d),
        };
        let mut inputs = Matrix::zeros(self.n_classes, d);
        for row in 0..self.labels.len() {
            self.add_row(row, point, &mut inputs, &mut bowl);
        }
        let equal = 1.0 / self.logs.len() as f64;
        for (model, weight) in point[..self.logs.len()].iter().enumerate() {
            bowl.gradient[model] += self.params.lambda * (weight - equal);
            bowl.curvature.row_mut(model)[model] += self.params.lambda;
        }
        let largest = (0..d).map(|i| bowl.curvature.row(i)[i]).fold(0.0, f64::max);
        for i in 0..d {
            bowl.curvature.row_mut(i)[i] += (JITTER * largest).max(f64::MIN_POSITIVE);
        }
        bowl
    }

    /// Adds one row: gradient `E[x] - x_label`, curvature the covariance of the inputs `x` over
    /// the classes' probabilities.
    fn add_row(&self, row: usize, point: &[f64], inputs: &mut Matrix, bowl: &mut Bowl) {
        let (label, share) = (self.labels[row] as usize, self.shares[row]);
        let mut scores: Vec<f64> = (0..self.n_classes)
            .map(|class| {
                self.inputs(row, class, inputs.row_mut(class));
                dot(inputs.row(class), point)
            })
            .collect();
        let own = scores[label];
        bowl.value += share * (softmax(&mut scores) - own);
        let mut mean = vec![0.0; point.len()];
        for (probability, inputs) in scores.iter().zip(inputs.rows()) {
            for (mean, input) in mean.iter_mut().zip(inputs) {
                *mean += probability * input;
            }
        }
        let of_label = inputs.row(label);
        for (i, slope) in bowl.gradient.iter_mut().enumerate() {
            *slope += share * (mean[i] - of_label[i]);
        }
        for (probability, inputs) in scores.iter().zip(inputs.rows()) {
            for i in 0..mean.len() {
                let factor = share * probability * (inputs[i] - mean[i]);
                let curvatures = bowl.curvature.row_mut(i);
                for (j, curvature) in curvatures.iter_mut().enumerate() {
                    *curvature += factor * (inputs[j] - mean[j]);
                }
            }
        }
    }

    /// The step to the bottom of the bowl within the bounds, by coordinate descent.
    fn step(&self, point: &[f64], bowl: &Bowl) -> Vec<f64> {
        let mut step = vec![0.0; point.len()];
        for _ in 0..INNER_PASSES {
            let mut largest = 0.0_f64;
            for i in 0..step.len() {
                let curvatures = bowl.curvature.row(i);
                let slope = bowl.gradient[i] + dot(curvatures, &step);
                let mut next = step[i] - slope / curvatures[i];
                if self.params.non_negative && i < self.logs.len() {
                    next = next.max(-point[i]);
                }
                largest = largest.max((next - step[i]).abs() * curvatures[i].sqrt());
                step[i] = next;
            }
            if largest <= 0.01 * self.params.tolerance {
                break;
            }
        }
        step
    }

    /// Goes along a step as far as the objective falls; stays when rounding hides every fall.
    fn go(&self, point: &mut Vec<f64>, step: &[f64], bowl: &Bowl) {
        let slope = dot(&bowl.gradient, step);
        let mut length = 1.0;
        for _ in 0..MAX_HALVINGS {
            let moved: Vec<f64> = point
                .iter()
                .zip(step)
                .map(|(value, change)| value + length * change)
                .collect();
            let allowed = DECREASE * length * slope + ROUNDING * bowl.value.abs();
            if self.value(&moved) <= bowl.value + allowed {
                *point = moved;
                return;
            }
            length *= 0.5;
        }
    }
}

impl Blender {
    /// How much each model counts, `(n_models,)`.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// What is added to the logarithm of each class, `(n_classes,)`, the first 0.
    pub fn offsets(&self) -> &[f64] {
        &self.offsets
    }

    /// How the solver ended.
    pub fn convergence(&self) -> Convergence {
        self.convergence
    }

    /// Blends probabilities of the models in their order, `(n_samples, n_classes)` each.
    ///
    /// # Errors
    /// [`LearnError::Shape`] or [`LearnError::NotFinite`].
    pub fn blend(&self, probabilities: &[Matrix]) -> Result<Matrix, LearnError> {
        require_length("models", self.weights.len(), probabilities.len())?;
        let n_rows = probabilities.first().map_or(0, Matrix::n_rows);
        let logs = logarithms(probabilities, n_rows, self.offsets.len())?;
        let mut blended = Matrix::zeros(n_rows, self.offsets.len());
        for (row, scores) in blended.rows_mut().enumerate() {
            scores.copy_from_slice(&self.offsets);
            for (weight, logs) in self.weights.iter().zip(&logs) {
                for (score, log) in scores.iter_mut().zip(logs.row(row)) {
                    *score += weight * log;
                }
            }
            softmax(scores);
        }
        Ok(blended)
    }
}

/// Logarithms of probabilities, kept away from zero.
fn logarithms(
    probabilities: &[Matrix],
    n_rows: usize,
    n_classes: usize,
) -> Result<Vec<Matrix>, LearnError> {
    let log = |table: &Matrix| {
        require_length("rows of probabilities", n_rows, table.n_rows())?;
        table.require_columns(n_classes)?;
        table.require_finite()?;
        let mut logs = table.clone();
        for value in logs.values_mut() {
            *value = value.max(LEAST_PROBABILITY).ln();
        }
        Ok(logs)
    };
    probabilities.iter().map(log).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
