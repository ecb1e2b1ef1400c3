//! One column of zeros and ones per category.

use serde::{Deserialize, Serialize};

use super::EncodeCategories;
use super::levels::{KnownLevels, Seen};
use crate::table::{Categories, TableError};
use crate::{Context, Fit, LearnError, Matrix};

/// What becomes of a category that training did not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Unknown {
    /// It counts as rare where rare ones have a column, else its row is all zeros.
    #[default]
    Rare,
    /// It is refused by name.
    Refuse,
}

/// A column per category; 1 where the row has it.
///
/// Rare categories share one column, so that a name seen once does not get a coefficient of its
/// own. Missing has a column if training had missing rows, else it goes where rare ones go. Linear
/// models with a penalty need no category left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneHot {
    /// Categories with fewer rows are rare; 1 means that none is.
    pub min_count: usize,
    /// Only this many of the most frequent have a column of their own, the alphabet deciding
    /// between equals.
    pub max_levels: Option<usize>,
    /// What becomes of unknown categories.
    pub unknown: Unknown,
}

impl Default for OneHot {
    /// Every category has its column; unknown ones are zeros.
    fn default() -> Self {
        Self {
            min_count: 1,
            max_levels: None,
            unknown: Unknown::Rare,
        }
    }
}

/// The categories that have columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FittedOneHot {
    known: KnownLevels,
    /// Categories that training showed and that share the rare column.
    rare: KnownLevels,
    has_missing: bool,
    unknown: Unknown,
}

impl Fit<Categories> for OneHot {
    type Model = FittedOneHot;
    type Error = TableError;

    fn fit(
        &self,
        categories: &Categories,
        context: &Context<'_>,
    ) -> Result<FittedOneHot, TableError> {
        context.proceed()?;
        if self.max_levels == Some(0) {
            return Err(LearnError::Parameter {
                name: "max_levels",
                value: "0".into(),
                allowed: "at least 1 category has its own column",
            }
            .into());
        }
        let (mut counts, n_missing) = KnownLevels::count(categories);
        counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let frequent = counts
            .iter()
            .take_while(|(_, count)| *count >= self.min_count)
            .count();
        let kept = self.max_levels.unwrap_or(usize::MAX).min(frequent);
        let mut names: Vec<String> = counts.into_iter().map(|(level, _)| level).collect();
        let rare = names.split_off(kept);
        Ok(FittedOneHot {
            known: KnownLevels::new(names),
            rare: KnownLevels::new(rare),
            has_missing: n_missing > 0,
            unknown: self.unknown,
        })
    }
}

impl FittedOneHot {
    fn has_rare(&self) -> bool {
        self.rare.len() > 0
    }

    fn width(&self) -> usize {
        self.known.len() + usize::from(self.has_rare()) + usize::from(self.has_missing)
    }

    /// The column that is 1 for a row, if any.
    fn hot(&self, seen: Seen) -> Option<usize> {
        match seen {
            Seen::Known(position) => Some(position),
            Seen::Missing if self.has_missing => Some(self.width() - 1),
            Seen::Unknown | Seen::Missing => self.has_rare().then_some(self.known.len()),
        }
    }

    fn require_known(&self, name: &str, categories: &Categories) -> Result<(), TableError> {
        for (row, seen) in self.known.seen(categories).enumerate() {
            if seen == Seen::Unknown
                && let Some(level) = categories.text(row)
                && self.rare.position(level).is_none()
            {
                return Err(TableError::UnknownLevel {
                    name: name.into(),
                    row,
                    level: level.into(),
                });
            }
        }
        Ok(())
    }
}

impl EncodeCategories for FittedOneHot {
    fn output_names(&self, name: &str) -> Vec<String> {
        let mut names: Vec<String> = self
            .known
            .levels()
            .iter()
            .map(|level| format!("{name}={level}"))
            .collect();
        // In brackets, which tell them from a category that is itself named so.
        if self.has_rare() {
            names.push(format!("{name} (rare)"));
        }
        if self.has_missing {
            names.push(format!("{name} (missing)"));
        }
        names
    }

    fn encode(&self, name: &str, categories: &Categories) -> Result<Matrix, TableError> {
        if self.unknown == Unknown::Refuse {
            self.require_known(name, categories)?;
        }
        let mut encoded = Matrix::zeros(categories.codes().len(), self.width());
        for (row, seen) in self.known.seen(categories).enumerate() {
            if let Some(column) = self.hot(seen) {
                encoded.row_mut(row)[column] = 1.0;
            }
        }
        Ok(encoded)
    }
}
