//! How common values are: among records at first, among people once there are groups.
//!
//! Counted over records, a value that one person gave ten times looks common and agreement on it like
//! chance. Counted over people it does not.
//!
//! A few records cannot tell how rare a value is: of two people with an address of mail, both with the
//! same, all agree. So a field counts as if at least as many had filled it as it takes to know
//! ([`n_to_know`]), the others each with a value of its own. What more than two have is common for certain.

use rapport_learn::{Context, map_parts};

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
    /// The same, or as many as it takes to know.
    n_thought: f64,
}

/// How many have to be seen before the counts of their values are believed.
const fn n_to_know(kind: FieldKind) -> u32 {
    match kind {
        FieldKind::Email
        | FieldKind::Phone
        | FieldKind::Id
        | FieldKind::FullName
        | FieldKind::Company
        | FieldKind::BirthDate
        | FieldKind::Street => 200,
        FieldKind::GivenName | FieldKind::Surname | FieldKind::Postcode => 100,
        FieldKind::City | FieldKind::HouseNumber | FieldKind::Text => 50,
        FieldKind::Number | FieldKind::Category | FieldKind::RecordKey => 0,
    }
}

impl Frequencies {
    /// Among records.
    pub(crate) fn by_record(records: &Records) -> Vec<Self> {
        let columns = records.columns.iter();
        columns
            .map(|column| Self::new(column.field.kind, column.counts.clone()))
            .collect()
    }

    /// Among groups: each counts once per value that any of its records has.
    pub(crate) fn by_group(
        records: &Records,
        clusters: &[u32],
        context: &Context<'_>,
    ) -> Vec<Self> {
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
            Self::new(column.field.kind, counts)
        };
        let columns = records.columns.iter().enumerate();
        map_parts(context.threads, columns, of_field)
    }

    fn new(kind: FieldKind, counts: Vec<u32>) -> Self {
        let n = counts.iter().map(|&count| f64::from(count)).sum::<f64>();
        Self {
            counts,
            n,
            n_thought: n.max(f64::from(n_to_know(kind))),
        }
    }

    /// The chance that somebody has a value that so many have. The first two are among all that are
    /// thought, for a pair that agrees may be one person; the others among those that were seen.
    fn share(&self, count: u32) -> f64 {
        let first = f64::from(count.clamp(1, 2));
        (f64::from(count.max(1)) - first) / self.n.max(1.0) + first / self.n_thought.max(1.0)
    }

    /// The chance that two drawn at random have one value.
    pub(crate) fn collision(&self) -> f64 {
        let (n, n_thought) = (self.n - 1.0, self.n_thought - 1.0);
        let together = |&count: &u32| {
            let others = f64::from(count) - 2.0;
            self.share(count) * (others / n + 1.0 / n_thought)
        };
        let shared = self.counts.iter().filter(|&&count| count > 1);
        shared.map(together).sum()
    }

    /// The least chance that is believed: half a pair in all that are thought.
    pub(crate) fn least(&self) -> f64 {
        0.5 / (self.n_thought * self.n_thought).max(1.0)
    }
}

/// Bits by which agreement on a value says more than agreement in general.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rareness {
    of_values: Vec<f32>,
    of_new: f32,
    /// What a value that one has lacks to the usual one, 0 where it does not: where no two have one value,
    /// the chance of agreement is next to nothing and every value looks common beside it.
    lack: f32,
}

impl Rareness {
    /// With the chance of agreement that the weights are made with.
    pub(super) fn new(kind: FieldKind, frequencies: &Frequencies, u: &[f64; N_LEVELS]) -> Self {
        let usual = u[Level::Same as usize];
        let bits = |count: u32| {
            (usual / frequencies.share(count))
                .log2()
                .clamp(-RARENESS_MAX, RARENESS_MAX) as f32
        };
        if kind == FieldKind::Number {
            return Self {
                of_values: Vec::new(),
                of_new: 0.0,
                lack: 0.0,
            };
        }
        Self {
            of_values: frequencies
                .counts
                .iter()
                .map(|&count| bits(count))
                .collect(),
            of_new: bits(1),
            lack: (-bits(1)).max(0.0),
        }
    }

    /// The most that [`of_spellings`](Self::of_spellings) is for a value, whatever the other one.
    pub(super) fn of_spellings_most(&self, code: u32) -> f32 {
        0.5 * (self.of(code) + self.lack)
    }

    /// Of two spellings of one value: half of what the more common one says, for that is what chance would
    /// agree on; a value that only one has is as rare as can be.
    pub(super) fn of_spellings(&self, a: u32, b: u32) -> f32 {
        0.5 * (self.of(a).min(self.of(b)) + self.lack)
    }

    pub(super) fn of(&self, code: u32) -> f32 {
        self.of_values
            .get(code as usize)
            .copied()
            .unwrap_or(self.of_new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn among_few_records_a_value_that_two_share_is_rare_and_one_that_many_share_is_not() {
        let few = Frequencies::new(FieldKind::Email, vec![2]);
        let many = Frequencies::new(FieldKind::Email, vec![18, 1, 1, 1, 1]);

        assert!(few.collision() < 1e-4 && few.share(2) <= 0.01);
        assert!(many.collision() > 0.5 && many.share(18) > 0.7);
    }

    #[test]
    fn among_enough_records_shares_are_what_was_counted() {
        let counts: Vec<u32> = (0..2000).map(|at| 1 + at % 3).collect();
        let enough = Frequencies::new(FieldKind::Email, counts.clone());
        let n: f64 = counts.iter().map(|&count| f64::from(count)).sum();
        let together = counts
            .iter()
            .map(|&count| f64::from(count * (count - 1)))
            .sum::<f64>();

        assert!((enough.share(3) - 3.0 / n).abs() < 1e-12);
        assert!((enough.collision() - together / (n * (n - 1.0))).abs() < 1e-12);
    }
}
