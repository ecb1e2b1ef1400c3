//! Naive Bayes for counts and for presence: linear scores that are counted, not searched for.

use serde::{Deserialize, Serialize};

use super::{class_totals, require_alpha, require_n_classes};
use crate::linear::{LinearScores, classes_of, softmax};
use crate::{Check, Context, Design, Examples, Fit, LearnError, Matrix, Predict};

/// How to fit a [`MultinomialNb`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MultinomialNbParams {
    /// Labels lie from 0 to below this, at least 2.
    pub n_classes: usize,
    /// What is added to every count, above 0.
    pub alpha: f64,
}

/// How to fit a [`BernoulliNb`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BernoulliNbParams {
    /// Labels lie from 0 to below this, at least 2.
    pub n_classes: usize,
    /// What is added to every count of rows with and without a feature, above 0.
    pub alpha: f64,
}

/// Checked [`MultinomialNbParams`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValidMultinomialNbParams(MultinomialNbParams);

/// Checked [`BernoulliNbParams`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValidBernoulliNbParams(BernoulliNbParams);

/// A fitted multinomial naive Bayes: a text is so many draws from its class's words.
///
/// # Source
/// Manning, Raghavan & Schütze (2008), "Introduction to Information Retrieval", section 13.2.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MultinomialNb {
    scores: LinearScores,
}

/// A fitted Bernoulli naive Bayes: each feature is there (above 0) or not, and not being there
/// tells too. Right for short texts.
///
/// # Source
/// Manning, Raghavan & Schütze (2008), "Introduction to Information Retrieval", section 13.3.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BernoulliNb {
    scores: LinearScores,
}

impl MultinomialNbParams {
    /// Adds 1 to every count.
    pub fn new(n_classes: usize) -> Self {
        Self {
            n_classes,
            alpha: 1.0,
        }
    }
}

impl BernoulliNbParams {
    /// Adds 1 to every count.
    pub fn new(n_classes: usize) -> Self {
        Self {
            n_classes,
            alpha: 1.0,
        }
    }
}

impl Check for MultinomialNbParams {
    type Valid = ValidMultinomialNbParams;
    type Error = LearnError;

    fn check(self) -> Result<ValidMultinomialNbParams, LearnError> {
        require_n_classes(self.n_classes)?;
        require_alpha(self.alpha)?;
        Ok(ValidMultinomialNbParams(self))
    }
}

impl Check for BernoulliNbParams {
    type Valid = ValidBernoulliNbParams;
    type Error = LearnError;

    fn check(self) -> Result<ValidBernoulliNbParams, LearnError> {
        require_n_classes(self.n_classes)?;
        require_alpha(self.alpha)?;
        Ok(ValidBernoulliNbParams(self))
    }
}

impl<D: Design> Fit<Examples<'_, D, u32>> for ValidMultinomialNbParams {
    type Model = MultinomialNb;
    type Error = LearnError;

    fn fit(
        &self,
        examples: &Examples<'_, D, u32>,
        context: &Context<'_>,
    ) -> Result<MultinomialNb, LearnError> {
        let MultinomialNbParams { n_classes, alpha } = self.0;
        let (totals, mut counts) = class_counts(examples, n_classes, |count| count, context)?;
        let width = counts.n_columns() as f64;
        for counts in counts.rows_mut() {
            let all: f64 = counts.iter().sum::<f64>() + alpha * width;
            for count in counts {
                *count = ((*count + alpha) / all).ln();
            }
        }
        Ok(MultinomialNb {
            scores: LinearScores {
                intercepts: log_shares(&totals),
                coefficients: counts,
            },
        })
    }
}

impl<D: Design> Fit<Examples<'_, D, u32>> for ValidBernoulliNbParams {
    type Model = BernoulliNb;
    type Error = LearnError;

    fn fit(
        &self,
        examples: &Examples<'_, D, u32>,
        context: &Context<'_>,
    ) -> Result<BernoulliNb, LearnError> {
        let BernoulliNbParams { n_classes, alpha } = self.0;
        let (totals, mut counts) = class_counts(examples, n_classes, presence, context)?;
        let mut intercepts = log_shares(&totals);
        for (class, counts) in counts.rows_mut().enumerate() {
            let all = totals[class] + 2.0 * alpha;
            for count in counts {
                let with = (*count + alpha) / all;
                let without = (totals[class] - *count + alpha) / all;
                // A row begins as if it had nothing, and each feature there corrects that.
                intercepts[class] += without.ln();
                *count = with.ln() - without.ln();
            }
        }
        Ok(BernoulliNb {
            scores: LinearScores {
                intercepts,
                coefficients: counts,
            },
        })
    }
}

impl MultinomialNb {
    /// Logarithms of priors, and of the probability of each feature in each class.
    pub fn scores(&self) -> &LinearScores {
        &self.scores
    }

    /// Probability of each class, `(n_samples, n_classes)`, rows summing to 1.
    ///
    /// # Errors
    /// [`LearnError::Shape`] or [`LearnError::NotFinite`].
    pub fn predict_proba<D: Design>(&self, records: &D) -> Result<Matrix, LearnError> {
        let mut scores = self.scores.of(records)?;
        for row in scores.rows_mut() {
            softmax(row);
        }
        Ok(scores)
    }
}

impl BernoulliNb {
    /// The linear map from presence (1 or 0) to logarithms of joint probabilities.
    pub fn scores(&self) -> &LinearScores {
        &self.scores
    }

    /// Probability of each class, `(n_samples, n_classes)`, rows summing to 1.
    ///
    /// # Errors
    /// [`LearnError::Shape`] or [`LearnError::NotFinite`].
    pub fn predict_proba<D: Design>(&self, records: &D) -> Result<Matrix, LearnError> {
        let mut scores = self.scores.of_mapped(records, presence)?;
        for row in scores.rows_mut() {
            softmax(row);
        }
        Ok(scores)
    }
}

impl<D: Design> Predict<D> for MultinomialNb {
    /// `(n_samples,)`, the most probable class.
    type Prediction = Vec<u32>;
    type Error = LearnError;

    fn predict(&self, records: &D) -> Result<Vec<u32>, LearnError> {
        Ok(classes_of(&self.scores.of(records)?))
    }
}

impl<D: Design> Predict<D> for BernoulliNb {
    /// `(n_samples,)`, the most probable class.
    type Prediction = Vec<u32>;
    type Error = LearnError;

    fn predict(&self, records: &D) -> Result<Vec<u32>, LearnError> {
        Ok(classes_of(&self.scores.of_mapped(records, presence)?))
    }
}

/// Whether a feature is there, as a number.
pub(super) fn presence(value: f64) -> f64 {
    if value > 0.0 { 1.0 } else { 0.0 }
}

/// Weights of the classes, and weighted sums of `count` of the features within them.
fn class_counts<D: Design>(
    examples: &Examples<'_, D, u32>,
    n_classes: usize,
    count: impl Fn(f64) -> f64,
    context: &Context<'_>,
) -> Result<(Vec<f64>, Matrix), LearnError> {
    examples.require_classes(n_classes)?;
    context.proceed()?;
    let weights = examples.weights();
    let totals = class_totals(examples.targets, &weights, n_classes);
    let mut counts = Matrix::zeros(n_classes, examples.records.n_columns());
    let mut negative = None;
    for (row, (&label, weight)) in examples.targets.iter().zip(&weights).enumerate() {
        let counts = counts.row_mut(label as usize);
        examples.records.visit(row, |column, value| {
            counts[column] += weight * count(value);
            if value < 0.0 && negative.is_none() {
                negative = Some(LearnError::Negative { row, column });
            }
        });
    }
    match negative {
        None => Ok((totals, counts)),
        Some(negative) => Err(negative),
    }
}

fn log_shares(totals: &[f64]) -> Vec<f64> {
    let whole: f64 = totals.iter().sum();
    totals.iter().map(|total| (total / whole).ln()).collect()
}
