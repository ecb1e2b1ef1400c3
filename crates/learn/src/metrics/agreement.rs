//! Agreement of predicted and true classes that a frequent class cannot buy.

use super::{MetricError, confusion_matrix};

/// Mean recall over the classes that occur among the true ones, `[0, 1]`.
///
/// Guessing the most frequent class gives `1 / n_classes`, however frequent it is.
///
/// # Errors
/// Lists of different length, or empty ones.
///
/// # Source
/// Brodersen et al. (2010), "The Balanced Accuracy and Its Posterior Distribution".
pub fn balanced_accuracy(predicted: &[u32], actual: &[u32]) -> Result<f64, MetricError> {
    let matrix = confusion_matrix(predicted, actual)?;
    let recalls: Vec<f64> = (0..matrix.classes.len())
        .filter(|&idx| matrix.support(idx) > 0)
        .map(|idx| matrix.recall(idx))
        .collect();
    Ok(recalls.iter().sum::<f64>() / recalls.len() as f64)
}

/// Matthews correlation coefficient for any number of classes, `[-1, 1]`; 0 is chance.
///
/// 0 as well when all predictions, or all truths, are one class: there the correlation has no
/// value, and scikit-learn says 0 too.
///
/// # Errors
/// Lists of different length, or empty ones.
///
/// # Source
/// Gorodkin (2004), "Comparing two K-category assignments by a K-category correlation
/// coefficient".
pub fn mcc(predicted: &[u32], actual: &[u32]) -> Result<f64, MetricError> {
    let matrix = confusion_matrix(predicted, actual)?;
    let n = predicted.len() as f64;
    let (mut right, mut product, mut predicted_squares, mut actual_squares) = (0.0, 0.0, 0.0, 0.0);
    for idx in 0..matrix.classes.len() {
        let n_predicted = matrix.counts.iter().map(|row| row[idx]).sum::<u64>() as f64;
        let n_actual = matrix.support(idx) as f64;
        right += matrix.counts[idx][idx] as f64;
        product += n_predicted * n_actual;
        predicted_squares += n_predicted * n_predicted;
        actual_squares += n_actual * n_actual;
    }
    let scale = (n * n - predicted_squares) * (n * n - actual_squares);
    if scale == 0.0 {
        return Ok(0.0);
    }
    Ok((n * right - product) / scale.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: scikit-learn 1.9 `balanced_accuracy_score` and `matthews_corrcoef` on these lists.
    #[test]
    fn figures_agree_with_scikit_learn() {
        let actual = [0, 0, 1, 1, 1, 2, 2, 5];
        let predicted = [0, 1, 1, 1, 0, 2, 0, 2];

        let balanced = balanced_accuracy(&predicted, &actual).unwrap();
        let correlation = mcc(&predicted, &actual).unwrap();

        assert!((balanced - 0.416_666_666_666_666_63).abs() < 1e-12);
        assert!((correlation - 0.295_760_240_875_638_57).abs() < 1e-12);
        let of_two = mcc(&[1, 0, 1, 1], &[1, 1, 1, 0]).unwrap();
        assert!((of_two - (-1.0 / 3.0)).abs() < 1e-12);
    }

    #[test]
    fn guessing_the_frequent_class_earns_nothing() {
        let actual = [0, 0, 0, 0, 0, 0, 0, 1];

        assert_eq!(balanced_accuracy(&[0; 8], &actual), Ok(0.5));
        assert_eq!(mcc(&[0; 8], &actual), Ok(0.0));
    }

    #[test]
    fn a_class_that_is_only_predicted_does_not_count_as_missed() {
        assert_eq!(balanced_accuracy(&[0, 9], &[0, 0]), Ok(0.5));
    }

    #[test]
    fn empty_lists_are_refused() {
        assert!(mcc(&[], &[]).is_err());
        assert!(balanced_accuracy(&[1], &[]).is_err());
    }
}
