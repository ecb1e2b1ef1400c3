//! The exponential histogram that [`Adwin`](super::Adwin) keeps instead of its values.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// Buckets of one size before the two oldest become one of the next size.
const BUCKETS_PER_ROW_MAX: usize = 5;

/// Some values that came one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Bucket {
    pub(super) n: f64,
    pub(super) sum: f64,
    /// Sum of squared distances from the mean.
    pub(super) squares: f64,
}

impl Bucket {
    pub(super) fn of_one(value: f64) -> Self {
        Self {
            n: 1.0,
            sum: value,
            squares: 0.0,
        }
    }

    pub(super) fn empty() -> Self {
        Self {
            n: 0.0,
            sum: 0.0,
            squares: 0.0,
        }
    }

    pub(super) fn mean(&self) -> f64 {
        self.sum / self.n
    }

    /// Both together (Chan, Golub & LeVeque 1979).
    pub(super) fn joined(self, other: Self) -> Self {
        if self.n == 0.0 {
            return other;
        }
        let n = self.n + other.n;
        let between = self.n * other.n * (self.mean() - other.mean()).powi(2) / n;
        Self {
            n,
            sum: self.sum + other.sum,
            squares: self.squares + other.squares + between,
        }
    }

    /// What is left when `part`, which lies within, is taken away.
    pub(super) fn without(self, part: Self) -> Self {
        let (n, sum) = (self.n - part.n, self.sum - part.sum);
        if n <= 0.0 {
            return Self::empty();
        }
        let between = part.n * n * (part.mean() - sum / n).powi(2) / self.n;
        Self {
            n,
            sum,
            squares: self.squares - part.squares - between,
        }
    }
}

/// A window of values in buckets of doubling size: `(1, 1, 1, 2, 2, 4, 8, ...)` from the newest on.
///
/// # Source
/// Bifet & Gavaldà (2007), section 4, after Datar et al. (2002).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Buckets {
    /// `rows[i]` holds buckets of `2^i` values, oldest first.
    rows: Vec<VecDeque<Bucket>>,
    total: Bucket,
}

impl Buckets {
    pub(super) fn new() -> Self {
        Self {
            rows: vec![VecDeque::new()],
            total: Bucket::empty(),
        }
    }

    /// All values of the window.
    pub(super) fn total(&self) -> Bucket {
        self.total
    }

    /// The buckets in the order of time: from the largest to the smallest, oldest first.
    pub(super) fn in_time(&self) -> impl Iterator<Item = Bucket> {
        self.rows.iter().rev().flatten().copied()
    }

    pub(super) fn push(&mut self, value: f64) {
        let bucket = Bucket::of_one(value);
        self.total = self.total.joined(bucket);
        self.rows[0].push_back(bucket);
        self.compress();
    }

    /// Forgets the oldest bucket.
    pub(super) fn drop_oldest(&mut self) {
        let Some(row) = self.rows.last_mut() else {
            return;
        };
        if let Some(oldest) = row.pop_front() {
            self.total = self.total.without(oldest);
        }
        if row.is_empty() && self.rows.len() > 1 {
            self.rows.pop();
        }
    }

    fn compress(&mut self) {
        let mut size = 0;
        while self.rows[size].len() > BUCKETS_PER_ROW_MAX {
            let mut oldest = || self.rows[size].pop_front().expect("the row is overfull");
            let merged = oldest().joined(oldest());
            size += 1;
            if size == self.rows.len() {
                self.rows.push(VecDeque::new());
            }
            self.rows[size].push_back(merged);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_that_of_the_values_left() {
        let mut buckets = Buckets::new();
        let values: Vec<f64> = (0..100).map(|n| f64::from(n * n % 17)).collect();
        values.iter().for_each(|&value| buckets.push(value));

        buckets.drop_oldest();

        let total = buckets.total();
        let kept = &values[values.len() - total.n as usize..];
        let mean = crate::stats::mean(kept);
        let variance = crate::stats::variance(kept);
        assert!(total.n < 100.0);
        assert!((total.mean() - mean).abs() < 1e-9);
        assert!((total.squares / total.n - variance).abs() < 1e-9);
    }

    #[test]
    fn the_histogram_grows_with_the_logarithm_of_the_window() {
        let mut buckets = Buckets::new();

        (0..100_000).for_each(|_| buckets.push(1.0));

        assert!(buckets.rows.len() < 20);
        assert!(buckets.rows.iter().all(|row| row.len() <= 5));
        assert_eq!(buckets.total().n, 100_000.0);
    }
}
