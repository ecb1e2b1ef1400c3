//! Decisions on pairs: what is learned from, and what is refused.

use rapport_learn::split::{Split, k_fold_stratified_by_group};
use serde::{Deserialize, Serialize};

use crate::{IdentityError, RawColumn, hash};

/// Pairs of either kind that a comparer needs at least: two for each of five folds.
pub(super) const N_NEEDED: usize = 10;

/// What a reviewer said about two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LabelledPair {
    /// The first record's position.
    pub left: u32,
    /// The second record's position. Where two sources are compared, all second records should be of the
    /// same one.
    pub right: u32,
    /// Whether they are the same.
    pub is_match: bool,
}

/// Decisions that can be learned from.
#[derive(Debug)]
pub(super) struct Decisions {
    pub(super) pairs: Vec<(u32, u32)>,
    pub(super) outcomes: Vec<bool>,
    /// `(n_pairs,)`: pairs whose texts are the same have one number.
    groups: Vec<u64>,
}

impl Decisions {
    /// The records of the pairs, and what was decided. Refuses pairs of records that do not exist, and too few
    /// of either kind.
    pub(super) fn new<'t>(
        raw: &[RawColumn<'t>],
        labelled: &[LabelledPair],
    ) -> Result<(Vec<RawColumn<'t>>, Self), IdentityError> {
        let pairs: Vec<(u32, u32)> = labelled
            .iter()
            .map(|pair| (pair.left, pair.right))
            .collect();
        require_records(raw, &pairs)?;
        let (raw, pairs) = only(raw, &pairs);
        let groups: Vec<u64> = pairs
            .iter()
            .map(|&(left, right)| text_of(&raw, left, right))
            .collect();
        let outcomes: Vec<bool> = labelled.iter().map(|pair| pair.is_match).collect();
        let n_different_texts = |is_match: bool| {
            let of_kind = groups
                .iter()
                .zip(&outcomes)
                .filter(|(_, outcome)| **outcome == is_match);
            let mut texts: Vec<u64> = of_kind.map(|(&group, _)| group).collect();
            texts.sort_unstable();
            texts.dedup();
            texts.len()
        };
        let (n_same, n_different) = (n_different_texts(true), n_different_texts(false));
        if n_same < N_NEEDED || n_different < N_NEEDED {
            return Err(IdentityError::TooFewDecisions {
                n_same,
                n_different,
                needed: N_NEEDED,
            });
        }
        let decisions = Self {
            pairs,
            outcomes,
            groups,
        };
        Ok((raw, decisions))
    }

    /// Every record of the pairs, once.
    pub(super) fn records(&self) -> Vec<u32> {
        distinct(self.pairs.iter().flat_map(|&(a, b)| [a, b]))
    }

    /// The records of the left and of the right sides; all of them for both where a record stands on either,
    /// since then there is one source and sides mean nothing.
    pub(super) fn sides(&self) -> [Vec<u32>; 2] {
        let left = distinct(self.pairs.iter().map(|pair| pair.0));
        let right = distinct(self.pairs.iter().map(|pair| pair.1));
        if left.iter().any(|row| right.binary_search(row).is_ok()) {
            return [self.records(), self.records()];
        }
        [left, right]
    }

    /// Folds with as many matches each; pairs of the same texts are in one fold, so that no fold is tested
    /// on what it has seen.
    pub(super) fn folds(&self, n_folds: usize, seed: u64) -> Result<Vec<Split>, IdentityError> {
        let strata: Vec<u64> = self
            .outcomes
            .iter()
            .map(|&outcome| u64::from(outcome))
            .collect();
        Ok(k_fold_stratified_by_group(
            &self.groups,
            &strata,
            n_folds,
            seed,
        )?)
    }
}

/// Refuses pairs that name records which do not exist, or one record twice.
pub(super) fn require_records(
    raw: &[RawColumn<'_>],
    pairs: &[(u32, u32)],
) -> Result<(), IdentityError> {
    let n_records = raw.first().map_or(0, |column| column.values.len());
    for column in raw {
        if column.values.len() != n_records {
            return Err(IdentityError::Ragged {
                column: column.field.name.clone(),
                found: column.values.len(),
                expected: n_records,
            });
        }
    }
    let is_bad =
        |&(left, right): &(u32, u32)| left == right || left.max(right) as usize >= n_records;
    match pairs.iter().position(is_bad) {
        None => Ok(()),
        Some(pair) => Err(IdentityError::Pair {
            pair,
            left: pairs[pair].0,
            right: pairs[pair].1,
            n_records,
        }),
    }
}

/// A hash of the values of both records, whichever comes first.
fn text_of(raw: &[RawColumn<'_>], left: u32, right: u32) -> u64 {
    let of_record = |row: u32| {
        raw.iter().fold(1, |key, column| {
            hash::pair(key, hash::text(column.values[row as usize]))
        })
    };
    let (a, b) = (of_record(left), of_record(right));
    hash::pair(a.min(b), a.max(b))
}

/// Different positions, ascending.
pub(super) fn distinct(positions: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut positions: Vec<u32> = positions.collect();
    positions.sort_unstable();
    positions.dedup();
    positions
}

/// The records of some pairs alone, and the pairs by their positions among them: what nobody asks for is not
/// taken apart.
pub(super) fn only<'t>(
    raw: &[RawColumn<'t>],
    pairs: &[(u32, u32)],
) -> (Vec<RawColumn<'t>>, Vec<(u32, u32)>) {
    let rows = distinct(pairs.iter().flat_map(|&(left, right)| [left, right]));
    let position = |row: u32| rows.binary_search(&row).unwrap_or_default() as u32;
    let columns = raw.iter().map(|column| RawColumn {
        field: column.field.clone(),
        values: rows
            .iter()
            .map(|&row| column.values[row as usize])
            .collect(),
    });
    let pairs = pairs
        .iter()
        .map(|&(left, right)| (position(left), position(right)));
    (columns.collect(), pairs.collect())
}
