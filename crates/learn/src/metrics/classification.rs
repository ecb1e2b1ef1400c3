//! How often predicted classes are the true ones.

use super::{MetricError, require_pairs};

/// Share of rows whose class is right.
///
/// # Errors
/// Lists of different length, or empty ones.
pub fn accuracy(predicted: &[u32], actual: &[u32]) -> Result<f64, MetricError> {
    require_pairs("accuracy", predicted.len(), actual.len())?;
    let right = predicted.iter().zip(actual).filter(|(p, a)| p == a).count();
    Ok(right as f64 / predicted.len() as f64)
}

/// Rows counted by true and predicted class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfusionMatrix {
    /// The classes that occur, ascending.
    pub classes: Vec<u32>,
    /// `counts[actual][predicted]`, in the order of `classes`.
    pub counts: Vec<Vec<u64>>,
}

impl ConfusionMatrix {
    /// Of the rows given class `idx`, the share that has it; 0 when none was given it.
    pub fn precision(&self, idx: usize) -> f64 {
        let given: u64 = self.counts.iter().map(|row| row[idx]).sum();
        share(self.counts[idx][idx], given)
    }

    /// Of the rows that have class `idx`, the share that was given it; 0 when none has it.
    pub fn recall(&self, idx: usize) -> f64 {
        share(self.counts[idx][idx], self.counts[idx].iter().sum())
    }

    /// Harmonic mean of precision and recall of class `idx`; 0 when both are.
    pub fn f1(&self, idx: usize) -> f64 {
        let (precision, recall) = (self.precision(idx), self.recall(idx));
        if precision + recall == 0.0 {
            return 0.0;
        }
        2.0 * precision * recall / (precision + recall)
    }

    /// Rows that have class `idx`.
    pub fn support(&self, idx: usize) -> u64 {
        self.counts[idx].iter().sum()
    }
}

/// Counts rows by true and predicted class.
///
/// # Errors
/// Lists of different length, or empty ones.
pub fn confusion_matrix(predicted: &[u32], actual: &[u32]) -> Result<ConfusionMatrix, MetricError> {
    require_pairs("confusion matrix", predicted.len(), actual.len())?;
    let mut classes: Vec<u32> = predicted.iter().chain(actual).copied().collect();
    classes.sort_unstable();
    classes.dedup();
    let position = |class: &u32| {
        classes
            .binary_search(class)
            .expect("every class was collected")
    };
    let mut counts = vec![vec![0; classes.len()]; classes.len()];
    for (p, a) in predicted.iter().zip(actual) {
        counts[position(a)][position(p)] += 1;
    }
    Ok(ConfusionMatrix { classes, counts })
}

/// How the F1 of several classes becomes one figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum F1Average {
    /// Every class counts the same, however rare.
    Macro,
    /// Every class counts by its rows.
    Weighted,
}

/// F1 over all classes that occur.
///
/// # Errors
/// Lists of different length, or empty ones.
pub fn f1(predicted: &[u32], actual: &[u32], average: F1Average) -> Result<f64, MetricError> {
    let matrix = confusion_matrix(predicted, actual)?;
    let weight = |idx| match average {
        F1Average::Macro => 1.0,
        F1Average::Weighted => matrix.support(idx) as f64,
    };
    let (mut sum, mut total) = (0.0, 0.0);
    for idx in 0..matrix.classes.len() {
        sum += weight(idx) * matrix.f1(idx);
        total += weight(idx);
    }
    Ok(sum / total)
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTUAL: [u32; 8] = [0, 0, 1, 1, 1, 2, 2, 5];
    const PREDICTED: [u32; 8] = [0, 1, 1, 1, 0, 2, 0, 2];

    /// Source: scikit-learn 1.9 `precision_recall_fscore_support` and `f1_score` on these lists.
    #[test]
    fn figures_agree_with_scikit_learn() {
        let matrix = confusion_matrix(&PREDICTED, &ACTUAL).unwrap();

        assert_eq!(matrix.classes, [0, 1, 2, 5]);
        for (idx, precision, recall) in [
            (0, 1.0 / 3.0, 0.5),
            (1, 2.0 / 3.0, 2.0 / 3.0),
            (2, 0.5, 0.5),
            (3, 0.0, 0.0),
        ] {
            assert!((matrix.precision(idx) - precision).abs() < 1e-12);
            assert!((matrix.recall(idx) - recall).abs() < 1e-12);
        }
        let macro_f1 = f1(&PREDICTED, &ACTUAL, F1Average::Macro).unwrap();
        let weighted = f1(&PREDICTED, &ACTUAL, F1Average::Weighted).unwrap();
        assert!((macro_f1 - 0.391_666_666_666_666_7).abs() < 1e-12);
        assert!((weighted - 0.475).abs() < 1e-12);
        assert_eq!(accuracy(&PREDICTED, &ACTUAL), Ok(0.5));
    }

    #[test]
    fn a_class_that_nobody_has_scores_zero() {
        let matrix = confusion_matrix(&[7], &[3]).unwrap();

        assert_eq!((matrix.f1(0), matrix.f1(1)), (0.0, 0.0));
    }
}
