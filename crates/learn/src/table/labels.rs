//! Class labels of rows, as numbers with a dictionary.

use serde::{Deserialize, Serialize};

use super::{Categories, TableError};

/// Labels of rows, dictionary-coded; none is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels {
    classes: Vec<String>,
    codes: Vec<u32>,
}

impl Labels {
    /// Learns the classes from training rows: alphabetical, from 0.
    ///
    /// # Errors
    /// [`TableError::Empty`], or [`TableError::SingleClass`] when there is nothing to tell apart.
    pub fn learn<S: AsRef<str>>(texts: &[S]) -> Result<Self, TableError> {
        let coded = Categories::from_texts(texts.iter().map(Some));
        match coded.levels() {
            [] => return Err(TableError::Empty),
            [label] => {
                return Err(TableError::SingleClass {
                    label: label.clone(),
                });
            }
            _ => {}
        }
        Ok(Self {
            classes: coded.levels().to_vec(),
            codes: coded.codes().iter().flatten().copied().collect(),
        })
    }

    /// Labels of other rows in the classes of these.
    ///
    /// # Errors
    /// [`TableError::UnknownLabel`] with the first row whose label training did not show.
    pub fn same_classes<S: AsRef<str>>(&self, texts: &[S]) -> Result<Self, TableError> {
        let code_of = |(row, text): (usize, &S)| {
            // Classes are sorted from `learn` on.
            match self
                .classes
                .binary_search_by(|class| class.as_str().cmp(text.as_ref()))
            {
                Ok(code) => Ok(code as u32),
                Err(_) => Err(TableError::UnknownLabel {
                    row,
                    label: text.as_ref().into(),
                }),
            }
        };
        Ok(Self {
            classes: self.classes.clone(),
            codes: texts
                .iter()
                .enumerate()
                .map(code_of)
                .collect::<Result<_, _>>()?,
        })
    }

    /// What the numbers stand for, alphabetical.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// `(n_rows,)`, from 0 to below the number of classes.
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// The given rows in the given order; the classes stay whole.
    pub(super) fn select(&self, rows: &[usize]) -> Self {
        Self {
            classes: self.classes.clone(),
            codes: rows.iter().map(|&row| self.codes[row]).collect(),
        }
    }
}
