//! Continuous ranked probability score: the absolute error of a whole predicted distribution.

use std::f64::consts::PI;

use super::input::{require_finite, require_numbers};
use super::{MetricError, require_pairs};
use crate::{Matrix, normal_cdf, normal_density};

/// Mean score of ensembles, in the unit of the targets; lower is better, 0 is perfect.
///
/// `mean |x_i - y| - 1/2 mean |x_i - x_j|` over the members, the score of their empirical
/// distribution; of one member it is the absolute error.
///
/// # Shapes
/// - `members`: `(n_samples, n_members)`, draws from each row's predicted distribution;
/// - `actual`: `(n_samples,)`.
///
/// # Errors
/// No members, lists of different length, empty ones, or a number that is not finite. The
/// position of a bad member counts the table row after row.
///
/// # Source
/// Gneiting & Raftery (2007), "Strictly Proper Scoring Rules, Prediction, and Estimation",
/// equation 21.
pub fn crps_ensemble(members: &Matrix, actual: &[f64]) -> Result<f64, MetricError> {
    const METRIC: &str = "CRPS of an ensemble";
    require_pairs(METRIC, members.n_rows(), actual.len())?;
    if members.n_columns() == 0 {
        return Err(MetricError::Undefined {
            metric: METRIC,
            needs: "at least one member",
        });
    }
    require_finite(METRIC, members.values())?;
    require_finite(METRIC, actual)?;
    let sum: f64 = members
        .rows()
        .zip(actual)
        .map(|(row, &actual)| crps_of_members(row, actual))
        .sum();
    Ok(sum / actual.len() as f64)
}

/// The mean distance between members needs all pairs; sorted, the i-th of m (from 0) is the
/// larger one in i pairs and the smaller one in `m - 1 - i`.
fn crps_of_members(members: &[f64], actual: f64) -> f64 {
    let m = members.len() as f64;
    let mut sorted = members.to_vec();
    sorted.sort_by(f64::total_cmp);
    let to_actual: f64 = sorted.iter().map(|member| (member - actual).abs()).sum();
    let half_between: f64 = sorted
        .iter()
        .enumerate()
        .map(|(idx, member)| (2.0 * idx as f64 + 1.0 - m) * member)
        .sum();
    to_actual / m - half_between / (m * m)
}

/// Mean score of normal distributions, in the unit of the targets; lower is better.
///
/// `sigma * (z * (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi))` with `z = (y - mean) / sigma`.
///
/// # Shapes
/// - `means` and `deviations`: `(n_samples,)`, deviations above 0;
/// - `actual`: `(n_samples,)`.
///
/// # Errors
/// Lists of different length, empty ones, a number that is not finite, or a deviation that is not
/// above 0.
///
/// # Source
/// Gneiting, Raftery, Westveld & Goldman (2005), "Calibrated Probabilistic Forecasting Using
/// Ensemble Model Output Statistics and Minimum CRPS Estimation", equation 5.
pub fn crps_gaussian(
    means: &[f64],
    deviations: &[f64],
    actual: &[f64],
) -> Result<f64, MetricError> {
    const METRIC: &str = "CRPS of a normal distribution";
    require_numbers(METRIC, means, actual)?;
    require_numbers(METRIC, deviations, actual)?;
    if let Some(position) = deviations.iter().position(|&deviation| deviation <= 0.0) {
        return Err(MetricError::OutOfRange {
            metric: METRIC,
            position,
            allowed: "a deviation is above 0",
        });
    }
    let sum: f64 = means
        .iter()
        .zip(deviations)
        .zip(actual)
        .map(|((mean, deviation), actual)| {
            let z = (actual - mean) / deviation;
            let standard =
                z * (2.0 * normal_cdf(z) - 1.0) + 2.0 * normal_density(z) - 1.0 / PI.sqrt();
            deviation * standard
        })
        .sum();
    Ok(sum / actual.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{rng, standard_normal};

    /// Worked by hand: members 1, 2, 4 against 3: distances 2, 1, 1; pairs 1, 3, 2, each twice.
    #[test]
    fn ensemble_scores_agree_with_hand_work() {
        let score = crps_ensemble(&Matrix::from_rows(&[[4.0, 1.0, 2.0]]), &[3.0]).unwrap();

        assert!((score - (4.0 / 3.0 - 12.0 / 18.0)).abs() < 1e-12);
    }

    #[test]
    fn one_member_is_scored_by_its_absolute_error() {
        let score = crps_ensemble(&Matrix::from_rows(&[[1.0], [5.0]]), &[3.0, 4.0]);

        assert_eq!(score, Ok(1.5));
    }

    /// At the mean of the standard normal distribution the score is `(sqrt(2) - 1) / sqrt(pi)`.
    #[test]
    fn the_score_at_the_mean_is_known() {
        let score = crps_gaussian(&[7.0], &[2.0], &[7.0]).unwrap();

        assert!((score - 2.0 * (2.0_f64.sqrt() - 1.0) / PI.sqrt()).abs() < 1e-14);
    }

    /// Source: SciPy 1.17 `integrate.quad` of `(Phi(x) - [x >= y])^2`, whose integral the score is.
    #[test]
    fn closed_forms_agree_with_numerical_integration() {
        for (mean, deviation, actual, expected) in [
            (0.0, 1.0, -2.0, 1.452_791_821_685_902_8),
            (0.0, 1.0, 0.3, 0.269_332_900_686_663_5),
            (0.0, 1.0, 1.7, 1.172_385_997_826_967_7),
            (1.0, 2.5, 4.0, 1.870_038_294_716_424),
        ] {
            let score = crps_gaussian(&[mean], &[deviation], &[actual]).unwrap();

            assert!((score - expected).abs() < 1e-9, "{score} is not {expected}");
        }
    }

    /// Two routes to one number: 4,000 draws against the closed form.
    #[test]
    fn a_large_normal_ensemble_scores_like_the_normal_distribution() {
        let mut generator = rng(3, "crps");
        let draws = (0..4_000).map(|_| 1.0 + 2.0 * standard_normal(&mut generator));
        let members = Matrix::new(1, 4_000, draws.collect()).unwrap();

        for actual in [-3.0, 1.0, 2.5, 9.0] {
            let sampled = crps_ensemble(&members, &[actual]).unwrap();
            let closed = crps_gaussian(&[1.0], &[2.0], &[actual]).unwrap();

            // Four standard errors of a mean of 4,000 draws with deviation 2.
            assert!((sampled - closed).abs() < 4.0 * 2.0 / 4_000_f64.sqrt());
        }
    }

    #[test]
    fn deviations_and_members_must_exist() {
        assert!(matches!(
            crps_gaussian(&[0.0, 0.0], &[1.0, 0.0], &[0.0, 0.0]),
            Err(MetricError::OutOfRange { position: 1, .. })
        ));
        assert!(matches!(
            crps_ensemble(&Matrix::zeros(1, 0), &[1.0]),
            Err(MetricError::Undefined { .. })
        ));
    }
}
