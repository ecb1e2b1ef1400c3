//! A setting that keeps an expected loss below what is allowed.

use super::{ConformalError, Level};
use crate::Matrix;

/// The least careful setting whose expected loss on a new row is at most `allowed`.
///
/// Covers more than intervals: the share of true labels that a set misses, of good leads that a
/// filter drops, ... Coverage itself is the special case of a loss of 0 or 1.
///
/// # Shapes and units
/// - `losses`: `(n_samples, n_settings)`, of calibration rows; settings become more careful from
///   left to right, so no loss grows along a row;
/// - `loss_max`: no loss exceeds it;
/// - `allowed`: the expected loss to keep, in the unit of the losses over `loss_max`.
///
/// Returns the column of the setting.
///
/// # Errors
/// [`ConformalError::Loss`] for a loss that grows along its row, exceeds `loss_max` or is not
/// finite, [`ConformalError::OutOfReach`] when the most careful setting risks more than allowed
/// (with few rows the bound alone can do that).
///
/// # Source
/// Angelopoulos, Bates, Fisch, Lei & Schuster (2024), "Conformal Risk Control", equation 4:
/// the first setting with `n / (n + 1) * mean loss + loss_max / (n + 1) <= allowed`.
pub fn conformal_risk_control(
    losses: &Matrix,
    loss_max: f64,
    allowed: Level,
) -> Result<usize, ConformalError> {
    require_falling(losses, loss_max)?;
    let n_samples = losses.n_rows() as f64;
    let allowed = allowed.get() * loss_max;
    let risk =
        |setting: usize| (losses.column(setting).sum::<f64>() + loss_max) / (n_samples + 1.0);
    (0..losses.n_columns())
        .find(|&setting| risk(setting) <= allowed)
        .ok_or_else(|| ConformalError::OutOfReach {
            allowed,
            reached: losses.n_columns().checked_sub(1).map_or(loss_max, risk),
        })
}

fn require_falling(losses: &Matrix, loss_max: f64) -> Result<(), ConformalError> {
    for (row, losses) in losses.rows().enumerate() {
        let mut before = loss_max;
        for (setting, &loss) in losses.iter().enumerate() {
            if !loss.is_finite() || loss > before {
                return Err(ConformalError::Loss { row, setting });
            }
            before = loss;
        }
    }
    Ok(())
}
