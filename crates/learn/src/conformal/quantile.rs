//! The quantile that makes the guarantee hold with few rows too.

use super::{ConformalError, Level, require_finite};

/// Takes rounding out of `(n + 1) * level`: 100 * 0.55 is 55.000000000000007 in binary, and would
/// otherwise be rank 56.
const ROUNDING: f64 = 1e-9;

/// The `ceil((n + 1) * level)`-th smallest of `n` scores, `(n,)`.
///
/// A new score drawn like these is at most this large with probability at least `level`, and with
/// probability at most `level + 1 / (n + 1)` when scores do not tie. The plain quantile of the
/// scores falls short of that, by much when there are few.
///
/// # Errors
/// A score that is not finite, or fewer than [`n_calibration_needed`] of them.
///
/// # Source
/// Papadopoulos, Proedrou, Vovk & Gammerman (2002), "Inductive Confidence Machines for
/// Regression"; Lei et al. (2018), "Distribution-Free Predictive Inference for Regression".
pub fn conformal_quantile(scores: &[f64], level: Level) -> Result<f64, ConformalError> {
    require_finite("scores", scores)?;
    let rank = rank(scores.len(), level);
    if rank > scores.len() {
        return Err(ConformalError::TooFewRows {
            needed: n_calibration_needed(level),
            found: scores.len(),
        });
    }
    let mut scores = scores.to_vec();
    let (_, &mut quantile, _) = scores.select_nth_unstable_by(rank - 1, f64::total_cmp);
    Ok(quantile)
}

/// The fewest calibration rows for a level: 9 for 0.9, 19 for 0.95, 99 for 0.99.
pub fn n_calibration_needed(level: Level) -> usize {
    let level = level.get();
    ((level / (1.0 - level) - ROUNDING).ceil() as usize).max(1)
}

/// The place, from 1, of the quantile among `n` sorted scores; `n + 1` when there is none.
fn rank(n: usize, level: Level) -> usize {
    let exact = (n + 1) as f64 * level.get();
    ((exact - ROUNDING).ceil() as usize).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantile(n: u32, level: f64) -> Result<f64, ConformalError> {
        // In falling order, so that the place in the list is not the rank.
        let scores: Vec<f64> = (1..=n).rev().map(f64::from).collect();
        conformal_quantile(&scores, Level::new(level).unwrap())
    }

    /// Worked by hand: ceil(100 * 0.9), ceil(25 * 0.9), ceil(10 * 0.9), ceil(100 * 0.55).
    #[test]
    fn the_quantile_is_the_rank_in_one_row_more() {
        assert_eq!(quantile(99, 0.9), Ok(90.0));
        assert_eq!(quantile(24, 0.9), Ok(23.0));
        assert_eq!(quantile(9, 0.9), Ok(9.0));
        assert_eq!(quantile(99, 0.55), Ok(55.0));
        assert_eq!(quantile(3, 0.01), Ok(1.0));
    }

    #[test]
    fn too_few_rows_are_told_how_many_are_needed() {
        for (n, level, needed) in [(8, 0.9, 9), (18, 0.95, 19), (98, 0.99, 99), (0, 0.1, 1)] {
            assert_eq!(
                quantile(n, level),
                Err(ConformalError::TooFewRows {
                    needed,
                    found: n as usize
                })
            );
            assert!(quantile(needed as u32, level).is_ok());
        }
    }

    #[test]
    fn levels_and_scores_out_of_range_are_refused() {
        for level in [0.0, 1.0, -0.1, f64::NAN] {
            assert!(Level::new(level).is_err());
        }
        assert_eq!(
            conformal_quantile(&[0.0, f64::INFINITY], Level::new(0.5).unwrap()),
            Err(ConformalError::NotFinite {
                what: "scores",
                position: 1
            })
        );
    }

    #[test]
    fn a_level_out_of_range_is_not_read_from_a_file() {
        assert!(serde_json::from_str::<Level>("0.9").is_ok());
        assert!(serde_json::from_str::<Level>("1.0").is_err());
    }
}
