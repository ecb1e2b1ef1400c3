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
    /// Per value the chance that somebody else has it, estimated; empty where shares are taken as counted.
    estimated: Vec<f64>,
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

/// How much likelier a word of a name is beside another one than alone, at most: words of one language go
/// together.
const COMPANY_OF_WORDS: f64 = 10.0;

/// How many more have a thing that one has been seen with, given how many have each: at most 1.
fn seen_again(counts: &[u32]) -> f64 {
    let n_seen = |wanted: u32| counts.iter().filter(|&&count| count == wanted).count() as f64;
    (2.0 * (n_seen(2) + 0.5) / n_seen(1).max(1.0)).min(1.0)
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
            n,
            n_thought: n.max(f64::from(n_to_know(kind))),
            estimated: Vec::new(),
            counts,
        }
    }

    /// Estimates how rare values are that one or two have: from how many values stand twice beside those that
    /// stand once, and of whole names from their words, too.
    ///
    /// That one has been seen with a value says little of how rare it is. Where most values stand once and
    /// hardly any twice, as with addresses, whoever comes next has another one almost for certain; and of two
    /// names that were seen once each, that of rarer words is the rarer one.
    ///
    /// # Source
    /// Good (1953), "The Population Frequencies of Species and the Estimation of Population Parameters".
    pub(crate) fn estimate(&mut self, column: &Column) {
        let of_once = seen_again(&self.counts) / self.n_thought.max(1.0);
        let words = match column.field.kind {
            FieldKind::FullName => self.chances_of_words(column),
            _ => Vec::new(),
        };
        let estimated = self.counts.iter().enumerate().map(|(code, &count)| {
            if count > 2 {
                return self.share(count);
            }
            let tokens = column.tokens.of(code as u32).iter();
            let mut chances: Vec<f64> = tokens
                .filter_map(|&token| words.get(token as usize).copied())
                .collect();
            chances.sort_by(f64::total_cmp);
            match chances[..] {
                [rarest, next, ..] => of_once.min(rarest * (next * COMPANY_OF_WORDS).min(1.0)),
                _ => of_once,
            }
        });
        self.estimated = estimated.collect();
    }

    /// Per word the chance that somebody has it who is not the one it was seen with.
    fn chances_of_words(&self, column: &Column) -> Vec<f64> {
        let mut counts = vec![0_u32; column.tokens.counts.len()];
        for (code, &count) in self.counts.iter().enumerate() {
            for &token in column.tokens.of(code as u32) {
                counts[token as usize] += count;
            }
        }
        let once = seen_again(&counts);
        let others = counts.iter().map(|&count| match count {
            0..=2 => once,
            count => f64::from(count - 1),
        });
        let n = self.n_thought.max(1.0);
        others.map(|others| others / n).collect()
    }

    fn chance_of(&self, code: usize, count: u32) -> f64 {
        let estimated = self.estimated.get(code).copied();
        estimated.unwrap_or_else(|| self.share(count))
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
        let bits_of = |chance: f64| {
            let bits = (usual / chance).log2();
            bits.clamp(-RARENESS_MAX, RARENESS_MAX) as f32
        };
        let of_new = bits_of(match frequencies.estimated.is_empty() {
            true => frequencies.share(1),
            false => seen_again(&frequencies.counts) / frequencies.n_thought.max(1.0),
        });
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
                .enumerate()
                .map(|(code, &count)| bits_of(frequencies.chance_of(code, count)))
                .collect(),
            of_new,
            lack: (-of_new).max(0.0),
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

    #[test]
    fn a_value_that_stands_twice_is_rarer_where_hardly_any_other_does() {
        let names = ["ada king", "ada king", "bob ray", "bob lee", "eve ray"];
        let records = |n_twice: usize| {
            let mut values: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
            values.extend((0..300).map(|at| format!("name{at} of{at}")));
            values.extend((0..n_twice).map(|at| format!("name{at} of{at}")));
            let column = crate::RawColumn {
                field: crate::Field::new("name", FieldKind::FullName),
                values: values.iter().map(String::as_str).collect(),
            };
            let cancel = rapport_learn::Cancellation::default();
            let context = Context::new(1, &rapport_learn::Silent, &cancel);
            Records::new(&[column], &context).unwrap()
        };
        let chance_of = |records: &Records, name: &str| {
            let column = &records.columns[0];
            let mut frequencies = Frequencies::by_record(records).remove(0);
            frequencies.estimate(column);
            let code = (0..column.n_values()).find(|&code| column.standard(code as u32) == name);
            let code = code.unwrap();
            frequencies.chance_of(code, column.counts[code])
        };
        let (few, many) = (records(0), records(150));

        assert!(chance_of(&few, "ada king") < 2.0 / 305.0 / 10.0);
        assert!(chance_of(&many, "ada king") > 10.0 * chance_of(&few, "ada king"));
    }
}
