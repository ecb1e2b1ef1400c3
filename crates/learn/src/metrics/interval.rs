//! How good predicted quantiles and intervals are.

use super::input::{require_finite, require_inside_unit, require_numbers};
use super::{MetricError, require_pairs};

/// Predicted intervals, one per row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Intervals<'a> {
    /// `(n_samples,)`, each at most its upper bound.
    pub lower: &'a [f64],
    /// `(n_samples,)`.
    pub upper: &'a [f64],
}

impl Intervals<'_> {
    fn require_beside(&self, metric: &'static str, actual: &[f64]) -> Result<(), MetricError> {
        require_pairs(metric, self.lower.len(), actual.len())?;
        require_pairs(metric, self.upper.len(), actual.len())?;
        for values in [self.lower, self.upper, actual] {
            require_finite(metric, values)?;
        }
        match self.lower.iter().zip(self.upper).position(|(l, u)| l > u) {
            None => Ok(()),
            Some(position) => Err(MetricError::OutOfRange {
                metric,
                position,
                allowed: "a lower bound is at most its upper bound",
            }),
        }
    }

    fn triples<'b>(&'b self, actual: &'b [f64]) -> impl Iterator<Item = (f64, f64, f64)> + 'b {
        self.lower
            .iter()
            .zip(self.upper)
            .zip(actual)
            .map(|((&lower, &upper), &actual)| (lower, upper, actual))
    }
}

/// Pinball (quantile) loss: mean of `level * (a - p)` where the actual value lies above the
/// predicted quantile, of `(1 - level) * (p - a)` where it lies below. At level 0.5 it is half
/// the mean absolute error.
///
/// # Errors
/// Lists of different length, empty ones, a number that is not finite, or a level outside of
/// `(0, 1)`.
///
/// # Source
/// Koenker & Bassett (1978), "Regression Quantiles".
pub fn pinball(predicted: &[f64], actual: &[f64], level: f64) -> Result<f64, MetricError> {
    require_inside_unit("level", level)?;
    require_numbers("pinball loss", predicted, actual)?;
    let sum: f64 = predicted
        .iter()
        .zip(actual)
        .map(|(p, a)| (level * (a - p)).max((1.0 - level) * (p - a)))
        .sum();
    Ok(sum / actual.len() as f64)
}

/// Share of rows whose actual value lies in its interval, bounds included.
///
/// # Errors
/// Lists of different length, empty ones, a number that is not finite, or crossed bounds.
pub fn coverage(intervals: Intervals<'_>, actual: &[f64]) -> Result<f64, MetricError> {
    intervals.require_beside("coverage", actual)?;
    let n_covered = intervals
        .triples(actual)
        .filter(|(lower, upper, a)| (lower..=upper).contains(&a))
        .count();
    Ok(n_covered as f64 / actual.len() as f64)
}

/// Mean width of intervals, in the unit of the targets: narrow is good where coverage is kept.
///
/// # Errors
/// Empty lists, lists of different length, a number that is not finite, or crossed bounds.
pub fn mean_width(intervals: Intervals<'_>) -> Result<f64, MetricError> {
    intervals.require_beside("mean width", intervals.lower)?;
    let sum: f64 = intervals
        .triples(intervals.lower)
        .map(|(lower, upper, _)| upper - lower)
        .sum();
    Ok(sum / intervals.lower.len() as f64)
}

/// Mean Winkler (interval) score of central intervals, in the unit of the targets; lower is
/// better.
///
/// The width, plus `2 / alpha` times the distance of an actual value outside of its interval,
/// where `alpha = 1 - level` and `level` is the coverage that the intervals promise (0.9, ...).
///
/// # Errors
/// Lists of different length, empty ones, a number that is not finite, crossed bounds, or a level
/// outside of `(0, 1)`.
///
/// # Source
/// Winkler (1972), "A Decision-Theoretic Approach to Interval Estimation"; Gneiting & Raftery
/// (2007), equation 43.
pub fn winkler(intervals: Intervals<'_>, actual: &[f64], level: f64) -> Result<f64, MetricError> {
    require_inside_unit("level", level)?;
    intervals.require_beside("Winkler score", actual)?;
    let penalty = 2.0 / (1.0 - level);
    let sum: f64 = intervals
        .triples(actual)
        .map(|(lower, upper, a)| {
            let outside = (lower - a).max(a - upper).max(0.0);
            upper - lower + penalty * outside
        })
        .sum();
    Ok(sum / actual.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOWER: [f64; 4] = [0.0, 1.0, 2.0, 3.0];
    const UPPER: [f64; 4] = [2.0, 2.0, 5.0, 3.0];
    const ACTUAL: [f64; 4] = [2.0, 0.5, 3.0, 4.0];

    fn intervals() -> Intervals<'static> {
        Intervals {
            lower: &LOWER,
            upper: &UPPER,
        }
    }

    #[test]
    fn bounds_belong_to_their_interval() {
        assert_eq!(coverage(intervals(), &ACTUAL), Ok(0.5));
    }

    /// Worked by hand at level 0.8: widths 2, 1, 3, 0; outside 0, 0.5, 0, 1 at 10 each.
    #[test]
    fn winkler_scores_agree_with_hand_work() {
        let score = winkler(intervals(), &ACTUAL, 0.8).unwrap();

        assert!((score - (2.0 + 1.0 + 5.0 + 3.0 + 10.0) / 4.0).abs() < 1e-12);
        assert_eq!(mean_width(intervals()), Ok(1.5));
    }

    /// The Winkler score is the two pinball losses of its bounds, scaled (Gneiting & Raftery).
    #[test]
    fn a_winkler_score_is_the_pinball_losses_of_its_bounds() {
        let alpha = 0.3;

        let low = pinball(&LOWER, &ACTUAL, alpha / 2.0).unwrap();
        let high = pinball(&UPPER, &ACTUAL, 1.0 - alpha / 2.0).unwrap();

        let score = winkler(intervals(), &ACTUAL, 1.0 - alpha).unwrap();
        assert!((score - 2.0 / alpha * (low + high)).abs() < 1e-12);
    }

    /// Source: the examples of scikit-learn 1.9 `mean_pinball_loss`.
    #[test]
    fn pinball_losses_agree_with_scikit_learn() {
        let actual = [1.0, 2.0, 3.0];

        for (predicted, level, expected) in [
            ([0.0, 2.0, 3.0], 0.1, 0.1 / 3.0),
            ([1.0, 2.0, 4.0], 0.1, 0.3),
            ([0.0, 2.0, 3.0], 0.9, 0.3),
            ([1.0, 2.0, 4.0], 0.9, 0.1 / 3.0),
        ] {
            let loss = pinball(&predicted, &actual, level).unwrap();

            assert!((loss - expected).abs() < 1e-12, "{loss}");
        }
    }

    #[test]
    fn crossed_bounds_are_named() {
        let crossed = Intervals {
            lower: &[0.0, 2.0],
            upper: &[1.0, 1.0],
        };

        assert!(matches!(
            coverage(crossed, &[0.0, 0.0]),
            Err(MetricError::OutOfRange { position: 1, .. })
        ));
        assert!(winkler(intervals(), &ACTUAL, 1.0).is_err());
        assert!(pinball(&[1.0], &[f64::INFINITY], 0.5).is_err());
    }
}
