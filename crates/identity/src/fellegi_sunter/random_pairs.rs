//! How often each level shows between two people: `u`.

use rand::RngExt;
use rapport_learn::{Context, map_parts, rng};

use crate::compare::{Comparer, Level, Memory, N_LEVELS};
use super::frequencies::Frequencies;
use crate::records::Records;

/// Random pairs that are compared.
const N_PAIRS: usize = 400_000;
/// Parts that the pairs are cut into, whatever the number of threads, so that each has its own draws.
const N_PARTS: usize = 16;

/// Per field how often each level shows among random pairs in which the field is filled on both sides.
///
/// Exact agreement is counted over all pairs, for it is rare where values are many. Pairs that
/// `is_match` knows to be of one person are left out.
pub(crate) fn chances(
    records: &Records,
    comparer: &Comparer<'_>,
    frequencies: &[Frequencies],
    is_match: &(dyn Fn(u32, u32) -> bool + Sync),
    context: &Context<'_>,
) -> Vec<[f64; N_LEVELS]> {
    let n_fields = records.columns.len();
    let n_records = records.n_records() as u32;
    let counted = map_parts(context.threads, 0..N_PARTS, |part| {
        let mut generator = rng(context.seed, &format!("random pairs {part}"));
        let mut memory = Memory::new();
        let mut counts = vec![[0_u64; N_LEVELS]; n_fields];
        for _ in 0..N_PAIRS / N_PARTS {
            let left = generator.random_range(0..n_records);
            let right = (left + generator.random_range(1..n_records)) % n_records;
            if is_match(left, right) {
                continue;
            }
            let pattern = comparer.pattern(left, right, &mut memory);
            for (field, counts) in counts.iter_mut().enumerate() {
                counts[pattern.level(field) as usize] += 1;
            }
        }
        counts
    });
    let mut totals = vec![[0_u64; N_LEVELS]; n_fields];
    for part in &counted {
        for (totals, counts) in totals.iter_mut().zip(part) {
            for (total, count) in totals.iter_mut().zip(counts) {
                *total += count;
            }
        }
    }
    let of_field = |(field, counts): (usize, &[u64; N_LEVELS])| {
        let frequencies = &frequencies[field];
        smoothed(counts, frequencies.collision().clamp(frequencies.least(), 0.999))
    };
    totals.iter().enumerate().map(of_field).collect()
}

/// Shares of levels, half a pair added to each, exact agreement put in its place.
fn smoothed(counts: &[u64; N_LEVELS], same: f64) -> [f64; N_LEVELS] {
    let first_other = Level::SAME as usize + 1;
    let others: f64 = counts[first_other..].iter().map(|&count| count as f64 + 0.5).sum();
    let mut shares = [0.0; N_LEVELS];
    shares[Level::SAME as usize] = same;
    for level in first_other..N_LEVELS {
        shares[level] = (1.0 - same) * (counts[level] as f64 + 0.5) / others;
    }
    shares
}
