//! Categories as the mean target of their rows, without letting a row see its own target.

use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

use super::EncodeCategories;
use super::levels::{KnownLevels, Seen};
use crate::examples::require_length;
use crate::split::k_fold;
use crate::table::{Categories, TableError};
use crate::{Check, Context, LearnError, Matrix, rng};

/// How far the mean of a category is drawn to the mean of all rows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Smoothing {
    /// As if this many rows more had the overall mean, from 0 up.
    Rows(f64),
    /// By how much targets vary within the category and overall: the empirical Bayes estimate.
    Auto,
}

/// How training rows are encoded without their own targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Leakproof {
    /// Each fold by the means of the others; at least 2 folds.
    Folds(usize),
    /// Each row by the rows before it in a shuffled order, as CatBoost does.
    Ordered,
}

/// The smoothed mean target of the row's category.
///
/// For categories of many levels, where one-hot columns are too many. A row's own target must not
/// enter its own encoding, or a column of random names predicts the training targets perfectly
/// and nothing else: encode training rows with [`fit_encode`](ValidTargetEncoder::fit_encode),
/// and only other rows with the fitted encoder.
///
/// # Source
/// Micci-Barreca (2001), "A Preprocessing Scheme for High-Cardinality Categorical Attributes in
/// Classification and Prediction Problems"; Prokhorenkova et al. (2018), "CatBoost: unbiased
/// boosting with categorical features" for the ordered form.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TargetEncoder {
    /// How far small categories are drawn to the overall mean.
    pub smoothing: Smoothing,
    /// How training rows are encoded.
    pub leakproof: Leakproof,
}

impl Default for TargetEncoder {
    /// Automatic smoothing, five folds: as scikit-learn's.
    fn default() -> Self {
        Self {
            smoothing: Smoothing::Auto,
            leakproof: Leakproof::Folds(5),
        }
    }
}

/// Checked [`TargetEncoder`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValidTargetEncoder(TargetEncoder);

/// The smoothed means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FittedTargetEncoder {
    known: KnownLevels,
    means: Vec<f64>,
    missing_mean: f64,
    overall_mean: f64,
}

/// Count, sum and sum of squares of targets.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Check for TargetEncoder {
    type Valid = ValidTargetEncoder;
    type Error = LearnError;

    fn check(self) -> Result<ValidTargetEncoder, LearnError> {
        if let Smoothing::Rows(rows) = self.smoothing
            && !(rows >= 0.0 && rows.is_finite())
        {
            return Err(LearnError::Parameter {
                name: "smoothing",
                value: rows.to_string(),
                allowed: "smoothing is a finite number of rows from 0 up",
            });
        }
        match self.leakproof {
            Leakproof::Folds(n_folds) if n_folds < 2 => Err(LearnError::Parameter {
                name: "leakproof",
                value: n_folds.to_string(),
                allowed: "there are at least 2 folds",
            }),
            _ => Ok(ValidTargetEncoder(self)),
        }
    }
}

impl ValidTargetEncoder {
    /// Means over all rows, for encoding *other* rows.
    ///
    /// # Errors
    /// No rows, lists of different length, or a target that is not finite.
    pub fn fit(
        &self,
        categories: &Categories,
        targets: &[f64],
    ) -> Result<FittedTargetEncoder, LearnError> {
        require_targets(categories, targets)?;
        Ok(self.fit_rows(categories, targets, 0..targets.len()))
    }

    /// The same, with the training rows encoded without their own targets, `(n_rows,)`.
    ///
    /// # Errors
    /// As [`fit`](Self::fit), fewer rows than folds, cancellation or the deadline.
    pub fn fit_encode(
        &self,
        categories: &Categories,
        targets: &[f64],
        context: &Context<'_>,
    ) -> Result<(FittedTargetEncoder, Vec<f64>), LearnError> {
        let fitted = self.fit(categories, targets)?;
        let encoded = match self.0.leakproof {
            Leakproof::Folds(n_folds) => self.by_folds(n_folds, categories, targets, context)?,
            Leakproof::Ordered => self.in_order(categories, targets, context),
        };
        Ok((fitted, encoded))
    }

    fn by_folds(
        &self,
        n_folds: usize,
        categories: &Categories,
        targets: &[f64],
        context: &Context<'_>,
    ) -> Result<Vec<f64>, LearnError> {
        let mut encoded = vec![0.0; targets.len()];
        for split in k_fold(targets.len(), n_folds, context.seed)? {
            context.proceed()?;
            let fitted = self.fit_rows(categories, targets, split.train.iter().copied());
            let means = fitted.means_of(categories);
            for row in split.test {
                encoded[row] = means[row];
            }
        }
        Ok(encoded)
    }

    fn in_order(
        &self,
        categories: &Categories,
        targets: &[f64],
        context: &Context<'_>,
    ) -> Vec<f64> {
        let mut all = Sums::default();
        targets.iter().for_each(|&target| all.add(target));
        let mut order: Vec<usize> = (0..targets.len()).collect();
        order.shuffle(&mut rng(context.seed, "target_encoder"));
        // The last one is for rows without a category.
        let mut levels = vec![Sums::default(); categories.levels().len() + 1];
        let missing = levels.len() - 1;
        let mut encoded = vec![0.0; targets.len()];
        for row in order {
            let level = categories.codes()[row].map_or(missing, |code| code as usize);
            encoded[row] = self.smoothed(levels[level], all);
            levels[level].add(targets[row]);
        }
        encoded
    }

    fn fit_rows(
        &self,
        categories: &Categories,
        targets: &[f64],
        rows: impl Iterator<Item = usize>,
    ) -> FittedTargetEncoder {
        let mut levels = vec![Sums::default(); categories.levels().len()];
        let mut missing = Sums::default();
        let mut all = Sums::default();
        for row in rows {
            let sums = match categories.codes()[row] {
                Some(code) => &mut levels[code as usize],
                None => &mut missing,
            };
            sums.add(targets[row]);
            all.add(targets[row]);
        }
        let mut means: Vec<(String, f64)> = categories
            .levels()
            .iter()
            .zip(&levels)
            .filter(|(_, sums)| sums.count > 0.0)
            .map(|(level, sums)| (level.clone(), self.smoothed(*sums, all)))
            .collect();
        means.sort_by(|a, b| a.0.cmp(&b.0));
        let (levels, means) = means.into_iter().unzip();
        FittedTargetEncoder {
            known: KnownLevels::new(levels),
            means,
            missing_mean: self.smoothed(missing, all),
            overall_mean: all.mean(),
        }
    }

    /// The mean of a category drawn to the mean of all rows.
    fn smoothed(&self, level: Sums, all: Sums) -> f64 {
        let weight = match self.0.smoothing {
            Smoothing::Rows(rows) => level.count / (level.count + rows),
            Smoothing::Auto => {
                let signal = all.variance() * level.count;
                signal / (signal + level.variance())
            }
        };
        // No rows, or no variance at all: nothing is known beyond the overall mean.
        if weight.is_nan() {
            return all.mean();
        }
        weight * level.mean() + (1.0 - weight) * all.mean()
    }
}

impl Sums {
    fn add(&mut self, target: f64) {
        self.count += 1.0;
        // Welford's update: squares are about the running mean, which `sum` gives.
        let before = if self.count > 1.0 {
            self.sum / (self.count - 1.0)
        } else {
            target
        };
        self.sum += target;
        self.squares += (target - before) * (target - self.mean());
    }

    fn mean(&self) -> f64 {
        if self.count > 0.0 {
            self.sum / self.count
        } else {
            0.0
        }
    }

    fn variance(&self) -> f64 {
        if self.count > 0.0 {
            self.squares / self.count
        } else {
            0.0
        }
    }
}

impl FittedTargetEncoder {
    /// The mean that unknown categories get.
    pub fn overall_mean(&self) -> f64 {
        self.overall_mean
    }

    /// The smoothed mean of a category; the overall one if it is unknown.
    pub fn mean_of(&self, level: &str) -> f64 {
        self.known
            .position(level)
            .map_or(self.overall_mean, |position| self.means[position])
    }

    fn means_of(&self, categories: &Categories) -> Vec<f64> {
        self.known
            .seen(categories)
            .map(|seen| match seen {
                Seen::Known(position) => self.means[position],
                Seen::Unknown => self.overall_mean,
                Seen::Missing => self.missing_mean,
            })
            .collect()
    }
}

impl EncodeCategories for FittedTargetEncoder {
    fn output_names(&self, name: &str) -> Vec<String> {
        vec![format!("{name} (target)")]
    }

    fn encode(&self, _name: &str, categories: &Categories) -> Result<Matrix, TableError> {
        let means = self.means_of(categories);
        Ok(Matrix::new(means.len(), 1, means)?)
    }
}

fn require_targets(categories: &Categories, targets: &[f64]) -> Result<(), LearnError> {
    require_length("targets", categories.codes().len(), targets.len())?;
    if targets.is_empty() {
        return Err(LearnError::TooFewRows {
            needed: 1,
            found: 0,
        });
    }
    match targets.iter().position(|target| !target.is_finite()) {
        None => Ok(()),
        Some(row) => Err(LearnError::Target { row }),
    }
}
