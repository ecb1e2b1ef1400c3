//! Keys: what of a value two records may have in common.

use super::sound;
use crate::FieldKind;
use crate::hash;
use crate::records::{Column, MISSING, Records};
use crate::standardize::PersonalDate;

/// Rare words of a text that are keys.
const N_WORDS: usize = 4;
/// Quads of letters of a value that are keys.
const N_QUADS_MAX: usize = 16;

/// One kind of key of one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct View {
    pub(crate) field: usize,
    how: How,
    /// Whether its blocks, where too large, are split by other fields; a view that is a finer form of
    /// another one is not.
    pub(crate) is_split: bool,
    /// Only of use to split others: the value is too common to look up by.
    pub(crate) is_splitter: bool,
    is_name: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Whole,
    Sound,
    Start(usize),
    Words,
    WordSounds,
    Quads,
    Born,
    YearAndMonth,
    MonthAndDay,
    YearAndDay,
    FirstHalf,
    SecondHalf,
    Tail(usize),
    Alias,
}

/// The kinds of keys of all fields.
pub(crate) fn views(columns: &[Column], has_quads: bool) -> Vec<View> {
    let mut views = Vec::new();
    for (field, column) in columns.iter().enumerate() {
        let kind = column.field.kind;
        for &(how, is_split) in of_kind(kind) {
            if how == How::Quads && !has_quads {
                continue;
            }
            views.push(View {
                field,
                how,
                is_split,
                is_splitter: kind == FieldKind::Category,
                is_name: matches!(kind, FieldKind::GivenName | FieldKind::Surname),
            });
        }
    }
    views
}

const fn of_kind(kind: FieldKind) -> &'static [(How, bool)] {
    match kind {
        FieldKind::RecordKey => &[],
        FieldKind::GivenName => &[(How::Alias, false), (How::Sound, true), (How::Start(3), true)],
        FieldKind::Surname => &[
            (How::Whole, false),
            (How::Sound, true),
            (How::Start(3), true),
            (How::Quads, false),
        ],
        FieldKind::FullName => &[
            (How::Whole, false),
            (How::Words, true),
            (How::WordSounds, true),
            (How::Quads, false),
        ],
        FieldKind::Company => &[(How::Whole, false), (How::Words, true), (How::Quads, false)],
        FieldKind::Street | FieldKind::City | FieldKind::Text => {
            &[(How::Whole, false), (How::Words, true), (How::Start(5), true)]
        }
        FieldKind::BirthDate => &[
            (How::Born, true),
            (How::YearAndMonth, true),
            (How::MonthAndDay, true),
            (How::YearAndDay, true),
        ],
        FieldKind::Phone => &[(How::Whole, false), (How::Tail(7), true), (How::FirstHalf, false)],
        FieldKind::Email => &[
            (How::Whole, false),
            (How::Alias, true),
            (How::Start(5), true),
            (How::Quads, false),
        ],
        FieldKind::Id => &[(How::Whole, true), (How::FirstHalf, true), (How::SecondHalf, true)],
        FieldKind::Postcode => &[(How::Whole, true), (How::FirstHalf, true)],
        FieldKind::HouseNumber | FieldKind::Number | FieldKind::Category => &[(How::Whole, true)],
    }
}

impl View {
    /// Whether the order of two views' keys says nothing: given name and surname may be swapped.
    pub(crate) const fn is_exchangeable_with(&self, other: &Self) -> bool {
        self.is_name && other.is_name && matches!((self.how, other.how), (How::Sound, How::Sound))
    }

    /// Appends the keys of one value.
    fn push(&self, column: &Column, code: u32, keys: &mut Vec<u64>) {
        let (text, first) = (column.compared(code), keys.len());
        match self.how {
            How::Whole => keys.push(column.hashes[code as usize]),
            How::Alias => keys.push(column.aliases[code as usize]),
            How::Sound => push_key(keys, first, sound::code(text)),
            How::Start(n) => keys.extend(start(text, n)),
            How::Words => keys.extend(rare_words(column, code).map(|word| hash::text(column.tokens.word(word)))),
            How::WordSounds => {
                for word in rare_words(column, code) {
                    push_key(keys, first, sound::code(column.tokens.word(word)));
                }
            }
            How::Quads => quads(text, keys),
            How::FirstHalf | How::SecondHalf => keys.extend(half(text, self.how == How::FirstHalf)),
            How::Tail(n) => keys.extend(text.get(text.len().saturating_sub(n)..).map(hash::text)),
            How::Born | How::YearAndMonth | How::MonthAndDay | How::YearAndDay => {
                keys.extend(PersonalDate::from_digits(text).and_then(|date| self.of_date(date)));
            }
        }
    }

    fn of_date(&self, date: PersonalDate) -> Option<u64> {
        let (year, month, day) = (u64::from(date.year), u64::from(date.month), u64::from(date.day));
        let parts = match self.how {
            // A date with day and month swapped has the same key.
            How::Born => year << 16 | month.min(day) << 8 | month.max(day),
            How::YearAndMonth if month > 0 => year << 16 | month << 8,
            How::MonthAndDay if day > 0 => month.min(day) << 8 | month.max(day),
            How::YearAndDay if day > 0 => year << 16 | day,
            _ => return None,
        };
        Some(hash::mix(parts) | 1)
    }
}

/// Appends a key that the value, whose keys begin at `first`, does not have yet.
fn push_key(keys: &mut Vec<u64>, first: usize, code: u64) {
    if code != 0 {
        let key = hash::mix(code) | 1;
        if !keys[first..].contains(&key) {
            keys.push(key);
        }
    }
}

/// The first letters, blanks left out; none of a shorter text.
fn start(text: &str, n: usize) -> Option<u64> {
    let mut letters = text.chars().filter(|c| *c != ' ');
    let start: String = letters.by_ref().take(n).collect();
    (start.chars().count() == n).then(|| hash::text(&start))
}

fn half(text: &str, is_first: bool) -> Option<u64> {
    if !text.is_ascii() || text.len() < 4 {
        return None;
    }
    let (first, second) = text.split_at(text.len().div_ceil(2));
    Some(hash::text(if is_first { first } else { second }))
}

/// The words that the fewest values have, rarest first.
fn rare_words(column: &Column, code: u32) -> impl Iterator<Item = u32> {
    let mut words = column.tokens.of(code).to_vec();
    words.retain(|&word| column.tokens.word(word).chars().count() > 1);
    words.sort_by_key(|&word| (column.tokens.counts[word as usize], word));
    words.truncate(N_WORDS);
    words.into_iter()
}

/// Runs of four letters; of three, there are too few for rare ones among thousands of names.
fn quads(text: &str, keys: &mut Vec<u64>) {
    let first = keys.len();
    let letters: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    for quad in letters.windows(4).take(N_QUADS_MAX) {
        let key = quad.iter().fold(0, |key, &c| key << 16 ^ u64::from(c as u32));
        push_key(keys, first, key);
    }
}

/// The keys of every value of a view, looked up by code.
#[derive(Debug)]
pub(crate) struct Keys {
    ends: Vec<u32>,
    keys: Vec<u64>,
}

impl Keys {
    /// Of all values of the view's field.
    pub(crate) fn of(records: &Records, view: &View) -> Self {
        let column = &records.columns[view.field];
        let mut keys = Self {
            ends: Vec::with_capacity(column.n_values()),
            keys: Vec::with_capacity(column.n_values()),
        };
        for code in 0..column.n_values() {
            view.push(column, code as u32, &mut keys.keys);
            keys.ends.push(keys.keys.len() as u32);
        }
        keys
    }

    /// The keys of a code, none of a missing value.
    pub(crate) fn get(&self, code: u32) -> &[u64] {
        if code == MISSING {
            return &[];
        }
        let at = code as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.keys[start as usize..self.ends[at] as usize]
    }
}

/// The keys of one value; for a record that is looked up.
pub(crate) fn keys_of_value(records: &Records, view: &View, code: u32, keys: &mut Vec<u64>) {
    keys.clear();
    if code != MISSING {
        view.push(&records.columns[view.field], code, keys);
    }
}
