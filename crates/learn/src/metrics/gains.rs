//! How much of what happened is found among the best-scored rows.

use super::MetricError;
use super::input::require_inside_unit;
use super::sweep::sweep;

/// One point of the cumulative gains curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GainsPoint {
    /// Share of all rows that is taken, best-scored first, `[0, 1]`.
    pub share: f64,
    /// Share of what happened that is found among them, `[0, 1]`.
    pub gain: f64,
}

/// The cumulative gains curve from `(0, 0)` to `(1, 1)`, one point per distinct score.
///
/// # Errors
/// Lists of different length, a score that is not finite, or outcomes that are all alike.
pub fn gains_curve(scores: &[f64], outcomes: &[bool]) -> Result<Vec<GainsPoint>, MetricError> {
    let sweep = sweep("gains curve", scores, outcomes)?;
    let start = GainsPoint {
        share: 0.0,
        gain: 0.0,
    };
    Ok(std::iter::once(start)
        .chain(sweep.steps.iter().map(|step| GainsPoint {
            share: step.n_rows() as f64 / outcomes.len() as f64,
            gain: step.true_positives as f64 / sweep.n_positive as f64,
        }))
        .collect())
}

/// Share of what happened that the best-scored `share` of the rows holds, `[0, 1]`.
///
/// Read off the gains curve with a straight line inside of tied rows, which is what one finds on
/// average when ties are broken by lot: the order of rows plays no part.
///
/// # Errors
/// Those of [`gains_curve`], or a share outside of `(0, 1)`.
pub fn gain_at(scores: &[f64], outcomes: &[bool], share: f64) -> Result<f64, MetricError> {
    require_inside_unit("share", share)?;
    let points = gains_curve(scores, outcomes)?;
    let after = points.partition_point(|point| point.share < share);
    // The curve starts at share 0 and ends at share 1, so there is a point on either side.
    let (before, after) = (points[after - 1], points[after]);
    let fraction = (share - before.share) / (after.share - before.share);
    Ok(before.gain + fraction * (after.gain - before.gain))
}

/// How many times more often than on average it happened among the best-scored `share` of rows.
///
/// [`gain_at`] over `share`: 1 for a score that knows nothing, at most `1 / share`.
///
/// # Errors
/// Those of [`gain_at`].
pub fn lift_at(scores: &[f64], outcomes: &[bool], share: f64) -> Result<f64, MetricError> {
    Ok(gain_at(scores, outcomes, share)? / share)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCORES: [f64; 10] = [0.9, 0.8, 0.7, 0.7, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0];
    const OUTCOMES: [bool; 10] = [
        true, true, true, false, false, true, false, false, false, false,
    ];

    /// Worked by hand: of the four that happened, two stand in the first two rows.
    #[test]
    fn gain_and_lift_agree_with_hand_work() {
        assert_eq!(gain_at(&SCORES, &OUTCOMES, 0.2), Ok(0.5));
        assert_eq!(lift_at(&SCORES, &OUTCOMES, 0.2), Ok(2.5));
        assert!((gain_at(&SCORES, &OUTCOMES, 0.6).unwrap() - 1.0).abs() < 1e-12);
    }

    /// One of the two tied rows happened, so one of them taken by lot finds half of it.
    #[test]
    fn half_of_a_tie_finds_half_of_what_it_holds() {
        let gain = gain_at(&SCORES, &OUTCOMES, 0.3).unwrap();

        assert!((gain - (2.0 + 0.5) / 4.0).abs() < 1e-12);
    }

    #[test]
    fn equal_scores_lift_nothing() {
        for share in [0.05, 0.3, 0.99] {
            let lift = lift_at(&[1.0; 10], &OUTCOMES, share).unwrap();

            assert!((lift - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn a_share_that_takes_nothing_or_everything_is_refused() {
        for share in [0.0, 1.0, f64::NAN] {
            assert!(matches!(
                lift_at(&SCORES, &OUTCOMES, share),
                Err(MetricError::Parameter { name: "share", .. })
            ));
        }
    }
}
