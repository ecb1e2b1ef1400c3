//! Boosted trees as one classifier among others.

use super::{BoostedTrees, BoostingData, BoostingError, ValidBoostingParams};
use crate::table::Kind;
use crate::{Context, Examples, Fit, LearnError, Matrix, Predict};

impl ValidBoostingParams {
    /// Fits on labels, as other classifiers do: 0 and 1 for the logistic loss, more for softmax.
    ///
    /// # Errors
    /// What [`fit`](Fit::fit) refuses, as any learner says it.
    pub fn fit_classes(
        &self,
        examples: &Examples<'_, Matrix, u32>,
        kinds: &[Kind],
        context: &Context<'_>,
    ) -> Result<BoostedTrees, LearnError> {
        let targets: Vec<f64> = examples.targets.iter().copied().map(f64::from).collect();
        let data = BoostingData {
            weights: examples.weights,
            ..BoostingData::new(examples.records, kinds, &targets)
        };
        self.fit(&data, context)
            .map_err(BoostingError::into_learn_error)
    }
}

impl BoostedTrees {
    /// Probability of each class, `(n_samples, n_classes)`, rows summing to 1.
    ///
    /// # Errors
    /// [`LearnError::Parameter`] when the loss has no classes, [`LearnError::Shape`] when the columns
    /// are not those it was fitted on.
    pub fn predict_proba(&self, records: &Matrix) -> Result<Matrix, LearnError> {
        if self.loss().n_classes().is_none() {
            return Err(LearnError::Parameter {
                name: "loss",
                value: format!("{:?}", self.loss()),
                allowed: "only the logistic and the softmax loss know classes",
            });
        }
        let predicted = self
            .predict(records)
            .map_err(BoostingError::into_learn_error)?;
        if predicted.n_columns() > 1 {
            return Ok(predicted);
        }
        let mut proba = Matrix::zeros(predicted.n_rows(), 2);
        for (proba, &of_one) in proba.rows_mut().zip(predicted.values()) {
            proba.copy_from_slice(&[1.0 - of_one, of_one]);
        }
        Ok(proba)
    }
}

impl BoostingError {
    /// The same as any learner says it, where trees are one learner among others.
    pub fn into_learn_error(self) -> LearnError {
        match self {
            Self::Target { row, .. } => LearnError::Target { row },
            Self::Weight { row, .. } => LearnError::Weight { row },
            Self::NoWeight => LearnError::Weight { row: 0 },
            Self::Category { row, column, .. } => LearnError::Category { row, column },
            Self::MonotoneCategory { column } => LearnError::Parameter {
                name: "monotone",
                value: format!("set for column {column}"),
                allowed: "categories have no order; constrain numeric columns only",
            },
            Self::Learn(error) => error,
        }
    }
}
