//! Precision against recall, and the area under it.

use super::MetricError;
use super::sweep::sweep;

/// What happens when every row that scores at least `threshold` is flagged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PrecisionRecallPoint {
    /// Lowest flagged score; infinite at the first point, where nothing is flagged.
    pub threshold: f64,
    /// Share of the flagged rows that happened, `[0, 1]`; 1 where nothing is flagged.
    pub precision: f64,
    /// Flagged share of the rows that happened, `[0, 1]`.
    pub recall: f64,
}

/// The curve from recall 0 to recall 1, thresholds descending: the points of scikit-learn's
/// `precision_recall_curve` in the other direction.
///
/// # Errors
/// Lists of different length, a score that is not finite, or outcomes that are all alike.
pub fn precision_recall_curve(
    scores: &[f64],
    outcomes: &[bool],
) -> Result<Vec<PrecisionRecallPoint>, MetricError> {
    let sweep = sweep("precision-recall curve", scores, outcomes)?;
    let start = PrecisionRecallPoint {
        threshold: f64::INFINITY,
        precision: 1.0,
        recall: 0.0,
    };
    Ok(std::iter::once(start)
        .chain(sweep.steps.iter().map(|step| PrecisionRecallPoint {
            threshold: step.threshold,
            precision: step.true_positives as f64 / step.n_rows() as f64,
            recall: step.true_positives as f64 / sweep.n_positive as f64,
        }))
        .collect())
}

/// Average precision (PR-AUC), `[0, 1]`; a random score gives about the share that happened.
///
/// `sum (recall_n - recall_{n-1}) * precision_n` over the distinct scores. The curve is summed in
/// steps: a straight line between its points would promise precision that no threshold gives.
///
/// # Errors
/// Lists of different length, a score that is not finite, or outcomes that are all alike.
///
/// # Source
/// scikit-learn's `average_precision_score`; Davis & Goadrich (2006), "The relationship between
/// Precision-Recall and ROC curves", on why not to interpolate.
pub fn average_precision(scores: &[f64], outcomes: &[bool]) -> Result<f64, MetricError> {
    let points = precision_recall_curve(scores, outcomes)?;
    Ok(points
        .windows(2)
        .map(|pair| (pair[1].recall - pair[0].recall) * pair[1].precision)
        .sum())
}
