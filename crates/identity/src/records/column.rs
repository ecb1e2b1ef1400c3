//! One field's dictionary: distinct standard values, what is compared of each, and how often it stands.

use std::collections::hash_map::Entry;

use crate::compare::Sketch;
use crate::hash::{self, HashedMap};
use crate::standardize::{self, Style, canonical_given_name, romanized, romanized_address};
use crate::{Field, FieldKind};

/// The code of no value.
pub(crate) const MISSING: u32 = u32::MAX;

/// Distinct values of a field. All lists have an entry per value.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) field: Field,
    style: Style,
    codes: HashedMap<u64, u32>,
    /// Standard forms, one after the other.
    standards: Pool,
    /// What is compared: the standard form, or what it sounds like.
    compared: Pool,
    /// Hashes of what is compared, to find a name in another field.
    pub(crate) hashes: Vec<u64>,
    /// Hashes of full forms of given names, of local parts of addresses, else of what is compared.
    pub(crate) aliases: Vec<u64>,
    /// Which letters and digits there are, a bit each.
    pub(crate) masks: Vec<u64>,
    /// What two values can be at best follows from these.
    pub(crate) sketches: Vec<Sketch>,
    /// Records that have it.
    pub(crate) counts: Vec<u32>,
    /// Words of values that consist of words, numbered over the whole column.
    pub(crate) tokens: Tokens,
    n_filled: u64,
}

/// The words of each value.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tokens {
    known: HashedMap<u64, u32>,
    ends: Vec<u32>,
    of_values: Vec<u32>,
    words: Pool,
    /// Values that have the word.
    pub(crate) counts: Vec<u32>,
}

impl Tokens {
    /// Words of one value, each once, in the order of first standing.
    pub(crate) fn of(&self, code: u32) -> &[u32] {
        let at = code as usize;
        let Some(&end) = self.ends.get(at) else {
            return &[];
        };
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.of_values[start as usize..end as usize]
    }

    pub(crate) fn word(&self, token: u32) -> &str {
        self.words.get(token)
    }

    fn add(&mut self, text: &str) {
        let start = self.of_values.len();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let next = u32::try_from(self.counts.len()).unwrap_or(MISSING);
            let token = *self.known.entry(hash::text(word)).or_insert(next);
            if token == next {
                self.words.push(word);
                self.counts.push(0);
            }
            if !self.of_values[start..].contains(&token) {
                self.of_values.push(token);
                self.counts[token as usize] += 1;
            }
        }
        self.ends
            .push(u32::try_from(self.of_values.len()).unwrap_or(u32::MAX));
    }
}

/// Texts one after the other.
#[derive(Debug, Clone, Default)]
struct Pool {
    text: String,
    ends: Vec<usize>,
}

impl Pool {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }

    fn get(&self, at: u32) -> &str {
        let at = at as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start..self.ends[at]]
    }
}

/// A column that is being read.
#[derive(Debug)]
pub(crate) struct ColumnBuilder(Column);

impl ColumnBuilder {
    pub(crate) fn new(field: Field, style: Style) -> Self {
        Self(Column {
            field,
            style,
            codes: HashedMap::default(),
            standards: Pool::default(),
            compared: Pool::default(),
            hashes: Vec::new(),
            aliases: Vec::new(),
            masks: Vec::new(),
            sketches: Vec::new(),
            counts: Vec::new(),
            tokens: Tokens::default(),
            n_filled: 0,
        })
    }

    /// The code of a raw value, which is counted.
    pub(crate) fn add(&mut self, raw: &str) -> u32 {
        self.0.add(raw)
    }

    pub(crate) fn finish(self) -> Column {
        self.0
    }
}

impl Column {
    pub(crate) fn n_values(&self) -> usize {
        self.counts.len()
    }

    pub(crate) fn n_filled(&self) -> u64 {
        self.n_filled
    }

    /// A value's standard form.
    pub(crate) fn standard(&self, code: u32) -> &str {
        self.standards.get(code)
    }

    /// What is compared of a value.
    pub(crate) fn compared(&self, code: u32) -> &str {
        self.compared.get(code)
    }

    /// A value at a glance; anything for a missing one.
    pub(crate) fn sketch(&self, code: u32) -> Sketch {
        let known = self.sketches.get(code as usize);
        known.copied().unwrap_or_default()
    }

    pub(crate) fn add(&mut self, raw: &str) -> u32 {
        let Some(standard) = standardize::standardize(self.field.kind, raw, self.style) else {
            return MISSING;
        };
        self.n_filled += 1;
        let next = u32::try_from(self.counts.len()).unwrap_or(MISSING);
        match self.codes.entry(hash::text(&standard)) {
            Entry::Occupied(known) => {
                let code = *known.get();
                self.counts[code as usize] += 1;
                return code;
            }
            Entry::Vacant(place) => place.insert(next),
        };
        self.remember(&standard);
        next
    }

    /// One record less that has the value.
    pub(crate) fn forget(&mut self, code: u32) {
        if code != MISSING {
            self.counts[code as usize] -= 1;
            self.n_filled -= 1;
        }
    }

    fn remember(&mut self, standard: &str) {
        let latin = match self.field.kind {
            FieldKind::GivenName | FieldKind::Surname | FieldKind::FullName => romanized(standard),
            FieldKind::Street | FieldKind::City => romanized_address(standard),
            _ => None,
        };
        let compared = latin.as_deref().unwrap_or(standard);
        self.standards.push(standard);
        self.compared.push(compared);
        let hash = hash::text(compared);
        self.hashes.push(hash);
        let alias = match self.field.kind {
            FieldKind::GivenName => hash::text(canonical_given_name(compared)),
            FieldKind::Email => hash::text(
                compared
                    .split_once('@')
                    .map_or(compared, |(local, _)| local),
            ),
            _ => hash,
        };
        self.aliases.push(alias);
        let sketch = Sketch::of(self.field.kind, compared, hash, alias);
        self.sketches.push(sketch);
        self.masks.push(letters(compared));
        self.counts.push(1);
        if has_words(self.field.kind) {
            self.tokens.add(compared);
        }
    }
}

/// Kinds that are compared word by word.
pub(crate) const fn has_words(kind: FieldKind) -> bool {
    matches!(
        kind,
        FieldKind::FullName
            | FieldKind::Company
            | FieldKind::Street
            | FieldKind::City
            | FieldKind::Text
    )
}

/// A bit for each of 26 letters and 10 digits, and one of 28 for everything else.
fn letters(text: &str) -> u64 {
    text.chars().fold(0, |mask, c| {
        let bit = match c {
            'a'..='z' => c as u32 - 'a' as u32,
            '0'..='9' => 26 + c as u32 - '0' as u32,
            ' ' => return mask,
            other => 36 + other as u32 % 28,
        };
        mask | 1 << bit
    })
}
