//! Rows drawn with replacement.

use rand::RngExt;

use crate::rng;

/// Draws `size` rows out of `n_samples` with replacement; `draw` numbers the resample.
///
/// # Panics
/// When there are no rows to draw from and `size` is not 0.
pub fn bootstrap(n_samples: usize, size: usize, seed: u64, draw: u64) -> Vec<usize> {
    let mut generator = rng(seed, &format!("bootstrap {draw}"));
    (0..size)
        .map(|_| generator.random_range(0..n_samples))
        .collect()
}

/// The rows that a resample did not draw, ascending: about 37 % of them, free to test on.
pub fn out_of_bag(n_samples: usize, drawn: &[usize]) -> Vec<usize> {
    let mut is_drawn = vec![false; n_samples];
    for &row in drawn {
        is_drawn[row] = true;
    }
    (0..n_samples).filter(|&row| !is_drawn[row]).collect()
}
