//! How common values are: among records at first, among people once there are groups.
//!
//! Counted over records, a value that one person gave ten times looks common and agreement on it like
//! chance. Counted over people it does not.

use crate::compare::N_LEVELS;
use crate::records::{Column, MISSING, Records};
use crate::{FieldKind, compare::Level};

/// A very rare or very common value says at most this many bits more or less than the usual one.
const RARENESS_MAX: f64 = 9.0;

/// How many have each value of a field.
#[derive(Debug, Clone)]
pub(crate) struct Frequencies {
    counts: Vec<u32>,
    n: f64,
}

impl Frequencies {
    /// Among records.
    pub(crate) fn by_record(records: &Records) -> Vec<Self> {
        records.columns.iter().map(|column| Self::new(column.counts.clone())).collect()
    }

    /// Among groups: each counts once per value that any of its records has.
    pub(crate) fn by_group(records: &Records, clusters: &[u32]) -> Vec<Self> {
        let n_fields = records.columns.len();
        let of_field = |(field, column): (usize, &Column)| {
            let codes = records.codes.iter().skip(field).step_by(n_fields);
            let mut held: Vec<u64> = codes
                .zip(clusters)
                .filter(|&(&code, _)| code != MISSING)
                .map(|(&code, &cluster)| u64::from(code) << 32 | u64::from(cluster))
                .collect();
            held.sort_unstable();
            held.dedup();
            let mut counts = vec![0; column.n_values()];
            for both in held {
                counts[(both >> 32) as usize] += 1;
            }
            Self::new(counts)
        };
        records.columns.iter().enumerate().map(of_field).collect()
    }

    fn new(counts: Vec<u32>) -> Self {
        let n = counts.iter().map(|&count| f64::from(count)).sum();
        Self { counts, n }
    }

    /// The chance that two drawn at random have one value.
    pub(crate) fn collision(&self) -> f64 {
        let together: f64 = self.counts.iter().map(|&c| f64::from(c) * (f64::from(c) - 1.0)).sum();
        if self.n < 2.0 { 0.0 } else { together / (self.n * (self.n - 1.0)) }
    }

    /// The least chance that is believed: half a pair in all that there are.
    pub(crate) fn least(&self) -> f64 {
        0.5 / (self.n * self.n).max(1.0)
    }
}

/// Bits by which agreement on a value says more than agreement in general.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rareness {
    of_values: Vec<f32>,
    of_new: f32,
}

impl Rareness {
    /// With the chance of agreement that the weights are made with.
    pub(super) fn new(kind: FieldKind, frequencies: &Frequencies, u: &[f64; N_LEVELS]) -> Self {
        let usual = u[Level::Same as usize];
        let bits = |count: u32| {
            let frequency = f64::from(count.max(1)) / frequencies.n.max(1.0);
            (usual / frequency).log2().clamp(-RARENESS_MAX, RARENESS_MAX) as f32
        };
        if kind == FieldKind::Number {
            return Self {
                of_values: Vec::new(),
                of_new: 0.0,
            };
        }
        Self {
            of_values: frequencies.counts.iter().map(|&count| bits(count)).collect(),
            of_new: bits(1),
        }
    }

    pub(super) fn of(&self, code: u32) -> f32 {
        self.of_values.get(code as usize).copied().unwrap_or(self.of_new)
    }
}
