//! How far apart two distributions lie at their widest.

use super::MetricError;
use super::input::{require_both_outcomes, require_finite, require_scores};

/// Kolmogorov-Smirnov distance between the scores of rows that happened and of those that did
/// not, `[0, 1]`: the widest gap between true and false positive rate over all thresholds.
///
/// # Errors
/// Lists of different length, a score that is not finite, or outcomes that are all alike.
pub fn ks(scores: &[f64], outcomes: &[bool]) -> Result<f64, MetricError> {
    require_scores("KS statistic", scores, outcomes.len())?;
    require_both_outcomes("KS statistic", outcomes)?;
    let scores_of = |wanted: bool| -> Vec<f64> {
        scores
            .iter()
            .zip(outcomes)
            .filter(|&(_, &outcome)| outcome == wanted)
            .map(|(&score, _)| score)
            .collect()
    };
    ks_two_sample(&scores_of(true), &scores_of(false))
}

/// Two-sample Kolmogorov-Smirnov statistic: `max |F_left(x) - F_right(x)|`, `[0, 1]`.
///
/// The samples need not be of one length. Tied values are passed together.
///
/// # Errors
/// An empty sample, or a value that is not finite, by its position in its sample.
///
/// # Source
/// Smirnov (1948), "Table for estimating the goodness of fit of empirical distributions".
pub fn ks_two_sample(left: &[f64], right: &[f64]) -> Result<f64, MetricError> {
    if left.is_empty() || right.is_empty() {
        return Err(MetricError::Undefined {
            metric: "KS statistic",
            needs: "two samples of at least one value",
        });
    }
    require_finite("KS statistic", left)?;
    require_finite("KS statistic", right)?;
    let (left, right) = (sorted(left), sorted(right));
    let (mut below_left, mut below_right) = (0, 0);
    let mut widest: f64 = 0.0;
    while below_left < left.len() && below_right < right.len() {
        let value = left[below_left].min(right[below_right]);
        below_left += count_leading(&left[below_left..], value);
        below_right += count_leading(&right[below_right..], value);
        let gap = below_left as f64 / left.len() as f64 - below_right as f64 / right.len() as f64;
        widest = widest.max(gap.abs());
    }
    // Once one sample is used up its share is 1 and the gap only closes.
    Ok(widest)
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values
}

fn count_leading(values: &[f64], value: f64) -> usize {
    values.iter().take_while(|&&other| other == value).count()
}
