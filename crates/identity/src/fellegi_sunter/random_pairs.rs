//! How often each level shows between two people: `u`.

use rand::RngExt;
use rapport_learn::{Context, map_parts, rng};

use super::frequencies::Frequencies;
use crate::compare::{Comparer, Level, Memory, N_LEVELS, Pattern};
use crate::records::Records;

/// Random pairs that are compared, at most and at least, and per record between the two: of few records
/// the same pairs would be drawn again and again.
const N_PAIRS_MAX: usize = 400_000;
const N_PAIRS_MIN: usize = 100_000;
const N_PER_RECORD: usize = 40;
/// Parts that the pairs are cut into, whatever the number of threads, so that each has its own draws.
const N_PARTS: usize = 16;

/// Random pairs and their patterns, which every fit counts again.
#[derive(Debug)]
pub(crate) struct RandomPairs {
    drawn: Vec<(u32, u32, Pattern)>,
}

impl RandomPairs {
    /// Draws pairs and compares them.
    pub(crate) fn draw(records: &Records, comparer: &Comparer<'_>, context: &Context<'_>) -> Self {
        let n_records = records.n_records() as u32;
        let n_pairs = (records.n_records() * N_PER_RECORD).clamp(N_PAIRS_MIN, N_PAIRS_MAX);
        let drawn = map_parts(context.threads, 0..N_PARTS, |part| {
            let mut generator = rng(context.seed, &format!("random pairs {part}"));
            let mut memory = Memory::new();
            let pair = |_| {
                let left = generator.random_range(0..n_records);
                let right = (left + generator.random_range(1..n_records)) % n_records;
                (left, right, comparer.pattern(left, right, &mut memory))
            };
            (0..n_pairs / N_PARTS).map(pair).collect::<Vec<_>>()
        });
        Self {
            drawn: drawn.concat(),
        }
    }

    /// Per field how often each level shows among the pairs in which the field is filled on both sides.
    ///
    /// Exact agreement is counted over all pairs, for it is rare where values are many. Pairs that
    /// `is_match` knows to be of one person are left out.
    pub(crate) fn chances(
        &self,
        frequencies: &[Frequencies],
        is_match: impl Fn(u32, u32) -> bool,
    ) -> Vec<[f64; N_LEVELS]> {
        let mut totals = vec![[0_u64; N_LEVELS]; frequencies.len()];
        for &(left, right, pattern) in &self.drawn {
            if !is_match(left, right) {
                for (field, totals) in totals.iter_mut().enumerate() {
                    totals[pattern.level(field) as usize] += 1;
                }
            }
        }
        let of_field = |(counts, frequencies): (&[u64; N_LEVELS], &Frequencies)| {
            let same = frequencies.collision().clamp(frequencies.least(), 0.999);
            smoothed(counts, same)
        };
        totals.iter().zip(frequencies).map(of_field).collect()
    }
}

/// Shares of levels, half a pair added to each, exact agreement put in its place.
fn smoothed(counts: &[u64; N_LEVELS], same: f64) -> [f64; N_LEVELS] {
    let first_other = Level::SAME as usize + 1;
    let others: f64 = counts[first_other..]
        .iter()
        .map(|&count| count as f64 + 0.5)
        .sum();
    let mut shares = [0.0; N_LEVELS];
    shares[Level::SAME as usize] = same;
    for level in first_other..N_LEVELS {
        shares[level] = (1.0 - same) * (counts[level] as f64 + 0.5) / others;
    }
    shares
}
