//! Rows with what is known of them: what supervised learners are given.

use crate::{Design, LearnError};

/// Rows, one target each, and how much each counts.
///
/// Targets are `f64` for regression and class numbers (`u32`, from 0) for classification. The
/// records are dense or sparse ([`Design`]).
#[derive(Debug)]
pub struct Examples<'a, D, T> {
    /// `(n_samples, n_features)`.
    pub records: &'a D,
    /// `(n_samples,)`.
    pub targets: &'a [T],
    /// `(n_samples,)`, from 0 up; without them every row counts once.
    pub weights: Option<&'a [f64]>,
}

impl<D, T> Clone for Examples<'_, D, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D, T> Copy for Examples<'_, D, T> {}

impl<'a, D: Design, T> Examples<'a, D, T> {
    /// Rows that count once each.
    pub fn new(records: &'a D, targets: &'a [T]) -> Self {
        Self {
            records,
            targets,
            weights: None,
        }
    }

    /// The same with weights.
    #[must_use]
    pub fn weighted(self, weights: &'a [f64]) -> Self {
        Self {
            weights: Some(weights),
            ..self
        }
    }

    /// The weight of every row.
    pub fn weights(&self) -> Vec<f64> {
        self.weights
            .map_or_else(|| vec![1.0; self.targets.len()], <[f64]>::to_vec)
    }

    /// The given rows' records, targets and weights, to make examples of.
    ///
    /// # Panics
    /// When a row does not exist.
    pub(crate) fn select(&self, rows: &[usize]) -> (D, Vec<T>, Option<Vec<f64>>)
    where
        T: Copy,
    {
        let weights = self
            .weights
            .map(|weights| rows.iter().map(|&row| weights[row]).collect());
        let targets = rows.iter().map(|&row| self.targets[row]).collect();
        (self.records.select(rows), targets, weights)
    }

    /// Refuses what no learner can work with: no rows, lists of different length, weights that are
    /// negative or all zero. Missing values are the learner's own matter.
    ///
    /// # Errors
    /// [`LearnError::TooFewRows`], [`LearnError::Shape`] or [`LearnError::Weight`].
    pub fn require_rows(&self) -> Result<(), LearnError> {
        let n_samples = self.records.n_rows();
        if n_samples == 0 {
            return Err(LearnError::TooFewRows {
                needed: 1,
                found: 0,
            });
        }
        require_length("targets", n_samples, self.targets.len())?;
        if let Some(weights) = self.weights {
            require_length("weights", n_samples, weights.len())?;
            require_weights(weights)?;
        }
        Ok(())
    }

    /// Refuses records that are missing or infinite, besides what no learner can work with.
    ///
    /// # Errors
    /// As [`require_rows`](Self::require_rows), and [`LearnError::NotFinite`].
    pub fn require_sound(&self) -> Result<(), LearnError> {
        self.require_rows()?;
        self.records.require_finite()
    }
}

impl<D: Design> Examples<'_, D, f64> {
    /// Refuses targets that are missing or infinite, besides what no learner can work with.
    ///
    /// # Errors
    /// As [`require_sound`](Self::require_sound), and [`LearnError::Target`].
    pub fn require_numbers(&self) -> Result<(), LearnError> {
        self.require_sound()?;
        match self.targets.iter().position(|target| !target.is_finite()) {
            None => Ok(()),
            Some(row) => Err(LearnError::Target { row }),
        }
    }
}

impl<D: Design> Examples<'_, D, u32> {
    /// Refuses labels out of range and classes that no row of positive weight has, besides what no
    /// learner can work with.
    ///
    /// # Errors
    /// As [`require_sound`](Self::require_sound), [`LearnError::Label`] or
    /// [`LearnError::EmptyClass`].
    pub fn require_classes(&self, n_classes: usize) -> Result<(), LearnError> {
        self.require_sound()?;
        let mut found = vec![false; n_classes];
        for (row, &label) in self.targets.iter().enumerate() {
            match found.get_mut(label as usize) {
                Some(class) => *class |= self.weights.is_none_or(|weights| weights[row] > 0.0),
                None => {
                    return Err(LearnError::Label {
                        row,
                        label,
                        n_classes,
                    });
                }
            }
        }
        match found.iter().position(|&found| !found) {
            None => Ok(()),
            Some(class) => Err(LearnError::EmptyClass { class }),
        }
    }
}

/// Refuses a list of another length.
pub(crate) fn require_length(
    what: &'static str,
    expected: usize,
    found: usize,
) -> Result<(), LearnError> {
    if found == expected {
        return Ok(());
    }
    Err(LearnError::Shape {
        what,
        expected,
        found,
    })
}

/// Refuses weights that are negative, missing or infinite, or that sum to nothing.
pub(crate) fn require_weights(weights: &[f64]) -> Result<(), LearnError> {
    let bad = |weight: &f64| !(weight.is_finite() && *weight >= 0.0);
    if let Some(row) = weights.iter().position(bad) {
        return Err(LearnError::Weight { row });
    }
    if weights.iter().all(|&weight| weight == 0.0) {
        return Err(LearnError::Weight { row: 0 });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Matrix;

    fn records() -> Matrix {
        Matrix::from_rows(&[[1.0], [2.0], [3.0]])
    }

    #[test]
    fn a_target_that_is_no_number_is_named_by_its_row() {
        let (records, targets) = (records(), [1.0, f64::NAN, 2.0]);

        let refused = Examples::new(&records, &targets).require_numbers();

        assert_eq!(refused, Err(LearnError::Target { row: 1 }));
    }

    #[test]
    fn a_class_without_rows_is_refused() {
        let (records, labels) = (records(), [0, 2, 2]);

        let examples = Examples::new(&records, &labels);

        assert_eq!(
            examples.require_classes(3),
            Err(LearnError::EmptyClass { class: 1 })
        );
        assert!(matches!(
            examples.require_classes(2),
            Err(LearnError::Label { row: 1, .. })
        ));
    }

    #[test]
    fn rows_without_weight_do_not_make_a_class() {
        let (records, labels) = (records(), [0, 1, 0]);

        let examples = Examples::new(&records, &labels).weighted(&[1.0, 0.0, 1.0]);

        assert_eq!(
            examples.require_classes(2),
            Err(LearnError::EmptyClass { class: 1 })
        );
    }

    #[test]
    fn weights_are_not_negative_and_one_per_row() {
        let (records, labels) = (records(), [0, 1, 0]);
        let examples = Examples::new(&records, &labels);

        let negative = examples.weighted(&[1.0, 1.0, -1.0]).require_sound();
        let short = examples.weighted(&[1.0, 1.0]).require_sound();

        assert_eq!(negative, Err(LearnError::Weight { row: 2 }));
        assert!(matches!(
            short,
            Err(LearnError::Shape {
                what: "weights",
                ..
            })
        ));
    }
}
