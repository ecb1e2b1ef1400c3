//! What is known of a value at a glance: a word per value, from which follows what two values can be at
//! best, without a look at their texts.
//!
//! Of numbers the word holds all digits, so that it tells how alike they are. Of texts it holds which
//! letters there are, how many and the first one: letters that the other text lacks must have been put in,
//! and no likeness exceeds what the others allow.

use super::level::Level;
use super::strings::alignment;
use crate::FieldKind;
use crate::standardize::PersonalDate;

/// A value at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sketch(u64);

/// Signs of a number that fit.
const N_DIGITS: usize = 14;
const IS_DIGITS: u64 = 1 << 63;
/// A text of one word; an address with one `@`.
const IS_PLAIN: u64 = 1 << 62;
const LETTERS: u64 = (1 << 40) - 1;
/// Letters beyond `a` to `z` and `0` to `9`, in a few bits together.
const OTHER_LETTERS: u64 = 0xF << 36;
/// Texts as long, or longer.
const N_LETTERS_MAX: usize = 63;
const ALIAS: u64 = 0x3F << 46;

impl Sketch {
    /// Of what is compared of a value, with the hashes of it and of its alias.
    pub(crate) fn of(kind: FieldKind, text: &str, hash: u64, alias: u64) -> Self {
        if has_digits(kind)
            && let Some(digits) = Self::of_digits(text)
        {
            return digits;
        }
        let (looked_at, is_plain) = match kind {
            FieldKind::Email => {
                let local = text.split('@').next().unwrap_or(text);
                (local, text.matches('@').count() == 1)
            }
            _ => (text, !text.contains(' ')),
        };
        let mut letters = 0;
        for c in looked_at.chars() {
            letters |= 1
                << match c {
                    'a'..='z' => c as u32 - 'a' as u32,
                    '0'..='9' => 26 + c as u32 - '0' as u32,
                    ' ' => continue,
                    other => 36 + other as u32 % 4,
                };
        }
        let n = looked_at.chars().count().min(N_LETTERS_MAX) as u64;
        let first = looked_at
            .chars()
            .next()
            .map_or(0, |c| u64::from(c as u32) & 0x1F);
        // The lowest bit of a hash is always set.
        let (alias, hash) = (alias >> 1 & 0x3F, hash >> 1 & 0x1F);
        let word = letters | n << 40 | alias << 46 | first << 52 | hash << 57;
        Self(if is_plain { word | IS_PLAIN } else { word })
    }

    fn of_digits(text: &str) -> Option<Self> {
        if text.len() > N_DIGITS || text.is_empty() {
            return None;
        }
        let mut word = IS_DIGITS | (text.len() as u64) << 56;
        for (at, byte) in text.bytes().enumerate() {
            let sign = match byte {
                b'0'..=b'9' => u64::from(byte - b'0'),
                b'+' => 10,
                _ => return None,
            };
            word |= sign << (4 * at);
        }
        Some(Self(word))
    }

    /// The signs of a number.
    pub(crate) const fn digits(self) -> Option<Digits> {
        if self.0 & IS_DIGITS == 0 {
            return None;
        }
        Some(Digits {
            signs: self.0 & ((1 << 56) - 1),
            n: (self.0 >> 56 & 0xF) as usize,
        })
    }

    const fn letters(self) -> u64 {
        self.0 & LETTERS
    }

    const fn n_letters(self) -> usize {
        (self.0 >> 40 & 0x3F) as usize
    }

    const fn is_plain(self) -> bool {
        self.0 & IS_PLAIN != 0
    }

    const fn has_one_alias(self, other: Self) -> bool {
        (self.0 ^ other.0) & ALIAS == 0
    }

    const fn begins_like(self, other: Self) -> bool {
        (self.0 ^ other.0) >> 52 & 0x1F == 0
    }

    /// Whether two values, of one field or of two, may be one text.
    pub(crate) const fn may_be(self, other: Self) -> bool {
        (self.0 ^ other.0) & !(ALIAS | IS_PLAIN) == 0
    }

    /// Letters of this that the other lacks, each counted once.
    const fn n_lacking(self, other: Self) -> usize {
        (self.letters() & !other.letters()).count_ones() as usize
    }

    /// Edits that there are at least.
    fn edits_least(self, other: Self) -> usize {
        let longer = self.n_letters().abs_diff(other.n_letters());
        longer.max(self.n_lacking(other)).max(other.n_lacking(self))
    }

    /// Jaro and Winkler's similarity at most.
    fn similarity_most(self, other: Self) -> f64 {
        let (n, n_other) = (self.n_letters(), other.n_letters());
        if n == N_LETTERS_MAX || n_other == N_LETTERS_MAX {
            return 1.0;
        }
        let shared = (n.saturating_sub(self.n_lacking(other)))
            .min(n_other.saturating_sub(other.n_lacking(self)));
        if shared == 0 {
            return 0.0;
        }
        let shared = shared as f64;
        let jaro = (shared / n as f64 + shared / n_other as f64 + 1.0) / 3.0;
        let bonus = if self.begins_like(other) { 0.4 } else { 0.0 };
        jaro + bonus * (1.0 - jaro) + 1e-9
    }
}

/// Kinds whose values are numbers more often than not.
const fn has_digits(kind: FieldKind) -> bool {
    matches!(
        kind,
        FieldKind::BirthDate
            | FieldKind::Phone
            | FieldKind::Id
            | FieldKind::Postcode
            | FieldKind::HouseNumber
    )
}

/// The signs of a number, four bits each, the first lowest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Digits {
    signs: u64,
    pub(crate) n: usize,
}

impl Digits {
    fn sign(self, at: usize) -> usize {
        (self.signs >> (4 * at) & 0xF) as usize
    }

    fn number(self, range: std::ops::Range<usize>) -> u16 {
        range.fold(0, |number, at| number * 10 + self.sign(at) as u16)
    }

    /// Edits from one number to another.
    pub(crate) fn edits(self, other: Self) -> usize {
        let mut places = [0_u64; 16];
        for at in 0..self.n {
            places[self.sign(at)] |= 1 << at;
        }
        alignment(self.n, (0..other.n).map(|at| places[other.sign(at)]))
    }

    /// Whether the first signs are the same.
    pub(crate) const fn begins_like(self, other: Self, n: usize) -> bool {
        self.n >= n && other.n >= n && (self.signs ^ other.signs) & ((1 << (4 * n)) - 1) == 0
    }

    /// Year, month and day of eight digits.
    pub(crate) fn date(self) -> Option<PersonalDate> {
        (self.n == 8).then(|| PersonalDate {
            year: self.number(0..4),
            month: self.number(4..6) as u8,
            day: self.number(6..8) as u8,
        })
    }
}

/// A set of levels, a bit each.
pub(crate) type Levels = u8;

const fn bit(level: u8) -> Levels {
    1 << level
}

/// Every level of two values that are not the same and in their own fields.
const OWN: Levels = !(bit(Level::MISSING) | bit(Level::SAME) | bit(Level::SWAPPED));
/// Those of values with nothing in common.
const NONE: Levels = bit(Level::DIFFERENT);
pub(crate) const SWAPPED: Levels = bit(Level::SWAPPED);

/// Levels that two different values of a kind can have at all, given names for surnames left out.
const fn of_kind(kind: FieldKind) -> Levels {
    match kind {
        FieldKind::Email => OWN & !bit(Level::FAR) | SWAPPED,
        FieldKind::FullName
        | FieldKind::Company
        | FieldKind::Street
        | FieldKind::City
        | FieldKind::Text => OWN | SWAPPED,
        FieldKind::BirthDate => OWN,
        FieldKind::Category | FieldKind::RecordKey => NONE,
        _ => OWN & !bit(Level::FAR),
    }
}

/// Levels that two different values can have.
pub(crate) fn possible(kind: FieldKind, a: Sketch, b: Sketch) -> Levels {
    match kind {
        FieldKind::GivenName | FieldKind::Surname => of_names(a, b),
        FieldKind::Email => of_emails(a, b),
        FieldKind::BirthDate => bit(dates(a, b)),
        FieldKind::Phone | FieldKind::Id | FieldKind::Postcode | FieldKind::HouseNumber => {
            match (a.digits(), b.digits()) {
                (Some(a), Some(b)) => bit(codes(a, b)),
                (None, None) => of_codes(a, b),
                _ => of_kind(kind),
            }
        }
        FieldKind::FullName
        | FieldKind::Company
        | FieldKind::Street
        | FieldKind::City
        | FieldKind::Text => of_words(a, b),
        FieldKind::Number | FieldKind::Category | FieldKind::RecordKey => of_kind(kind),
    }
}

/// The levels of a similarity at most so great, by the least ones of close, alike and remote values.
fn by_similarity(most: f64, least: [f64; 3]) -> Levels {
    let levels = [Level::CLOSE, Level::ALIKE, Level::REMOTE];
    let reached = levels.iter().zip(least).filter(|&(_, least)| most >= least);
    reached.fold(NONE, |levels, (&level, _)| levels | bit(level))
}

fn of_names(a: Sketch, b: Sketch) -> Levels {
    let (is_alias, may_be_one) = (a.has_one_alias(b), a.may_be(b));
    let common = (a.letters() & b.letters()).count_ones();
    let (in_a, in_b) = (a.letters().count_ones(), b.letters().count_ones());
    let is_latin = (a.letters() | b.letters()) & OTHER_LETTERS == 0;
    let may_be_part = common == in_a.min(in_b);
    if is_latin && !is_alias && !may_be_one && !may_be_part && 2 * common < in_a.max(in_b) {
        return NONE;
    }
    let mut levels = by_similarity(a.similarity_most(b), [0.92, 0.86, 0.75]);
    if may_be_one {
        levels |= bit(Level::CLOSE);
    }
    if is_alias || may_be_part {
        levels |= bit(Level::ALIKE);
    }
    levels
}

fn of_emails(a: Sketch, b: Sketch) -> Levels {
    if !a.is_plain() || !b.is_plain() {
        return of_kind(FieldKind::Email);
    }
    let mut levels = by_similarity(a.similarity_most(b), [0.95, 0.88, 0.78]);
    // One edit of the whole address is at most one of what stands before the `@`.
    if a.edits_least(b) <= 1 {
        levels |= bit(Level::CLOSE);
    }
    if a.has_one_alias(b) {
        levels |= SWAPPED;
    }
    levels
}

fn of_codes(a: Sketch, b: Sketch) -> Levels {
    let mut levels = NONE;
    let least = a.edits_least(b);
    if least <= 1 {
        levels |= bit(Level::CLOSE);
    }
    if least <= 2 {
        levels |= bit(Level::ALIKE);
    }
    if a.begins_like(b) {
        levels |= bit(Level::REMOTE);
    }
    levels
}

fn of_words(a: Sketch, b: Sketch) -> Levels {
    if a.letters() & b.letters() == 0 {
        return NONE;
    }
    let is_long = a.n_letters().max(b.n_letters()) == N_LETTERS_MAX;
    let mut levels = OWN;
    if !is_long && a.is_plain() && b.is_plain() {
        // A word is shared where it is spelled alike.
        let (most, least) = (a.similarity_most(b), a.edits_least(b));
        let is_shared = most >= super::words::SAME_WORD;
        levels = NONE;
        if is_shared {
            levels = OWN;
        }
        if least <= 1 {
            levels |= bit(Level::CLOSE);
        }
        if least <= 2 {
            levels |= bit(Level::ALIKE);
        }
        if most >= 0.88 {
            levels |= bit(Level::REMOTE);
        }
    }
    if is_long || a.letters() == b.letters() {
        levels |= SWAPPED;
    }
    levels
}

/// Dates: one digit, swapped parts, parts in common.
pub(super) fn dates(a: Sketch, b: Sketch) -> u8 {
    let (Some(a), Some(b)) = (a.digits(), b.digits()) else {
        return Level::DIFFERENT;
    };
    let (Some(x), Some(y)) = (a.date(), b.date()) else {
        return Level::DIFFERENT;
    };
    let is_swapped = x.year == y.year && x.month == y.day && x.day == y.month;
    let n_edits = a.edits(b);
    if is_swapped || n_edits == 1 {
        return Level::CLOSE;
    }
    let n_parts =
        u8::from(x.year == y.year) + u8::from(x.month == y.month) + u8::from(x.day == y.day);
    let days_apart = (x.days() - y.days()).abs();
    if n_parts == 2 || n_edits == 2 {
        Level::ALIKE
    } else if days_apart <= 366.0 * 1.5 || x.year == y.year {
        Level::REMOTE
    } else if days_apart <= 366.0 * 10.0 {
        Level::FAR
    } else {
        Level::DIFFERENT
    }
}

/// Numbers of people and things: edits of a keyboard, and how they begin.
pub(super) fn codes(a: Digits, b: Digits) -> u8 {
    let longer = a.n.max(b.n);
    if longer <= 2 {
        return Level::DIFFERENT;
    }
    match a.edits(b) {
        1 => Level::CLOSE,
        2 if longer >= 5 => Level::ALIKE,
        _ if longer >= 4 && a.begins_like(b, longer.div_ceil(2)) => Level::REMOTE,
        _ => Level::DIFFERENT,
    }
}
