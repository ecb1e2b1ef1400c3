//! A column of categories: each row holds a number, and a dictionary says what it stands for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::TableError;
use crate::LearnError;

/// Categories of rows, dictionary-coded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Categories {
    levels: Vec<String>,
    codes: Vec<Option<u32>>,
}

impl Categories {
    /// From text, `None` where it is missing; levels are in alphabetical order, so that they do
    /// not depend on the order of rows.
    pub fn from_texts<S: AsRef<str>>(texts: impl IntoIterator<Item = Option<S>>) -> Self {
        let mut known: BTreeMap<String, u32> = BTreeMap::new();
        // Codes in order of appearance first: the alphabet is only known at the end.
        let appeared: Vec<Option<u32>> = texts
            .into_iter()
            .map(|text| {
                let text = text?;
                let next = known.len() as u32;
                Some(match known.get(text.as_ref()) {
                    Some(&code) => code,
                    None => {
                        known.insert(text.as_ref().to_owned(), next);
                        next
                    }
                })
            })
            .collect();
        let mut place = vec![0; known.len()];
        for (position, &code) in (0..).zip(known.values()) {
            place[code as usize] = position;
        }
        Self {
            levels: known.into_keys().collect(),
            codes: appeared
                .into_iter()
                .map(|code| code.map(|code| place[code as usize]))
                .collect(),
        }
    }

    /// From a dictionary and codes into it.
    ///
    /// # Errors
    /// [`TableError::DuplicateName`] for a level that stands twice, and [`TableError::Learn`] for a
    /// code beyond the dictionary.
    pub fn new(levels: Vec<String>, codes: Vec<Option<u32>>) -> Result<Self, TableError> {
        let mut sorted: Vec<&String> = levels.iter().collect();
        sorted.sort_unstable();
        if let Some(twice) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(TableError::DuplicateName {
                name: twice[0].clone(),
            });
        }
        let beyond = |code: &Option<u32>| code.is_some_and(|code| code as usize >= levels.len());
        if let Some(row) = codes.iter().position(beyond) {
            return Err(LearnError::Label {
                row,
                label: codes[row].unwrap_or_default(),
                n_classes: levels.len(),
            }
            .into());
        }
        Ok(Self { levels, codes })
    }

    /// What the codes stand for.
    pub fn levels(&self) -> &[String] {
        &self.levels
    }

    /// `(n_rows,)`, positions in [`levels`](Self::levels), `None` where it is missing.
    pub fn codes(&self) -> &[Option<u32>] {
        &self.codes
    }

    /// The category of a row, `None` where it is missing.
    ///
    /// # Panics
    /// When there is no such row.
    pub fn text(&self, row: usize) -> Option<&str> {
        self.codes[row].map(|code| self.levels[code as usize].as_str())
    }

    /// The given rows in the given order; the dictionary stays whole.
    pub(super) fn select(&self, rows: &[usize]) -> Self {
        Self {
            levels: self.levels.clone(),
            codes: rows.iter().map(|&row| self.codes[row]).collect(),
        }
    }
}
