//! Several models as one: their probabilities blended by weights that are learned out of fold.
//!
//! A model's probabilities for its own training rows flatter it, so the weights are fitted on
//! probabilities for rows that were held back. The caller says how ([`Split`]): by row, by group
//! or by time.

mod blender;

pub use blender::{Blender, BlenderParams, ValidBlenderParams};

use std::fmt;

use crate::boosting::BoostedTrees;
use crate::linear::LogisticRegression;
use crate::naive_bayes::{BernoulliNb, GaussianNb, MultinomialNb};
use crate::split::Split;
use crate::{Context, Design, Examples, LearnError, Matrix};

/// A model that gives each class a probability.
pub trait Classifier<D>: Send + Sync {
    /// Probability of each class, `(n_samples, n_classes)`, rows summing to 1.
    ///
    /// # Errors
    /// Records of another shape than those the model was fitted on.
    fn predict_proba(&self, records: &D) -> Result<Matrix, LearnError>;
}

impl<D: Design> Classifier<D> for LogisticRegression {
    fn predict_proba(&self, records: &D) -> Result<Matrix, LearnError> {
        self.predict_proba(records)
    }
}

impl<D: Design> Classifier<D> for MultinomialNb {
    fn predict_proba(&self, records: &D) -> Result<Matrix, LearnError> {
        self.predict_proba(records)
    }
}

impl<D: Design> Classifier<D> for BernoulliNb {
    fn predict_proba(&self, records: &D) -> Result<Matrix, LearnError> {
        self.predict_proba(records)
    }
}

impl Classifier<Matrix> for GaussianNb {
    fn predict_proba(&self, records: &Matrix) -> Result<Matrix, LearnError> {
        self.predict_proba(records)
    }
}

impl Classifier<Matrix> for BoostedTrees {
    fn predict_proba(&self, records: &Matrix) -> Result<Matrix, LearnError> {
        self.predict_proba(records)
    }
}

/// Fits one of the models to blend.
pub type FitBase<'a, D> =
    dyn Fn(&Examples<'_, D, u32>, &Context<'_>) -> Result<Box<dyn Classifier<D>>, LearnError> + 'a;

/// The models to blend, and how.
pub struct Stacking<'a, D> {
    bases: Vec<(String, Box<FitBase<'a, D>>)>,
    blender: ValidBlenderParams,
}

/// The models fitted on all rows, and their blender.
pub struct Stacked<D> {
    bases: Vec<(String, Box<dyn Classifier<D>>)>,
    blender: Blender,
}

impl<'a, D: Design> Stacking<'a, D> {
    /// No models yet.
    pub fn new(blender: ValidBlenderParams) -> Self {
        Self {
            bases: Vec::new(),
            blender,
        }
    }

    /// The same with one more model.
    #[must_use]
    pub fn with<M: Classifier<D> + 'static>(
        mut self,
        name: &str,
        fit: impl Fn(&Examples<'_, D, u32>, &Context<'_>) -> Result<M, LearnError> + 'a,
    ) -> Self {
        let boxed = move |examples: &Examples<'_, D, u32>, context: &Context<'_>| {
            let model: Box<dyn Classifier<D>> = Box::new(fit(examples, context)?);
            Ok(model)
        };
        self.bases.push((name.into(), Box::new(boxed)));
        self
    }

    /// Fits each model once per split and once on all rows, and the blender on what was held back.
    ///
    /// # Errors
    /// No models, splits that do not hold back every row once, what a model refuses, cancellation
    /// or the deadline.
    pub fn fit(
        &self,
        examples: &Examples<'_, D, u32>,
        splits: &[Split],
        context: &Context<'_>,
    ) -> Result<Stacked<D>, LearnError> {
        if self.bases.is_empty() {
            return Err(LearnError::Parameter {
                name: "bases",
                value: "none".into(),
                allowed: "there is at least 1 model to blend",
            });
        }
        examples.require_rows()?;
        require_each_once(splits, examples.targets.len())?;
        let n_fits = (self.bases.len() * (splits.len() + 1)) as u64;
        let mut held_back = Vec::with_capacity(self.bases.len());
        let mut bases = Vec::with_capacity(self.bases.len());
        for (name, fit) in &self.bases {
            held_back.push(out_of_fold(fit.as_ref(), examples, splits, context)?);
            bases.push((name.clone(), fit(examples, context)?));
            let n_done = (bases.len() * (splits.len() + 1)) as u64;
            context.progress.report("stack", n_done, n_fits);
        }
        let blender = self
            .blender
            .fit(&held_back, examples.targets, examples.weights, context)?;
        Ok(Stacked { bases, blender })
    }
}

impl<D: Design> Stacked<D> {
    /// Names of the models, in the order of the blender's weights.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.bases.iter().map(|(name, _)| name.as_str())
    }

    /// What blends them.
    pub fn blender(&self) -> &Blender {
        &self.blender
    }
}

impl<D: Design> Classifier<D> for Stacked<D> {
    fn predict_proba(&self, records: &D) -> Result<Matrix, LearnError> {
        let probabilities: Vec<Matrix> = self
            .bases
            .iter()
            .map(|(_, base)| base.predict_proba(records))
            .collect::<Result<_, _>>()?;
        self.blender.blend(&probabilities)
    }
}

impl<D> fmt::Debug for Stacking<'_, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&String> = self.bases.iter().map(|(name, _)| name).collect();
        f.debug_struct("Stacking")
            .field("bases", &names)
            .field("blender", &self.blender)
            .finish()
    }
}

impl<D> fmt::Debug for Stacked<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&String> = self.bases.iter().map(|(name, _)| name).collect();
        f.debug_struct("Stacked")
            .field("bases", &names)
            .field("blender", &self.blender)
            .finish()
    }
}

/// Probabilities of each row by a model that did not see it, `(n_samples, n_classes)`.
fn out_of_fold<D: Design>(
    fit: &FitBase<'_, D>,
    examples: &Examples<'_, D, u32>,
    splits: &[Split],
    context: &Context<'_>,
) -> Result<Matrix, LearnError> {
    let mut held_back: Option<Matrix> = None;
    for split in splits {
        context.proceed()?;
        let (records, targets, weights) = examples.select(&split.train);
        let train = Examples {
            records: &records,
            targets: &targets,
            weights: weights.as_deref(),
        };
        let model = fit(&train, context)?;
        let probabilities = model.predict_proba(&examples.records.select(&split.test))?;
        let into = held_back.get_or_insert_with(|| {
            Matrix::zeros(examples.targets.len(), probabilities.n_columns())
        });
        probabilities.require_columns(into.n_columns())?;
        for (probabilities, &row) in probabilities.rows().zip(&split.test) {
            into.row_mut(row).copy_from_slice(probabilities);
        }
    }
    Ok(held_back.unwrap_or_else(|| Matrix::zeros(0, 0)))
}

/// Refuses splits unless each row is held back once.
fn require_each_once(splits: &[Split], n_samples: usize) -> Result<(), LearnError> {
    let mut n_held_back = vec![0; n_samples];
    for &row in splits.iter().flat_map(|split| &split.test) {
        if row >= n_samples {
            return Err(LearnError::Shape {
                what: "rows in the splits",
                expected: n_samples,
                found: row + 1,
            });
        }
        n_held_back[row] += 1;
    }
    match n_held_back.iter().position(|&n| n != 1) {
        None => Ok(()),
        Some(row) => Err(LearnError::Parameter {
            name: "splits",
            value: format!("holding back row {row} {} times", n_held_back[row]),
            allowed: "every row is held back exactly once",
        }),
    }
}

#[cfg(test)]
mod tests;
