//! Categories as numbers: their place in an order, or their frequency.

use serde::{Deserialize, Serialize};

use super::EncodeCategories;
use super::levels::{KnownLevels, Seen};
use crate::table::{Categories, TableError};
use crate::{Context, Fit, LearnError, Matrix};

/// The place of each category in an order, from 0; `NaN` for missing and unknown ones.
///
/// Right for sizes and grades in their true order, and for trees that take codes as categories;
/// wrong for linear models of anything else.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Ordinal {
    /// The order, lowest first; alphabetical when not given. Categories that it leaves out are
    /// unknown.
    pub order: Option<Vec<String>>,
}

/// The places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FittedOrdinal {
    known: KnownLevels,
    /// Place of each known category.
    places: Vec<usize>,
}

impl Ordinal {
    /// At most so many categories, those that most rows have, in alphabetical order; of equally
    /// frequent ones the first by the alphabet.
    pub fn most_frequent(categories: &Categories, limit: usize) -> Self {
        let (mut counts, _) = KnownLevels::count(categories);
        counts.sort_unstable_by(|(a, n_a), (b, n_b)| n_b.cmp(n_a).then_with(|| a.cmp(b)));
        counts.truncate(limit);
        let mut order: Vec<String> = counts.into_iter().map(|(level, _)| level).collect();
        order.sort_unstable();
        Self { order: Some(order) }
    }
}

impl Fit<Categories> for Ordinal {
    type Model = FittedOrdinal;
    type Error = TableError;

    fn fit(
        &self,
        categories: &Categories,
        context: &Context<'_>,
    ) -> Result<FittedOrdinal, TableError> {
        context.proceed()?;
        let order = match &self.order {
            Some(order) => order.clone(),
            None => {
                let (counts, _) = KnownLevels::count(categories);
                let mut levels: Vec<String> = counts.into_iter().map(|(level, _)| level).collect();
                levels.sort_unstable();
                levels
            }
        };
        let known = KnownLevels::new(order.clone());
        let mut places = vec![usize::MAX; known.len()];
        for (place, level) in order.iter().enumerate() {
            let position = known.position(level).expect("every level is known");
            if places[position] != usize::MAX {
                return Err(LearnError::Parameter {
                    name: "order",
                    value: level.clone(),
                    allowed: "each category stands in the order once",
                }
                .into());
            }
            places[position] = place;
        }
        Ok(FittedOrdinal { known, places })
    }
}

impl FittedOrdinal {
    /// Places back to categories; `None` for `NaN` and for what is no place.
    pub fn decode(&self, encoded: &[f64]) -> Categories {
        let mut by_place = vec![""; self.places.len()];
        for (level, &place) in self.known.levels().iter().zip(&self.places) {
            by_place[place] = level;
        }
        let level = |&value: &f64| {
            let is_place = value >= 0.0 && value.fract() == 0.0;
            is_place
                .then(|| by_place.get(value as usize).copied())
                .flatten()
        };
        Categories::from_texts(encoded.iter().map(level))
    }
}

impl EncodeCategories for FittedOrdinal {
    fn output_names(&self, name: &str) -> Vec<String> {
        vec![name.into()]
    }

    fn encode(&self, _name: &str, categories: &Categories) -> Result<Matrix, TableError> {
        let values: Vec<f64> = self
            .known
            .seen(categories)
            .map(|seen| match seen {
                Seen::Known(position) => self.places[position] as f64,
                Seen::Unknown | Seen::Missing => f64::NAN,
            })
            .collect();
        Ok(Matrix::new(values.len(), 1, values)?)
    }
}

/// The share of training rows that have the row's category; 0 for unknown ones.
///
/// Missing counts as a category. Two categories of one frequency become one: useful beside another
/// encoding, or where how common a thing is matters more than what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Frequency;

/// The shares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FittedFrequency {
    known: KnownLevels,
    shares: Vec<f64>,
    missing_share: f64,
}

impl Fit<Categories> for Frequency {
    type Model = FittedFrequency;
    type Error = TableError;

    fn fit(
        &self,
        categories: &Categories,
        context: &Context<'_>,
    ) -> Result<FittedFrequency, TableError> {
        context.proceed()?;
        let n_rows = categories.codes().len().max(1) as f64;
        let (mut counts, n_missing) = KnownLevels::count(categories);
        counts.sort_unstable();
        let shares = counts
            .iter()
            .map(|&(_, count)| count as f64 / n_rows)
            .collect();
        Ok(FittedFrequency {
            known: KnownLevels::new(counts.into_iter().map(|(level, _)| level).collect()),
            shares,
            missing_share: n_missing as f64 / n_rows,
        })
    }
}

impl EncodeCategories for FittedFrequency {
    fn output_names(&self, name: &str) -> Vec<String> {
        vec![format!("{name} (frequency)")]
    }

    fn encode(&self, _name: &str, categories: &Categories) -> Result<Matrix, TableError> {
        let values: Vec<f64> = self
            .known
            .seen(categories)
            .map(|seen| match seen {
                Seen::Known(position) => self.shares[position],
                Seen::Unknown => 0.0,
                Seen::Missing => self.missing_share,
            })
            .collect();
        Ok(Matrix::new(values.len(), 1, values)?)
    }
}
