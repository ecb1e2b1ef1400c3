//! The linear support vector machine with squared hinge: the strong simple baseline for text.

use serde::{Deserialize, Serialize};

use super::lbfgs::Limits;
use super::losses::{RowLoss, SquaredHinge};
use super::scores::{LinearScores, classes_of};
use super::smooth::Smooth;
use super::standardize::Standardize;
use super::{ClassWeights, Convergence, Penalty, require_solver, shares};
use crate::{Check, Context, Design, Examples, Fit, LearnError, Matrix, Predict};

/// How to fit a [`LinearSvm`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LinearSvmParams {
    /// Labels lie from 0 to below this, at least 2.
    pub n_classes: usize,
    /// Strength of the squared penalty, from 0 up.
    pub lambda: f64,
    /// How much each class counts.
    pub class_weights: ClassWeights,
    /// Whether there are intercepts, which are not penalized.
    pub intercept: bool,
    /// Whether columns are brought to deviation 1 first.
    pub standardize: bool,
    /// Largest entry of the gradient, in standard units, that counts as zero.
    pub tolerance: f64,
    /// Most rounds of the solver.
    pub max_iterations: usize,
}

impl LinearSvmParams {
    /// Made for text: strength 1e-4, equal class weights, an intercept, columns as they are,
    /// tolerance 1e-7 and 1,000 rounds.
    pub fn new(n_classes: usize) -> Self {
        Self {
            n_classes,
            lambda: 1e-4,
            class_weights: ClassWeights::Equal,
            intercept: true,
            standardize: false,
            tolerance: 1e-7,
            max_iterations: 1_000,
        }
    }
}

/// Checked [`LinearSvmParams`].
#[derive(Debug, Clone, PartialEq)]
pub struct ValidLinearSvmParams(LinearSvmParams);

/// A fitted linear support vector machine; more than two classes each against the rest.
///
/// It minimizes `weighted mean of max(0, 1 - y score)^2 + lambda / 2 * sum b^2` with `y` 1 or -1.
/// Its scores are margins and no probabilities: calibrate them on held-back rows before anybody
/// reads them as such.
///
/// # Source
/// Fan, Chang, Hsieh, Wang & Lin (2008), "LIBLINEAR: A Library for Large Linear Classification"
/// (L2-regularized, L2-loss; the optimum is the same whatever the solver).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LinearSvm {
    scores: LinearScores,
    convergence: Convergence,
}

impl Check for LinearSvmParams {
    type Valid = ValidLinearSvmParams;
    type Error = LearnError;

    fn check(self) -> Result<ValidLinearSvmParams, LearnError> {
        if self.n_classes < 2 {
            return Err(LearnError::Parameter {
                name: "n_classes",
                value: self.n_classes.to_string(),
                allowed: "there are at least 2 classes to tell apart",
            });
        }
        Penalty::ridge(self.lambda).require_valid()?;
        self.class_weights.require_valid(self.n_classes)?;
        require_solver(self.tolerance, self.max_iterations)?;
        Ok(ValidLinearSvmParams(self))
    }
}

impl<D: Design> Fit<Examples<'_, D, u32>> for ValidLinearSvmParams {
    type Model = LinearSvm;
    type Error = LearnError;

    fn fit(
        &self,
        examples: &Examples<'_, D, u32>,
        context: &Context<'_>,
    ) -> Result<LinearSvm, LearnError> {
        let params = &self.0;
        examples.require_classes(params.n_classes)?;
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
        let loss = SquaredHinge {
            n_classes: params.n_classes,
        };
        let start = LinearScores::zeros(loss.n_outputs(), examples.records.n_columns());
        let limits = Limits {
            gradient: params.tolerance,
            max_iterations: params.max_iterations,
        };
        let (scores, convergence) = Smooth {
            records: examples.records,
            columns: &columns,
            labels,
            weights: &weights,
            scaling: &scaling,
            loss,
            intercept: params.intercept,
            l2: params.lambda,
        }
        .minimize(&start, limits, context)?;
        Ok(LinearSvm {
            scores,
            convergence,
        })
    }
}

impl LinearSvm {
    /// The linear map: one output for two classes, one per class for more.
    pub fn scores(&self) -> &LinearScores {
        &self.scores
    }

    /// How the solver ended.
    pub fn convergence(&self) -> Convergence {
        self.convergence
    }

    /// Margins, `(n_samples, 1)` for two classes (above 0 means class 1), else `(n_samples,
    /// n_classes)`.
    ///
    /// # Errors
    /// [`LearnError::Shape`] or [`LearnError::NotFinite`].
    pub fn decision<D: Design>(&self, records: &D) -> Result<Matrix, LearnError> {
        self.scores.of(records)
    }
}

impl<D: Design> Predict<D> for LinearSvm {
    /// `(n_samples,)`, the class with the largest margin.
    type Prediction = Vec<u32>;
    type Error = LearnError;

    fn predict(&self, records: &D) -> Result<Vec<u32>, LearnError> {
        Ok(classes_of(&self.scores.of(records)?))
    }
}
