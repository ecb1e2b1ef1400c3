//! The categories that a fitted encoder knows.

use serde::{Deserialize, Serialize};

use crate::table::Categories;

/// Categories in alphabetical order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KnownLevels(Vec<String>);

/// What an encoder makes of one row's category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// Known, with its position.
    Known(usize),
    /// There, but not known.
    Unknown,
    /// Not there.
    Missing,
}

impl KnownLevels {
    /// The categories with at least one row, with how many rows each has, and how many rows have
    /// none.
    pub(super) fn count(categories: &Categories) -> (Vec<(String, usize)>, usize) {
        let mut counts = vec![0; categories.levels().len()];
        let mut n_missing = 0;
        for code in categories.codes() {
            match code {
                Some(code) => counts[*code as usize] += 1,
                None => n_missing += 1,
            }
        }
        let counted = categories.levels().iter().cloned().zip(counts);
        (counted.filter(|&(_, count)| count > 0).collect(), n_missing)
    }

    /// These categories.
    pub(super) fn new(mut levels: Vec<String>) -> Self {
        levels.sort_unstable();
        Self(levels)
    }

    pub(super) fn levels(&self) -> &[String] {
        &self.0
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Where a category stands.
    pub(super) fn position(&self, level: &str) -> Option<usize> {
        self.0
            .binary_search_by(|known| known.as_str().cmp(level))
            .ok()
    }

    /// What each row of a column is to this encoder; the column's dictionary may be another.
    pub(super) fn seen(&self, categories: &Categories) -> impl ExactSizeIterator<Item = Seen> {
        let translated: Vec<Seen> = categories
            .levels()
            .iter()
            .map(|level| self.position(level).map_or(Seen::Unknown, Seen::Known))
            .collect();
        categories
            .codes()
            .iter()
            .map(move |code| code.map_or(Seen::Missing, |code| translated[code as usize]))
    }
}
