//! One new record against all that are known, in milliseconds.
//!
//! The index keeps the keys of every record, sorted by kind of key, and what arrived since in a map beside
//! them. A record that is looked up has the keys that blocking would give it, is compared with those who
//! share one, rarest keys first, and gets the known records that match, with their bits.

use rapport_learn::{Context, map_parts};

use crate::blocking::{Keys, View, keys_of_value, views};
use crate::compare::{Comparer, Memory};
use crate::fellegi_sunter::{Scorer, Sieve, probability};
use crate::hash::{self, HashedMap};
use crate::records::Records;
use crate::{BlockingParams, IdentityError, MatchModel, Waterfall};

/// A known record that matches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Its position.
    pub record: u32,
    /// Log odds of a match, in bits.
    pub weight: f64,
    /// The same as a probability.
    pub probability: f64,
}

/// Candidates of a record that is looked up, but for the last block of them.
const N_CANDIDATES_MAX: usize = 300;
/// Bits by which a bound in single precision may be off.
const ROUNDING: f32 = 1e-3;

/// Records, their keys, and what agreements are worth.
#[derive(Debug)]
pub struct MatchIndex {
    records: Records,
    model: MatchModel,
    views: Vec<View>,
    kinds: Vec<Kind>,
    /// Keys that are two views' at once, by the positions of the views.
    pairs: Vec<(usize, usize)>,
    params: BlockingParams,
    seen_for: Vec<u32>,
    n_asked: u32,
    /// Word weights of the comparer, which hardly move with one record more.
    word_weights: Vec<Vec<f32>>,
}

/// The entries of one kind of key.
#[derive(Debug, Default)]
struct Kind {
    /// Ascending, with the record that has each.
    keys: Vec<u64>,
    records: Vec<u32>,
    /// Where keys begin that have the same first bits, and where the last ones end: what is looked for lies
    /// in a few neighbors and not somewhere in a million.
    starts: Vec<u32>,
    /// What arrived since.
    added: HashedMap<u64, Vec<u32>>,
}

/// Entries with the same first bits, about.
const N_OF_START: usize = 16;

impl Kind {
    fn new(mut entries: Vec<(u64, u32)>) -> Self {
        entries.sort_unstable();
        let mut kind = Self {
            keys: entries.iter().map(|entry| entry.0).collect(),
            records: entries.iter().map(|entry| entry.1).collect(),
            ..Self::default()
        };
        kind.find_starts();
        kind
    }

    fn find_starts(&mut self) {
        let n_starts = (self.keys.len() / N_OF_START).next_power_of_two();
        self.starts = Vec::with_capacity(n_starts + 1);
        let shift = shift_of(n_starts);
        let mut at = 0;
        for start in 0..n_starts as u64 {
            while self
                .keys
                .get(at)
                .is_some_and(|key| first_bits(*key, shift) < start)
            {
                at += 1;
            }
            self.starts.push(at as u32);
        }
        self.starts.push(self.keys.len() as u32);
    }

    /// Records that have a key: those of the start and those added.
    fn get(&self, key: u64) -> (&[u32], &[u32]) {
        let added = self.added.get(&key).map_or(&[][..], Vec::as_slice);
        let n_starts = self.starts.len().saturating_sub(1);
        if n_starts == 0 {
            return (&[], added);
        }
        let bits = first_bits(key, shift_of(n_starts)) as usize;
        let (from, to) = (self.starts[bits] as usize, self.starts[bits + 1] as usize);
        let start = from + self.keys[from..to].partition_point(|&known| known < key);
        // Not counted one by one: half of all may have it.
        let end = start + self.keys[start..to].partition_point(|&known| known == key);
        (&self.records[start..end], added)
    }
}

/// Bits that are left out where so many starts are told apart, a power of two.
const fn shift_of(n_starts: usize) -> u32 {
    u64::BITS - n_starts.trailing_zeros()
}

/// The first bits of a key; none are 0.
const fn first_bits(key: u64, shift: u32) -> u64 {
    match key.checked_shr(shift) {
        Some(bits) => bits,
        None => 0,
    }
}

impl MatchIndex {
    /// An index over records that were matched, with the model that was found.
    ///
    /// # Errors
    /// [`IdentityError::Learn`] where the caller stops it.
    pub fn new(
        records: Records,
        model: MatchModel,
        params: BlockingParams,
        context: &Context<'_>,
    ) -> Result<Self, IdentityError> {
        context.proceed()?;
        let views = views(&records.columns, false);
        let all = map_parts(context.threads, views.iter(), |view| {
            Keys::of(&records, view)
        });
        let pairs = pairs_of(&views);
        let n = records.n_records() as u32;
        let singles = map_parts(context.threads, views.iter().zip(&all), |(view, keys)| {
            let of_record = |record: u32| {
                let code = records.row(record as usize)[view.field];
                keys.get(code).iter().map(move |&key| (key, record))
            };
            let has_keys = !view.is_splitter;
            Kind::new(if has_keys {
                (0..n).flat_map(of_record).collect()
            } else {
                Vec::new()
            })
        });
        context.proceed()?;
        let size_max = params.n_of_block_max;
        let doubles = map_parts(context.threads, pairs.iter(), |&(left, right)| {
            let mut entries = Vec::new();
            for record in 0..n {
                let row = records.row(record as usize);
                for &a in all[left].get(row[views[left].field]) {
                    for &b in all[right].get(row[views[right].field]) {
                        entries.push((both(&views[left], &views[right], a, b), record));
                    }
                }
            }
            let mut kind = Kind::new(entries);
            kind.drop_large(size_max * 4);
            kind
        });
        Ok(Self {
            seen_for: vec![0; records.n_records()],
            n_asked: 0,
            word_weights: Comparer::new(&records).into_word_weights(),
            kinds: singles.into_iter().chain(doubles).collect(),
            records,
            model,
            views,
            pairs,
            params,
        })
    }

    /// How many records are known.
    pub fn n_records(&self) -> usize {
        self.records.n_records()
    }

    /// Known records that match a new one above `least` bits, the best first. The texts of the new record
    /// stand in the order of [`Records::fields`].
    ///
    /// # Errors
    /// [`IdentityError::Ragged`] where there are more or fewer texts than fields.
    pub fn find(&mut self, texts: &[&str], least: f64) -> Result<Vec<Found>, IdentityError> {
        let record = self.push(texts)?;
        let found = self.find_known(record, least);
        self.records.pop();
        Ok(found)
    }

    /// The same, and the new record is known from now on. Answers its position too.
    ///
    /// # Errors
    /// As [`find`](Self::find).
    pub fn insert(
        &mut self,
        texts: &[&str],
        least: f64,
    ) -> Result<(u32, Vec<Found>), IdentityError> {
        let record = self.push(texts)?;
        let found = self.find_known(record, least);
        let keys = self.keys(record);
        for (kind, keys) in keys.into_iter().enumerate() {
            for key in keys {
                self.kinds[kind].added.entry(key).or_default().push(record);
            }
        }
        self.seen_for.push(0);
        Ok((record, found))
    }

    /// Why two known records do or do not match.
    pub fn explain(&self, left: u32, right: u32) -> Waterfall {
        let comparer = Comparer::with_word_weights(&self.records, self.word_weights.clone());
        Scorer::new(&self.records, &comparer, &self.model).explain(
            left,
            right,
            &mut Memory::of_one(),
        )
    }

    fn push(&mut self, texts: &[&str]) -> Result<u32, IdentityError> {
        let expected = self.records.columns.len();
        if texts.len() != expected {
            return Err(IdentityError::Ragged {
                column: "of a new record".to_owned(),
                found: texts.len(),
                expected,
            });
        }
        Ok(self.records.push(texts))
    }

    fn find_known(&mut self, record: u32, least: f64) -> Vec<Found> {
        let candidates = self.candidates(record);
        let weights = std::mem::take(&mut self.word_weights);
        let comparer = Comparer::with_word_weights(&self.records, weights);
        let scorer = Scorer::new(&self.records, &comparer, &self.model);
        let sieve = Sieve::new(&scorer);
        let held = sieve.hold(record);
        let mut memory = Memory::of_one();
        let may_match = |&other: &u32| sieve.lets_through(&held, other, least as f32 - ROUNDING);
        let scored = candidates.into_iter().filter(may_match).map(|other| {
            let weight = f64::from(scorer.score(other, record, &mut memory).1);
            Found {
                record: other,
                weight,
                probability: probability(weight),
            }
        });
        let mut found: Vec<Found> = scored.filter(|found| found.weight > least).collect();
        found.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.record.cmp(&b.record)));
        self.word_weights = comparer.into_word_weights();
        found
    }

    /// Known records that share keys with one, those of the rarest keys first.
    fn candidates(&mut self, record: u32) -> Vec<u32> {
        self.n_asked += 1;
        let keys = self.keys(record);
        let mut blocks = Vec::new();
        for (kind, keys) in self.kinds.iter().zip(keys) {
            blocks.extend(keys.into_iter().map(|key| kind.get(key)));
        }
        blocks.retain(|(known, added)| known.len() + added.len() <= self.params.n_of_block_max * 4);
        blocks.sort_by_key(|(known, added)| known.len() + added.len());
        let mut candidates = Vec::new();
        for (known, added) in blocks {
            for &other in known.iter().chain(added) {
                let seen_for = &mut self.seen_for[other as usize];
                if *seen_for != self.n_asked {
                    *seen_for = self.n_asked;
                    candidates.push(other);
                }
            }
            if candidates.len() >= N_CANDIDATES_MAX {
                break;
            }
        }
        candidates
    }

    /// The keys of a record, kind by kind.
    fn keys(&self, record: u32) -> Vec<Vec<u64>> {
        let row = self.records.row(record as usize);
        let of_views: Vec<Vec<u64>> = self
            .views
            .iter()
            .map(|view| {
                let mut keys = Vec::new();
                keys_of_value(&self.records, view, row[view.field], &mut keys);
                keys
            })
            .collect();
        let doubles = self.pairs.iter().map(|&(left, right)| {
            let of_left = of_views[left].iter();
            of_left
                .flat_map(|&a| of_views[right].iter().map(move |&b| (a, b)))
                .map(|(a, b)| both(&self.views[left], &self.views[right], a, b))
                .collect()
        });
        let singles = self.views.iter().zip(&of_views).map(|(view, keys)| {
            if view.is_splitter {
                Vec::new()
            } else {
                keys.clone()
            }
        });
        singles.chain(doubles).collect()
    }
}

impl Kind {
    /// Leaves out keys of so many records that nobody would compare them.
    fn drop_large(&mut self, size_max: usize) {
        let (mut keys, mut records) = (Vec::new(), Vec::new());
        let mut start = 0;
        for block in self.keys.chunk_by(|a, b| a == b) {
            let end = start + block.len();
            if block.len() <= size_max {
                keys.extend_from_slice(block);
                records.extend_from_slice(&self.records[start..end]);
            }
            start = end;
        }
        keys.shrink_to_fit();
        records.shrink_to_fit();
        (self.keys, self.records) = (keys, records);
        self.find_starts();
    }
}

/// Views of two fields whose keys together are a kind: one main view of each field.
fn pairs_of(views: &[View]) -> Vec<(usize, usize)> {
    let mut main: Vec<usize> = Vec::new();
    for (at, view) in views.iter().enumerate() {
        if view.is_split
            && !view.is_splitter
            && !main.iter().any(|&other| views[other].field == view.field)
        {
            main.push(at);
        }
    }
    let mut pairs = Vec::new();
    for (idx, &left) in main.iter().enumerate() {
        pairs.extend(main[idx + 1..].iter().map(|&right| (left, right)));
    }
    pairs
}

fn both(left: &View, right: &View, a: u64, b: u64) -> u64 {
    if left.is_exchangeable_with(right) {
        hash::pair(a.min(b), a.max(b))
    } else {
        hash::pair(a, b)
    }
}

#[cfg(test)]
mod tests {
    use rapport_learn::{Cancellation, Silent};

    use super::*;
    use crate::{Constraints, Field, FieldKind, MatchParams, RawColumn, resolve};

    fn index(n: usize) -> MatchIndex {
        let given: Vec<String> = (0..n)
            .map(|at| format!("{}ard", ["edu", "leon", "bern", "ger"][at % 4]))
            .collect();
        let surnames: Vec<String> = (0..n)
            .map(|at| format!("mc{:x}son", at / 2 * 7919))
            .collect();
        let born: Vec<String> = (0..n)
            .map(|at| {
                format!(
                    "19{:02}-{:02}-{:02}",
                    at / 2 % 90 + 10,
                    at / 2 % 12 + 1,
                    at / 2 % 28 + 1
                )
            })
            .collect();
        let columns = [
            (FieldKind::GivenName, &given),
            (FieldKind::Surname, &surnames),
            (FieldKind::BirthDate, &born),
        ];
        let raw: Vec<RawColumn<'_>> = columns
            .iter()
            .map(|(kind, values)| RawColumn {
                field: Field::new(format!("{kind:?}"), *kind),
                values: values.iter().map(String::as_str).collect(),
            })
            .collect();
        let cancel = Cancellation::default();
        let context = Context::new(1, &Silent, &cancel);
        let records = Records::new(&raw, &context).unwrap();
        let found = resolve(
            &records,
            &Constraints::none(),
            &MatchParams::default(),
            &context,
        )
        .unwrap();
        MatchIndex::new(records, found.model, BlockingParams::default(), &context).unwrap()
    }

    #[test]
    fn keys_are_found_wherever_they_lie_and_however_many_have_them() {
        let mut entries: Vec<(u64, u32)> = (0..1_000)
            .map(|at| (hash::mix(at) | 1, at as u32))
            .collect();
        entries.extend((0..500).map(|at| (hash::mix(77) | 1, 2_000 + at)));
        entries.extend([(1, 5), (u64::MAX, 6)]);
        for n in [0, 1, 2, 40, entries.len()] {
            let kind = Kind::new(entries[entries.len() - n..].to_vec());
            for key in entries
                .iter()
                .map(|entry| entry.0)
                .chain([0, 3, u64::MAX - 1])
            {
                let of_key = entries[entries.len() - n..]
                    .iter()
                    .filter(|entry| entry.0 == key);
                let mut wanted: Vec<u32> = of_key.map(|entry| entry.1).collect();
                wanted.sort_unstable();

                assert_eq!(kind.get(key), (&wanted[..], &[][..]), "{key} among {n}");
            }
        }
    }

    #[test]
    fn a_new_record_finds_whom_it_is_like_and_leaves_no_trace() {
        let mut index = index(400);

        let found = index
            .find(&["eduard", "mc3dd9son", "1911-02-02"], 0.0)
            .unwrap();
        let again = index
            .find(&["eduard", "mc3dd9son", "1911-02-02"], 0.0)
            .unwrap();

        assert_eq!(found, again);
        assert_eq!(index.n_records(), 400);
        assert!(found.iter().all(|found| found.probability > 0.5));
        let records: Vec<u32> = found.iter().map(|found| found.record).collect();
        assert!(
            index
                .find(&["nobody", "unheard", "1850-01-01"], 0.0)
                .unwrap()
                .is_empty(),
            "{records:?}"
        );
    }

    #[test]
    fn a_record_that_was_inserted_is_found_by_the_next() {
        let mut index = index(400);
        let new = ["wilhelmina", "zyskowska", "1977-07-07"];

        let (at, before) = index.insert(&new, 0.0).unwrap();
        let after = index
            .find(&["wilhelmina", "zyskowska", "1977-07-07"], -30.0)
            .unwrap();

        assert!(before.is_empty());
        assert_eq!(after[0].record, at);
        assert!(index.explain(at, at - 1).total < after[0].weight);
        assert!(index.find(&["wilhelmina"], 0.0).is_err());
    }
}
