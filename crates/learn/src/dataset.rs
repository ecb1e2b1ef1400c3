//! A table with what its rows mean: names, targets, groups and times.

use crate::{LearnError, Matrix, fingerprint_of};

/// Rows to learn from.
///
/// `groups` and `times` exist for splits: rows of one customer must not stand on both sides, and a
/// model that forecasts must not see what came later (see [`split`](crate::split)).
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// `(n_samples, n_features)`.
    pub records: Matrix,
    /// `(n_features,)`.
    pub feature_names: Vec<String>,
    /// `(n_samples,)`: what to predict, if anything.
    pub targets: Option<Vec<f64>>,
    /// `(n_samples,)`: whose row it is, such as a customer's number.
    pub groups: Option<Vec<u64>>,
    /// `(n_samples,)`: when the row was true, in microseconds since 1970.
    pub times: Option<Vec<i64>>,
}

impl Dataset {
    /// A data set of features only.
    ///
    /// # Errors
    /// [`LearnError::Shape`] unless there is one name per column.
    pub fn new(records: Matrix, feature_names: Vec<String>) -> Result<Self, LearnError> {
        records.require_columns(feature_names.len())?;
        Ok(Self {
            records,
            feature_names,
            targets: None,
            groups: None,
            times: None,
        })
    }

    /// The same with targets.
    ///
    /// # Errors
    /// [`LearnError::Shape`] unless there is one per row.
    pub fn with_targets(mut self, targets: Vec<f64>) -> Result<Self, LearnError> {
        self.require_length("targets", targets.len())?;
        self.targets = Some(targets);
        Ok(self)
    }

    /// The same with groups.
    ///
    /// # Errors
    /// [`LearnError::Shape`] unless there is one per row.
    pub fn with_groups(mut self, groups: Vec<u64>) -> Result<Self, LearnError> {
        self.require_length("groups", groups.len())?;
        self.groups = Some(groups);
        Ok(self)
    }

    /// The same with times.
    ///
    /// # Errors
    /// [`LearnError::Shape`] unless there is one per row.
    pub fn with_times(mut self, times: Vec<i64>) -> Result<Self, LearnError> {
        self.require_length("times", times.len())?;
        self.times = Some(times);
        Ok(self)
    }

    /// Number of rows.
    pub fn n_samples(&self) -> usize {
        self.records.n_rows()
    }

    /// The given rows in the given order.
    ///
    /// # Panics
    /// When a row does not exist.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        fn pick<T: Copy>(values: Option<&Vec<T>>, rows: &[usize]) -> Option<Vec<T>> {
            values.map(|values| rows.iter().map(|&row| values[row]).collect())
        }
        Self {
            records: self.records.select_rows(rows),
            feature_names: self.feature_names.clone(),
            targets: pick(self.targets.as_ref(), rows),
            groups: pick(self.groups.as_ref(), rows),
            times: pick(self.times.as_ref(), rows),
        }
    }

    /// A short name of the features' names and values (see [`fingerprint_of`]).
    pub fn fingerprint(&self) -> String {
        fingerprint_of(&self.feature_names, &self.records)
    }

    fn require_length(&self, what: &'static str, found: usize) -> Result<(), LearnError> {
        if found == self.n_samples() {
            return Ok(());
        }
        Err(LearnError::Shape {
            what,
            expected: self.n_samples(),
            found,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dataset() -> Dataset {
        Dataset::new(
            Matrix::from_rows(&[[1.0], [2.0], [3.0]]),
            vec!["visits".into()],
        )
        .unwrap()
    }

    #[test]
    fn a_selection_takes_everything_of_a_row_along() {
        let data = dataset()
            .with_targets(vec![10.0, 20.0, 30.0])
            .unwrap()
            .with_groups(vec![7, 8, 9])
            .unwrap();

        let selected = data.select(&[2, 0]);

        assert_eq!(selected.records.values(), [3.0, 1.0]);
        assert_eq!(selected.targets, Some(vec![30.0, 10.0]));
        assert_eq!(selected.groups, Some(vec![9, 7]));
        assert_eq!(selected.times, None);
    }

    #[test]
    fn one_target_per_row_or_none_at_all() {
        let refused = dataset().with_targets(vec![1.0]);

        assert!(matches!(
            refused,
            Err(LearnError::Shape {
                what: "targets",
                ..
            })
        ));
    }

    #[test]
    fn a_name_per_column() {
        assert!(Dataset::new(Matrix::zeros(2, 2), vec!["one".into()]).is_err());
    }
}
