//! One part held back.

use std::collections::{HashMap, HashSet};

use rand::seq::SliceRandom;

use super::{Split, distinct, require_share};
use crate::{LearnError, rng};

/// Holds back a share of the rows at random (rounded, at least one, never all).
///
/// Only for rows that have nothing to do with each other: rows of one customer belong together
/// ([`holdout_by_group`]), and so does time ([`holdout_by_time`]).
///
/// # Errors
/// A share outside of `(0, 1)`, or fewer than two rows.
pub fn holdout(n_samples: usize, test_share: f64, seed: u64) -> Result<Split, LearnError> {
    require_share(test_share)?;
    if n_samples < 2 {
        return Err(LearnError::TooFewRows {
            needed: 2,
            found: n_samples,
        });
    }
    let n_test = (test_share * n_samples as f64).round() as usize;
    let n_test = n_test.clamp(1, n_samples - 1);
    let mut order: Vec<usize> = (0..n_samples).collect();
    order.shuffle(&mut rng(seed, "holdout"));
    let held: HashSet<usize> = order.into_iter().take(n_test).collect();
    Ok(Split::by(n_samples, |row| held.contains(&row)))
}

/// Holds back whole groups until at least the share of rows is held back.
///
/// No group stands on both sides.
///
/// # Errors
/// A share outside of `(0, 1)`, or groups that leave one side empty.
pub fn holdout_by_group(groups: &[u64], test_share: f64, seed: u64) -> Result<Split, LearnError> {
    require_share(test_share)?;
    let mut sizes: HashMap<u64, usize> = HashMap::new();
    for &group in groups {
        *sizes.entry(group).or_default() += 1;
    }
    let mut order = distinct(groups);
    order.shuffle(&mut rng(seed, "holdout_by_group"));
    let wanted = (test_share * groups.len() as f64).max(1.0);
    let mut held = HashSet::new();
    let mut n_held = 0;
    // The last group is never taken: something must be left to learn from.
    for group in order.iter().take(order.len().saturating_sub(1)) {
        if n_held as f64 >= wanted {
            break;
        }
        n_held += sizes[group];
        held.insert(*group);
    }
    Split::by(groups.len(), |row| held.contains(&groups[row])).require_both_sides()
}

/// Holds back every row at or after an instant.
///
/// # Errors
/// [`LearnError::TooFewRows`] when all rows lie on one side.
pub fn holdout_by_time(times: &[i64], cutoff: i64) -> Result<Split, LearnError> {
    Split::by(times.len(), |row| times[row] >= cutoff).require_both_sides()
}
