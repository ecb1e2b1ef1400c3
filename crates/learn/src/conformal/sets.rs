//! Sets of classes that hold the true one as often as promised.

use rand::RngExt;
use serde::{Deserialize, Serialize};

use super::{ConformalError, Level, conformal_quantile, require_length};
use crate::probability::is_distribution;
use crate::random::fnv1a;
use crate::{Matrix, rng};

/// Least ambiguous sets: all classes whose probability reaches one threshold.
///
/// The smallest sets on average. Hard rows get sets that are too small and easy ones too large,
/// and a row that looks like nothing seen may get an empty set.
///
/// # Source
/// Sadinle, Lei & Wasserman (2019), "Least Ambiguous Set-Valued Classifiers With Bounded Error
/// Levels".
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Lac {
    level: Level,
    threshold: f64,
}

impl Lac {
    /// Learns the threshold from calibration rows.
    ///
    /// # Shapes
    /// - `probabilities`: `(n_samples, n_classes)`, each row adds up to 1;
    /// - `actual`: `(n_samples,)`, classes counted from 0.
    ///
    /// # Errors
    /// Lists of different length, a row that is no distribution, a class without a column, or too
    /// few rows for the level.
    pub fn fit(
        probabilities: &Matrix,
        actual: &[u32],
        level: Level,
    ) -> Result<Self, ConformalError> {
        let scores = scores_of_true_class(probabilities, actual, surprise)?;
        let threshold = conformal_quantile(&scores, level)?;
        Ok(Self { level, threshold })
    }

    /// The classes of each row, ascending: `(n_samples,)` sets.
    ///
    /// # Errors
    /// A row that is no distribution.
    pub fn sets(&self, probabilities: &Matrix) -> Result<Vec<Vec<u32>>, ConformalError> {
        require_distributions(probabilities)?;
        Ok(probabilities
            .rows()
            .map(|row| classes_up_to(&surprise(row), self.threshold))
            .collect())
    }

    /// The coverage that was promised.
    pub fn level(&self) -> Level {
        self.level
    }
}

/// Adaptive sets: the most probable classes, until together they reach one threshold.
///
/// Sets grow where classes are hard to tell, which evens coverage out from row to row, at the
/// price of larger sets than [`Lac`]'s on average. They are never empty: the most probable class is
/// kept always, so a model that is right more often than the level asks covers more than promised.
///
/// The score of a class is the probability of all classes at least as probable. The paper draws a
/// number by lot per row to take off part of the class's own probability, which makes sets a
/// little smaller ([`RandomizedAps`]); here the same row gets the same set every time.
///
/// # Source
/// Romano, Sesia & Candès (2020), "Classification with Valid and Adaptive Coverage", with the
/// score of Angelopoulos & Bates (2023), section 2.1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Aps {
    level: Level,
    threshold: f64,
}

impl Aps {
    /// Learns the threshold from calibration rows.
    ///
    /// # Shapes
    /// - `probabilities`: `(n_samples, n_classes)`, each row adds up to 1;
    /// - `actual`: `(n_samples,)`, classes counted from 0.
    ///
    /// # Errors
    /// Lists of different length, a row that is no distribution, a class without a column, or too
    /// few rows for the level.
    pub fn fit(
        probabilities: &Matrix,
        actual: &[u32],
        level: Level,
    ) -> Result<Self, ConformalError> {
        let scores = scores_of_true_class(probabilities, actual, mass_down_to)?;
        let threshold = conformal_quantile(&scores, level)?;
        Ok(Self { level, threshold })
    }

    /// The classes of each row, ascending: `(n_samples,)` sets, none empty.
    ///
    /// # Errors
    /// A row that is no distribution.
    pub fn sets(&self, probabilities: &Matrix) -> Result<Vec<Vec<u32>>, ConformalError> {
        require_distributions(probabilities)?;
        Ok(probabilities
            .rows()
            .map(|row| {
                let masses = mass_down_to(row);
                // The most probable class has the least mass and is always kept.
                let least = masses.iter().copied().fold(f64::INFINITY, f64::min);
                classes_up_to(&masses, self.threshold.max(least))
            })
            .collect())
    }

    /// The coverage that was promised.
    pub fn level(&self) -> Level {
        self.level
    }
}

/// Adaptive sets by lot: as [`Aps`], with part of the last class's probability taken off.
///
/// A number drawn for each row decides how much of a class's own probability its score counts. Sets
/// are smaller than [`Aps`]'s and hold the true class as often as promised and no more; in turn a row
/// may get an empty set, and another draw may give it another set. One seed gives the same sets.
///
/// # Source
/// Romano, Sesia & Candès (2020), "Classification with Valid and Adaptive Coverage", section 2.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RandomizedAps {
    level: Level,
    threshold: f64,
    seed: u64,
}

impl RandomizedAps {
    /// Learns the threshold from calibration rows.
    ///
    /// # Shapes
    /// - `probabilities`: `(n_samples, n_classes)`, each row adds up to 1;
    /// - `actual`: `(n_samples,)`, classes counted from 0.
    ///
    /// # Errors
    /// Lists of different length, a row that is no distribution, a class without a column, or too
    /// few rows for the level.
    pub fn fit(
        probabilities: &Matrix,
        actual: &[u32],
        level: Level,
        seed: u64,
    ) -> Result<Self, ConformalError> {
        let mut lots = rng(seed, "conformal calibration");
        let mass = |row: &[f64]| mass_by_lot(row, lots.random());
        let scores = scores_of_true_class(probabilities, actual, mass)?;
        let threshold = conformal_quantile(&scores, level)?;
        Ok(Self {
            level,
            threshold,
            seed,
        })
    }

    /// The classes of each row, ascending: `(n_samples,)` sets. The lot of a row depends on the seed
    /// and on its probabilities, so that a row has the same set alone as among others, and rows that
    /// are asked one at a time do not share one lot.
    ///
    /// # Errors
    /// A row that is no distribution.
    pub fn sets(&self, probabilities: &Matrix) -> Result<Vec<Vec<u32>>, ConformalError> {
        require_distributions(probabilities)?;
        let set = |row: &[f64]| classes_up_to(&mass_by_lot(row, self.lot(row)), self.threshold);
        Ok(probabilities.rows().map(set).collect())
    }

    fn lot(&self, row: &[f64]) -> f64 {
        let bits = row.iter().flat_map(|value| value.to_bits().to_le_bytes());
        rng(self.seed ^ fnv1a(bits), "conformal sets").random()
    }

    /// The coverage that was promised.
    pub fn level(&self) -> Level {
        self.level
    }
}

/// `1 - probability` of every class.
fn surprise(row: &[f64]) -> Vec<f64> {
    row.iter().map(|probability| 1.0 - probability).collect()
}

/// For every class the probability of it and all classes listed before it, most probable first; of
/// equal ones the lower class.
fn mass_down_to(row: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..row.len()).collect();
    order.sort_by(|&a, &b| row[b].total_cmp(&row[a]));
    let mut masses = vec![0.0; row.len()];
    let mut mass = 0.0;
    for class in order {
        mass += row[class];
        masses[class] = mass;
    }
    masses
}

/// The same with only a share of the class's own probability counted.
fn mass_by_lot(row: &[f64], share: f64) -> Vec<f64> {
    let masses = mass_down_to(row);
    let own = masses.iter().zip(row);
    own.map(|(mass, probability)| mass - (1.0 - share) * probability)
        .collect()
}

fn classes_up_to(scores: &[f64], threshold: f64) -> Vec<u32> {
    (0_u32..)
        .zip(scores)
        .filter(|&(_, &score)| score <= threshold)
        .map(|(class, _)| class)
        .collect()
}

fn scores_of_true_class(
    probabilities: &Matrix,
    actual: &[u32],
    mut scores: impl FnMut(&[f64]) -> Vec<f64>,
) -> Result<Vec<f64>, ConformalError> {
    require_length("classes", probabilities.n_rows(), actual.len())?;
    require_distributions(probabilities)?;
    probabilities
        .rows()
        .zip(actual)
        .enumerate()
        .map(|(row, (probabilities, &class))| {
            scores(probabilities)
                .get(class as usize)
                .copied()
                .ok_or(ConformalError::UnknownClass {
                    row,
                    class,
                    n_classes: probabilities.len(),
                })
        })
        .collect()
}

fn require_distributions(probabilities: &Matrix) -> Result<(), ConformalError> {
    match probabilities.rows().position(|row| !is_distribution(row)) {
        None => Ok(()),
        Some(row) => Err(ConformalError::Distribution { row }),
    }
}
