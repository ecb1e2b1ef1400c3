//! How much each class counts.

use serde::{Deserialize, Serialize};

use crate::LearnError;
use crate::examples::{require_length, require_weights};

/// A factor on the weights of the rows of each class.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum ClassWeights {
    /// Every row counts as it is.
    #[default]
    Equal,
    /// Every class counts the same in all, however rare: total weight over the number of classes
    /// times the weight of the class, as scikit-learn's `balanced`.
    Balanced,
    /// `(n_classes,)`, from 0 up.
    Given(Vec<f64>),
}

impl ClassWeights {
    /// Refuses factors of another number than the classes, or of no use.
    pub(super) fn require_valid(&self, n_classes: usize) -> Result<(), LearnError> {
        let Self::Given(factors) = self else {
            return Ok(());
        };
        require_length("class weights", n_classes, factors.len())?;
        if require_weights(factors).is_err() || factors.contains(&0.0) {
            return Err(LearnError::Parameter {
                name: "class_weights",
                value: format!("{factors:?}"),
                allowed: "class weights are finite numbers above 0",
            });
        }
        Ok(())
    }

    /// Weights of rows times the factors of their classes.
    pub(crate) fn applied(
        &self,
        mut weights: Vec<f64>,
        labels: &[u32],
        n_classes: usize,
    ) -> Vec<f64> {
        let factors = match self {
            Self::Equal => return weights,
            Self::Given(factors) => factors.clone(),
            Self::Balanced => balanced(&weights, labels, n_classes),
        };
        for (weight, &label) in weights.iter_mut().zip(labels) {
            *weight *= factors[label as usize];
        }
        weights
    }
}

fn balanced(weights: &[f64], labels: &[u32], n_classes: usize) -> Vec<f64> {
    let mut totals = vec![0.0; n_classes];
    for (weight, &label) in weights.iter().zip(labels) {
        totals[label as usize] += weight;
    }
    let whole: f64 = weights.iter().sum();
    totals
        .into_iter()
        .map(|total| whole / (n_classes as f64 * total))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: scikit-learn's formula `n_samples / (n_classes * count)`: 4 / (2 * 1), 4 / (2 * 3).
    #[test]
    fn balanced_classes_count_the_same() {
        let weights = ClassWeights::Balanced.applied(vec![1.0; 4], &[1, 0, 1, 1], 2);

        let third = 2.0 / 3.0;
        assert_eq!(weights, [third, 2.0, third, third]);
    }

    #[test]
    fn a_class_cannot_count_nothing() {
        assert!(
            ClassWeights::Given(vec![1.0, 0.0])
                .require_valid(2)
                .is_err()
        );
        assert!(ClassWeights::Given(vec![1.0]).require_valid(2).is_err());
        assert!(ClassWeights::Given(vec![1.0, 9.0]).require_valid(2).is_ok());
    }
}
