//! How alike two records are: per field a level, from the same to nothing in common.
//!
//! Levels, not numbers, because what an agreement is worth is estimated per level from the data
//! ([`fellegi_sunter`](crate::fellegi_sunter)), and because a pair's levels fit into one word, so that
//! millions of pairs are a few thousand patterns.

mod level;
mod sketch;
mod strings;
mod words;

pub use level::{Level, N_LEVELS};
pub(crate) use sketch::{Levels, SWAPPED, Sketch, possible};
pub(crate) use strings::{edit_similarity, jaro_winkler};

use crate::FieldKind;
use crate::hash;
use crate::records::{Column, MISSING, Records};

/// The levels of all fields of a pair, three bits each, the first field lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Pattern(pub(crate) u64);

impl Pattern {
    pub(crate) const fn level(self, field: usize) -> u8 {
        (self.0 >> (3 * field) & 7) as u8
    }
}

/// Remembers how alike two values are; common names meet again and again.
#[derive(Debug)]
pub(crate) struct Memory(Vec<(u64, u8)>);

/// Places in the memory; a power of two that stays in the processor's second cache.
const N_PLACES: usize = 1 << 15;

impl Memory {
    pub(crate) fn new() -> Self {
        Self(vec![(0, 0); N_PLACES])
    }

    /// One that forgets at once, for a pair here and there.
    pub(crate) fn of_one() -> Self {
        Self(vec![(0, 0)])
    }
}

/// Compares pairs of records.
#[derive(Debug)]
pub(crate) struct Comparer<'r> {
    records: &'r Records,
    /// For a given name the surname's field and the other way around.
    partners: Vec<Option<usize>>,
    /// Weights of words per field that has words.
    word_weights: Vec<Vec<f32>>,
}

impl<'r> Comparer<'r> {
    pub(crate) fn new(records: &'r Records) -> Self {
        Self::with_word_weights(
            records,
            records.columns.iter().map(words::weights).collect(),
        )
    }

    /// With weights of words that are known; a word that is newer has the weight of a rare one.
    pub(crate) fn with_word_weights(records: &'r Records, word_weights: Vec<Vec<f32>>) -> Self {
        let find = |kind| {
            records
                .columns
                .iter()
                .position(|column| column.field.kind == kind)
        };
        let (given, surname) = (find(FieldKind::GivenName), find(FieldKind::Surname));
        let partner = |(idx, _): (usize, &Column)| match (given, surname) {
            (Some(given), Some(surname)) if idx == given => Some(surname),
            (Some(given), Some(surname)) if idx == surname => Some(given),
            _ => None,
        };
        Self {
            records,
            partners: records.columns.iter().enumerate().map(partner).collect(),
            word_weights,
        }
    }

    pub(crate) fn into_word_weights(self) -> Vec<Vec<f32>> {
        self.word_weights
    }

    /// The levels of a pair.
    pub(crate) fn pattern(&self, left: u32, right: u32, memory: &mut Memory) -> Pattern {
        let (left, right) = (
            self.records.row(left as usize),
            self.records.row(right as usize),
        );
        let fields = 0..self.records.columns.len();
        let bits = fields.fold(0, |bits, field| {
            bits | u64::from(self.level(field, left, right, memory)) << (3 * field)
        });
        Pattern(bits)
    }

    /// For a given name the surname's field and the other way around.
    pub(crate) fn partner(&self, field: usize) -> Option<usize> {
        self.partners[field]
    }

    /// The level of one field of two rows.
    pub(crate) fn level(
        &self,
        field: usize,
        left: &[u32],
        right: &[u32],
        memory: &mut Memory,
    ) -> u8 {
        let (a, b) = (left[field], right[field]);
        if a == MISSING || b == MISSING {
            return Level::MISSING;
        }
        if a == b {
            return Level::SAME;
        }
        if let Some(partner) = self.partners[field]
            && self.is_swapped(field, partner, left, right)
        {
            return Level::SWAPPED;
        }
        let (low, high) = (a.min(b), a.max(b));
        if !is_worth_remembering(self.records.columns[field].field.kind) {
            return self.differing(field, low, high);
        }
        let key = u64::from(high) << 32 | u64::from(low);
        let at = hash::mix(key ^ (field as u64) << 59) as usize % memory.0.len();
        let place = &mut memory.0[at];
        // A pair of different codes is never 0; the field takes the top bits, which codes leave free.
        let key = key | (field as u64 + 1) << 59;
        if place.0 != key || high >> 27 != 0 {
            *place = (key, self.differing(field, low, high));
        }
        place.1
    }

    /// Given name and surname stand in each other's place in one of the two.
    fn is_swapped(&self, field: usize, partner: usize, left: &[u32], right: &[u32]) -> bool {
        let hash_of = |field: usize, row: &[u32]| match row[field] {
            MISSING => None,
            code => Some(self.records.columns[field].hashes[code as usize]),
        };
        let crossed = hash_of(field, left) == hash_of(partner, right);
        let crossed_back = hash_of(partner, left) == hash_of(field, right);
        // One of the two may be blank in one of the records.
        match (left[partner] == MISSING, right[partner] == MISSING) {
            (false, false) => crossed && crossed_back,
            (true, false) => crossed,
            (false, true) => crossed_back,
            (true, true) => false,
        }
    }

    /// The level of two values that are not the same.
    fn differing(&self, field: usize, a: u32, b: u32) -> u8 {
        let column = &self.records.columns[field];
        match column.field.kind {
            FieldKind::GivenName | FieldKind::Surname => names(column, a, b),
            FieldKind::FullName
            | FieldKind::Company
            | FieldKind::Street
            | FieldKind::City
            | FieldKind::Text => words::level(column, &self.word_weights[field], a, b),
            FieldKind::BirthDate => {
                sketch::dates(column.sketches[a as usize], column.sketches[b as usize])
            }
            FieldKind::Email => emails(column, a, b),
            FieldKind::Phone | FieldKind::Id | FieldKind::Postcode | FieldKind::HouseNumber => {
                codes(column, a, b)
            }
            FieldKind::Number => numbers(column.compared(a), column.compared(b)),
            FieldKind::Category | FieldKind::RecordKey => Level::DIFFERENT,
        }
    }
}

/// Whether the same two values meet again and again, and take longer to compare than to look up.
const fn is_worth_remembering(kind: FieldKind) -> bool {
    !matches!(
        kind,
        FieldKind::BirthDate
            | FieldKind::Phone
            | FieldKind::Id
            | FieldKind::Postcode
            | FieldKind::HouseNumber
            | FieldKind::Email
            | FieldKind::Category
    )
}

/// Parts of names: sound, nickname, spelling, initials.
fn names(column: &Column, a: u32, b: u32) -> u8 {
    let (at_a, at_b) = (a as usize, b as usize);
    if column.hashes[at_a] == column.hashes[at_b] {
        return Level::CLOSE;
    }
    let is_alias = column.aliases[at_a] == column.aliases[at_b];
    // Names with few letters in common are not alike, and most pairs are such.
    if !is_alias && !may_be_alike(column.masks[at_a], column.masks[at_b]) {
        return Level::DIFFERENT;
    }
    let (a, b) = (column.compared(a), column.compared(b));
    let similarity = strings::jaro_winkler(a, b);
    if similarity >= 0.92 {
        Level::CLOSE
    } else if is_alias || similarity >= 0.86 || is_part(a, b) {
        Level::ALIKE
    } else if similarity >= 0.75 {
        Level::REMOTE
    } else {
        Level::DIFFERENT
    }
}

/// Whether half of the letters of the value with more of them stand in the other too, or all of the
/// shorter one (an initial).
const fn may_be_alike(a: u64, b: u64) -> bool {
    let common = (a & b).count_ones();
    let (in_a, in_b) = (a.count_ones(), b.count_ones());
    let (fewer, more) = if in_a < in_b {
        (in_a, in_b)
    } else {
        (in_b, in_a)
    };
    2 * common >= more || common == fewer
}

/// An initial, or one of two given names.
fn is_part(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    if short.chars().count() == 1 {
        return long.starts_with(short);
    }
    long.split(' ').any(|word| word == short)
}

fn emails(column: &Column, a: u32, b: u32) -> u8 {
    if column.aliases[a as usize] == column.aliases[b as usize] {
        return Level::SWAPPED;
    }
    let (a, b) = (column.compared(a), column.compared(b));
    let local = |address: &str| {
        address
            .split_once('@')
            .map_or(address.len(), |(local, _)| local.len())
    };
    let (local_a, local_b) = (&a[..local(a)], &b[..local(b)]);
    let similarity = strings::jaro_winkler(local_a, local_b);
    if similarity >= 0.95 || strings::edits(a, b, 1) == 1 {
        Level::CLOSE
    } else if similarity >= 0.88 {
        Level::ALIKE
    } else if similarity >= 0.78 {
        Level::REMOTE
    } else {
        Level::DIFFERENT
    }
}

/// Codes: edits of a keyboard, and how they begin.
fn codes(column: &Column, a: u32, b: u32) -> u8 {
    let sketches = (column.sketches[a as usize], column.sketches[b as usize]);
    if let (Some(a), Some(b)) = (sketches.0.digits(), sketches.1.digits()) {
        return sketch::codes(a, b);
    }
    let common = (column.masks[a as usize] & column.masks[b as usize]).count_ones();
    let (a, b) = (column.compared(a), column.compared(b));
    let longer = a.len().max(b.len());
    if longer <= 2 {
        return Level::DIFFERENT;
    }
    let n_edits = if common == 0 {
        3
    } else {
        strings::edits(a, b, 2)
    };
    if n_edits == 1 {
        Level::CLOSE
    } else if n_edits == 2 && longer >= 5 {
        Level::ALIKE
    } else if longer >= 4 && begins_alike(a, b, longer.div_ceil(2)) {
        Level::REMOTE
    } else {
        Level::DIFFERENT
    }
}

fn begins_alike(a: &str, b: &str, n_bytes: usize) -> bool {
    a.len() >= n_bytes && b.len() >= n_bytes && a.as_bytes()[..n_bytes] == b.as_bytes()[..n_bytes]
}

fn numbers(a: &str, b: &str) -> u8 {
    let (Ok(a), Ok(b)) = (a.parse::<f64>(), b.parse::<f64>()) else {
        return Level::DIFFERENT;
    };
    let apart = (a - b).abs() / a.abs().max(b.abs()).max(f64::MIN_POSITIVE);
    match apart {
        _ if apart <= 0.01 => Level::CLOSE,
        _ if apart <= 0.1 => Level::ALIKE,
        _ if apart <= 0.3 => Level::REMOTE,
        _ => Level::DIFFERENT,
    }
}

#[cfg(test)]
mod tests;
