//! A support vector machine on features weighed by naive Bayes: hard to beat on short texts.

use serde::{Deserialize, Serialize};

use super::counts::presence;
use super::require_alpha;
use crate::linear::{ClassWeights, Convergence, LinearScores, LinearSvmParams, classes_of};
use crate::{Check, Context, Examples, Fit, LearnError, Matrix, Predict, SparseMatrix};

/// How to fit an [`NbSvm`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NbSvmParams {
    /// The machine; its `n_classes` is that of the whole.
    pub svm: LinearSvmParams,
    /// What is added to every count, above 0; 1 by default.
    pub alpha: f64,
    /// How far to trust the machine, `[0, 1]`: 1 is the machine on weighed features, 0 is naive
    /// Bayes; 0.25 by default.
    pub interpolation: f64,
}

impl NbSvmParams {
    /// The paper's settings.
    pub fn new(n_classes: usize) -> Self {
        Self {
            svm: LinearSvmParams::new(n_classes),
            alpha: 1.0,
            interpolation: 0.25,
        }
    }
}

/// Checked [`NbSvmParams`].
#[derive(Debug, Clone, PartialEq)]
pub struct ValidNbSvmParams(NbSvmParams);

/// Logarithms of how much more frequent each feature is in one class than in the others.
///
/// With `f` the presence of features, `p = alpha + sum of f over the class`, `q = alpha + sum of f
/// over the rest`, the ratio is `r = ln((p / |p|) / (q / |q|))`, and a row becomes `r f`.
///
/// # Source
/// Wang & Manning (2012), "Baselines and Bigrams: Simple, Good Sentiment and Topic
/// Classification".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NbRatios(Vec<f64>);

/// A fitted NB-SVM; more than two classes each against the rest.
///
/// Scores are margins and no probabilities.
///
/// # Source
/// Wang & Manning (2012), "Baselines and Bigrams: Simple, Good Sentiment and Topic
/// Classification", section 2.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NbSvm {
    /// On the presence of features.
    scores: LinearScores,
    convergence: Vec<Convergence>,
}

impl NbRatios {
    /// Ratios of the rows in the class to the others.
    ///
    /// # Errors
    /// [`LearnError::Shape`] unless there is one entry per row, [`LearnError::NotFinite`], or
    /// [`LearnError::Parameter`] for an `alpha` that is not above 0.
    pub fn fit(records: &SparseMatrix, in_class: &[bool], alpha: f64) -> Result<Self, LearnError> {
        require_alpha(alpha)?;
        crate::examples::require_length("labels", records.n_rows(), in_class.len())?;
        records.require_finite()?;
        let mut inside = vec![alpha; records.n_columns()];
        let mut outside = inside.clone();
        for (row, &in_class) in in_class.iter().enumerate() {
            let counts = if in_class { &mut inside } else { &mut outside };
            for (column, value) in records.row(row) {
                counts[column] += presence(value);
            }
        }
        let all_inside: f64 = inside.iter().sum();
        let all_outside: f64 = outside.iter().sum();
        let ratio =
            |(inside, outside): (f64, f64)| ((inside / all_inside) / (outside / all_outside)).ln();
        Ok(Self(inside.into_iter().zip(outside).map(ratio).collect()))
    }

    /// `(n_features,)`.
    pub fn values(&self) -> &[f64] {
        &self.0
    }

    /// Presence times ratio.
    ///
    /// # Errors
    /// [`LearnError::Shape`] when the columns are not those it was fitted on.
    pub fn transform(&self, records: &SparseMatrix) -> Result<SparseMatrix, LearnError> {
        records.require_columns(self.0.len())?;
        Ok(records.map_entries(|_, column, value| presence(value) * self.0[column]))
    }
}

impl Check for NbSvmParams {
    type Valid = ValidNbSvmParams;
    type Error = LearnError;

    fn check(self) -> Result<ValidNbSvmParams, LearnError> {
        self.svm.clone().check()?;
        require_alpha(self.alpha)?;
        if !(0.0..=1.0).contains(&self.interpolation) {
            return Err(LearnError::Parameter {
                name: "interpolation",
                value: self.interpolation.to_string(),
                allowed: "the interpolation lies from 0 to 1",
            });
        }
        Ok(ValidNbSvmParams(self))
    }
}

impl Fit<Examples<'_, SparseMatrix, u32>> for ValidNbSvmParams {
    type Model = NbSvm;
    type Error = LearnError;

    fn fit(
        &self,
        examples: &Examples<'_, SparseMatrix, u32>,
        context: &Context<'_>,
    ) -> Result<NbSvm, LearnError> {
        let n_classes = self.0.svm.n_classes;
        examples.require_classes(n_classes)?;
        let weights =
            self.0
                .svm
                .class_weights
                .applied(examples.weights(), examples.targets, n_classes);
        let weighted = Examples::new(examples.records, examples.targets).weighted(&weights);
        let classes = if n_classes == 2 {
            1..2
        } else {
            0..n_classes as u32
        };
        let n_features = examples.records.n_columns();
        let mut model = NbSvm {
            scores: LinearScores {
                intercepts: Vec::with_capacity(classes.len()),
                coefficients: Matrix::zeros(classes.len(), n_features),
            },
            convergence: Vec::with_capacity(classes.len()),
        };
        for (output, class) in classes.enumerate() {
            let coefficients = model.scores.coefficients.row_mut(output);
            let (intercept, convergence) =
                self.fit_class(class, &weighted, coefficients, context)?;
            model.scores.intercepts.push(intercept);
            model.convergence.push(convergence);
        }
        Ok(model)
    }
}

impl ValidNbSvmParams {
    /// Fits one class against the rest; the intercept.
    fn fit_class(
        &self,
        class: u32,
        examples: &Examples<'_, SparseMatrix, u32>,
        coefficients: &mut [f64],
        context: &Context<'_>,
    ) -> Result<(f64, Convergence), LearnError> {
        let in_class: Vec<bool> = examples.targets.iter().map(|&l| l == class).collect();
        let ratios = NbRatios::fit(examples.records, &in_class, self.0.alpha)?;
        let records = ratios.transform(examples.records)?;
        let labels: Vec<u32> = in_class.into_iter().map(u32::from).collect();
        let svm = LinearSvmParams {
            n_classes: 2,
            // Already in the weights of the rows.
            class_weights: ClassWeights::Equal,
            ..self.0.svm.clone()
        }
        .check()?
        .fit(
            &Examples {
                records: &records,
                targets: &labels,
                weights: examples.weights,
            },
            context,
        )?;
        let found = svm.scores().coefficients.row(0);
        let size = found.iter().map(|value| value.abs()).sum::<f64>() / found.len().max(1) as f64;
        let trust = self.0.interpolation;
        for ((coefficient, found), ratio) in coefficients.iter_mut().zip(found).zip(ratios.values())
        {
            *coefficient = ((1.0 - trust) * size + trust * found) * ratio;
        }
        Ok((svm.scores().intercepts[0], svm.convergence()))
    }
}

impl NbSvm {
    /// The linear map from presence to margins: one output for two classes, else one per class.
    pub fn scores(&self) -> &LinearScores {
        &self.scores
    }

    /// How the solver ended for each output.
    pub fn convergence(&self) -> &[Convergence] {
        &self.convergence
    }

    /// Margins, `(n_samples, n_outputs)`.
    ///
    /// # Errors
    /// [`LearnError::Shape`] or [`LearnError::NotFinite`].
    pub fn decision(&self, records: &SparseMatrix) -> Result<Matrix, LearnError> {
        self.scores.of_mapped(records, presence)
    }
}

impl Predict<SparseMatrix> for NbSvm {
    /// `(n_samples,)`, the class with the largest margin.
    type Prediction = Vec<u32>;
    type Error = LearnError;

    fn predict(&self, records: &SparseMatrix) -> Result<Vec<u32>, LearnError> {
        Ok(classes_of(&self.decision(records)?))
    }
}
