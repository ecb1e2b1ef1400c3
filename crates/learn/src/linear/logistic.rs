//! Logistic regression for two classes and for many.

use serde::{Deserialize, Serialize};

use super::lbfgs::Limits;
use super::losses::{Logistic, RowLoss, Softmax, sigmoid, softmax};
use super::proximal::Proximal;
use super::scores::{LinearScores, classes_of};
use super::smooth::Smooth;
use super::standardize::Standardize;
use super::{ClassWeights, Convergence, Penalty, require_solver, shares};
use crate::{Check, Context, Design, Examples, Fit, LearnError, Matrix, Predict};

/// How to fit a [`LogisticRegression`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogisticParams {
    /// Labels lie from 0 to below this, at least 2.
    pub n_classes: usize,
    /// What large coefficients cost.
    pub penalty: Penalty,
    /// How much each class counts.
    pub class_weights: ClassWeights,
    /// Whether there are intercepts.
    pub intercept: bool,
    /// Whether columns are brought to deviation 1 first, so that the penalty does not depend on
    /// their units. Turn it off for counts of words, where rare ones would be blown up.
    pub standardize: bool,
    /// The fit has converged when, for a penalty of squares, no entry of the gradient in standard
    /// units exceeds this, or, with absolute values, no coordinate's best step moves the scores by
    /// more.
    pub tolerance: f64,
    /// Most rounds of the solver.
    pub max_iterations: usize,
}

impl LogisticParams {
    /// Ridge of strength 1e-4, equal class weights, an intercept, standardized columns, tolerance
    /// 1e-7 and 1,000 rounds.
    pub fn new(n_classes: usize) -> Self {
        Self {
            n_classes,
            penalty: Penalty::ridge(1e-4),
            class_weights: ClassWeights::Equal,
            intercept: true,
            standardize: true,
            tolerance: 1e-7,
            max_iterations: 1_000,
        }
    }
}

/// Checked [`LogisticParams`].
#[derive(Debug, Clone, PartialEq)]
pub struct ValidLogisticParams(LogisticParams);

/// A fitted logistic regression: log odds, or logarithms of probabilities, that are linear.
///
/// It minimizes `weighted mean of -ln p(label) + penalty`. Two classes have one score, the log
/// odds of class 1; more have one each, softmax of which is the probability. The scores of many
/// classes are only known up to a constant, so their intercepts are centered.
///
/// Squared penalties are minimized by limited-memory BFGS, those with absolute values by proximal
/// Newton with coordinate descent (as glmnet). Probabilities are calibrated by construction when
/// the penalty is small; where features act together, boosted trees see more.
///
/// # Source
/// Friedman, Hastie & Tibshirani (2010), "Regularization Paths for Generalized Linear Models via
/// Coordinate Descent".
///
/// ```
/// use rapport_learn::linear::LogisticParams;
/// use rapport_learn::{Cancellation, Check, Context, Examples, Fit, Matrix, Silent};
///
/// let visits = Matrix::from_rows(&[[1.0], [2.0], [3.0], [4.0]]);
/// let bought = [0, 1, 0, 1];
/// let cancel = Cancellation::default();
///
/// let model = LogisticParams::new(2)
///     .check()?
///     .fit(&Examples::new(&visits, &bought), &Context::new(1, &Silent, &cancel))?;
///
/// let proba = model.predict_proba(&visits)?;
/// assert!(proba.row(3)[1] > proba.row(0)[1]);
/// # Ok::<(), rapport_learn::LearnError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogisticRegression {
    scores: LinearScores,
    convergence: Convergence,
}

impl Check for LogisticParams {
    type Valid = ValidLogisticParams;
    type Error = LearnError;

    fn check(self) -> Result<ValidLogisticParams, LearnError> {
        if self.n_classes < 2 {
            return Err(LearnError::Parameter {
                name: "n_classes",
                value: self.n_classes.to_string(),
                allowed: "there are at least 2 classes to tell apart",
            });
        }
        self.penalty.require_valid()?;
        self.class_weights.require_valid(self.n_classes)?;
        require_solver(self.tolerance, self.max_iterations)?;
        Ok(ValidLogisticParams(self))
    }
}

impl<D: Design> Fit<Examples<'_, D, u32>> for ValidLogisticParams {
    type Model = LogisticRegression;
    type Error = LearnError;

    fn fit(
        &self,
        examples: &Examples<'_, D, u32>,
        context: &Context<'_>,
    ) -> Result<LogisticRegression, LearnError> {
        let start = LinearScores::zeros(self.n_outputs(), examples.records.n_columns());
        self.fit_scores(&start, examples, context)
    }
}

impl ValidLogisticParams {
    /// Fits from the coefficients of another model: the same optimum, sooner when it is near.
    ///
    /// # Errors
    /// As [`fit`](Fit::fit), and [`LearnError::Shape`] when the start is of another shape.
    pub fn fit_from<D: Design>(
        &self,
        start: &LogisticRegression,
        examples: &Examples<'_, D, u32>,
        context: &Context<'_>,
    ) -> Result<LogisticRegression, LearnError> {
        start
            .scores
            .require_shape(self.n_outputs(), examples.records.n_columns())?;
        self.fit_scores(&start.scores, examples, context)
    }

    fn n_outputs(&self) -> usize {
        if self.0.n_classes == 2 {
            1
        } else {
            self.0.n_classes
        }
    }

    fn fit_scores<D: Design>(
        &self,
        start: &LinearScores,
        examples: &Examples<'_, D, u32>,
        context: &Context<'_>,
    ) -> Result<LogisticRegression, LearnError> {
        let n_classes = self.0.n_classes;
        examples.require_classes(n_classes)?;
        if n_classes == 2 {
            self.minimize(Logistic, start, examples, context)
        } else {
            self.minimize(Softmax { n_classes }, start, examples, context)
        }
    }

    fn minimize<D: Design, L: RowLoss>(
        &self,
        loss: L,
        start: &LinearScores,
        examples: &Examples<'_, D, u32>,
        context: &Context<'_>,
    ) -> Result<LogisticRegression, LearnError> {
        let params = &self.0;
        let labels = examples.targets;
        let weights = shares(params.class_weights.applied(
            examples.weights(),
            labels,
            params.n_classes,
        ));
        let columns = examples.records.transposed();
        let scaling = Standardize {
            center: params.intercept,
            scale: params.standardize,
        }
        .fit(&columns, &weights);
        let (mut scores, convergence) = if params.penalty.l1() > 0.0 {
            Proximal {
                columns: &columns,
                labels,
                weights: &weights,
                scaling: &scaling,
                loss,
                intercept: params.intercept,
                penalty: params.penalty,
                tolerance: params.tolerance,
                max_iterations: params.max_iterations,
            }
            .minimize(start, context)?
        } else {
            let limits = Limits {
                gradient: params.tolerance,
                max_iterations: params.max_iterations,
            };
            Smooth {
                records: examples.records,
                columns: &columns,
                labels,
                weights: &weights,
                scaling: &scaling,
                loss,
                intercept: params.intercept,
                l2: params.penalty.l2(),
            }
            .minimize(start, limits, context)?
        };
        center_intercepts(&mut scores);
        Ok(LogisticRegression {
            scores,
            convergence,
        })
    }
}

impl LogisticRegression {
    /// The linear map: one output for two classes, one per class for more.
    pub fn scores(&self) -> &LinearScores {
        &self.scores
    }

    /// How the solver ended.
    pub fn convergence(&self) -> Convergence {
        self.convergence
    }

    /// Probability of each class, `(n_samples, n_classes)`, rows summing to 1.
    ///
    /// # Errors
    /// [`LearnError::Shape`] or [`LearnError::NotFinite`].
    pub fn predict_proba<D: Design>(&self, records: &D) -> Result<Matrix, LearnError> {
        let mut scores = self.scores.of(records)?;
        if self.scores.n_outputs() > 1 {
            for row in scores.rows_mut() {
                softmax(row);
            }
            return Ok(scores);
        }
        let mut proba = Matrix::zeros(scores.n_rows(), 2);
        for (proba, score) in proba.rows_mut().zip(scores.values()) {
            // Each by itself: 1 - p would round a small probability to 0.
            proba[0] = sigmoid(-score);
            proba[1] = sigmoid(*score);
        }
        Ok(proba)
    }
}

impl<D: Design> Predict<D> for LogisticRegression {
    /// `(n_samples,)`, the most probable class.
    type Prediction = Vec<u32>;
    type Error = LearnError;

    fn predict(&self, records: &D) -> Result<Vec<u32>, LearnError> {
        Ok(classes_of(&self.scores.of(records)?))
    }
}

/// Of several scores only differences matter; fixes the constant.
fn center_intercepts(scores: &mut LinearScores) {
    if scores.n_outputs() == 1 {
        return;
    }
    let mean = crate::stats::mean(&scores.intercepts);
    for intercept in &mut scores.intercepts {
        *intercept -= mean;
    }
}
