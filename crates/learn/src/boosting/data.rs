//! What trees are boosted on: rows, the kinds of their columns, targets and weights.

use super::{BoostingError, Loss};
use crate::table::Kind;
use crate::{LearnError, Matrix};

/// Categories are numbered below this, so that a set of them stays a small table of bits.
pub(crate) const CATEGORY_LIMIT: u32 = 65_536;

/// Rows to boost trees on.
///
/// A value that is missing is `NaN`; infinite ones count as missing, too. A categorical column holds
/// numbers of categories, from 0 to 65535, whose order means nothing.
#[derive(Debug, Clone, Copy)]
pub struct BoostingData<'a> {
    /// `(n_samples, n_features)`.
    pub records: &'a Matrix,
    /// `(n_features,)`.
    pub kinds: &'a [Kind],
    /// `(n_samples,)`: numbers, 0 and 1, numbers of classes or counts, as the loss has it.
    pub targets: &'a [f64],
    /// `(n_samples,)`: how much each row counts; all alike when absent. A row of weight 0 is left
    /// out.
    pub weights: Option<&'a [f64]>,
}

impl<'a> BoostingData<'a> {
    /// Rows that all count alike.
    pub fn new(records: &'a Matrix, kinds: &'a [Kind], targets: &'a [f64]) -> Self {
        Self {
            records,
            kinds,
            targets,
            weights: None,
        }
    }

    /// The same with a weight per row.
    #[must_use]
    pub fn with_weights(self, weights: &'a [f64]) -> Self {
        Self {
            weights: Some(weights),
            ..self
        }
    }

    /// Number of rows.
    pub fn n_samples(&self) -> usize {
        self.records.n_rows()
    }

    /// How much a row counts.
    pub(super) fn weight(&self, row: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[row])
    }

    /// Refuses data whose parts do not fit together or that the loss is not defined for.
    pub(super) fn check(&self, loss: &Loss) -> Result<(), BoostingError> {
        let n = self.n_samples();
        if n == 0 {
            return Err(LearnError::TooFewRows {
                needed: 1,
                found: 0,
            }
            .into());
        }
        self.records.require_columns(self.kinds.len())?;
        require_length("targets", n, self.targets.len())?;
        self.check_weights()?;
        for (row, &target) in self.targets.iter().enumerate() {
            if !loss.accepts(target) {
                return Err(BoostingError::Target {
                    row,
                    value: target.to_string(),
                    allowed: loss.allowed_targets(),
                });
            }
        }
        require_categories(self.records, self.kinds)
    }

    fn check_weights(&self) -> Result<(), BoostingError> {
        let Some(weights) = self.weights else {
            return Ok(());
        };
        require_length("weights", self.n_samples(), weights.len())?;
        let is_bad = |weight: &f64| !(weight.is_finite() && *weight >= 0.0);
        if let Some(row) = weights.iter().position(is_bad) {
            return Err(BoostingError::Weight {
                row,
                value: weights[row].to_string(),
            });
        }
        if weights.iter().all(|&weight| weight == 0.0) {
            return Err(BoostingError::NoWeight);
        }
        Ok(())
    }
}

/// The number of a category, if the value is one.
pub(super) fn category(value: f64) -> Option<u32> {
    // The cast turns what is missing, negative or broken into another number, which tells.
    let code = value as u32;
    (f64::from(code) == value && code < CATEGORY_LIMIT).then_some(code)
}

fn require_length(what: &'static str, expected: usize, found: usize) -> Result<(), LearnError> {
    if expected == found {
        return Ok(());
    }
    Err(LearnError::Shape {
        what,
        expected,
        found,
    })
}

fn require_categories(records: &Matrix, kinds: &[Kind]) -> Result<(), BoostingError> {
    let columns: Vec<usize> = (0..kinds.len())
        .filter(|&column| kinds[column] == Kind::Categorical)
        .collect();
    for (row, values) in records.rows().enumerate() {
        for &column in &columns {
            let value = values[column];
            if value.is_finite() && category(value).is_none() {
                return Err(BoostingError::Category {
                    row,
                    column,
                    value: value.to_string(),
                });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(records: &Matrix, kinds: &[Kind], targets: &[f64]) -> Option<BoostingError> {
        BoostingData::new(records, kinds, targets)
            .check(&Loss::Logistic)
            .err()
    }

    #[test]
    fn a_target_that_is_neither_0_nor_1_is_named() {
        let records = Matrix::zeros(2, 1);

        let refused = check(&records, &[Kind::Numeric], &[1.0, 2.0]);

        assert!(matches!(
            refused,
            Some(BoostingError::Target { row: 1, .. })
        ));
    }

    #[test]
    fn a_broken_category_is_named_and_a_missing_one_is_fine() {
        let kinds = [Kind::Numeric, Kind::Categorical];
        let good = Matrix::from_rows(&[[0.5, 3.0], [-1.0, f64::NAN]]);
        assert_eq!(check(&good, &kinds, &[0.0, 1.0]), None);

        for broken in [0.5, -1.0, 65_536.0] {
            let records = Matrix::from_rows(&[[0.5, 3.0], [0.5, broken]]);

            let refused = check(&records, &kinds, &[0.0, 1.0]);

            assert!(matches!(
                refused,
                Some(BoostingError::Category {
                    row: 1,
                    column: 1,
                    ..
                })
            ));
        }
    }

    #[test]
    fn weights_are_numbers_from_0_up_and_not_all_0() {
        let records = Matrix::zeros(2, 1);
        let data = BoostingData::new(&records, &[Kind::Numeric], &[0.0, 1.0]);
        let attempt = |weights| data.with_weights(weights).check(&Loss::Logistic);

        assert_eq!(attempt(&[0.0, 2.5]), Ok(()));
        assert_eq!(attempt(&[0.0, 0.0]), Err(BoostingError::NoWeight));
        assert!(matches!(
            attempt(&[1.0, -1.0]),
            Err(BoostingError::Weight { row: 1, .. })
        ));
        assert!(matches!(attempt(&[1.0]), Err(BoostingError::Learn(_))));
    }
}
