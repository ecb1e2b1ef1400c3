//! Text as counts of words and of letter sequences, in columns found by hashing.

use serde::{Deserialize, Serialize};

use crate::random::fnv1a;
use crate::{Check, Context, LearnError, SparseMatrix, map_parts};

/// Texts that one thread hashes at a time.
const PART: usize = 256;
/// Widest table: columns are stored as 32 bits, and one of these already takes half a gigabyte of
/// coefficients.
const MAX_BITS: u32 = 26;

/// Shortest and longest sequence that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NGrams {
    /// Least length, at least 1.
    pub min: usize,
    /// Greatest length.
    pub max: usize,
}

/// Turns texts into sparse rows of counts; there is nothing to fit and nothing to keep.
///
/// Each n-gram's hash gives its column. Half of them count negative, again by the hash: what
/// meets in one column by chance then cancels on average and adds no bias to products of rows
/// (Weinberger et al.).
///
/// Letter sequences run over words joined by one blank, with a blank at both ends, so that they
/// see where words begin. They serve languages that put no blanks between words, and survive
/// slips of the pen.
///
/// # Source
/// Weinberger, Dasgupta, Langford, Smola & Attenberg (2009), "Feature Hashing for Large Scale
/// Multitask Learning".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextHasherParams {
    /// The table has two to the power of this columns, 1 to 26; 18 by default.
    pub n_bits: u32,
    /// Sequences of words; 1 to 2 by default.
    pub words: Option<NGrams>,
    /// Sequences of characters; 2 to 5 by default.
    pub chars: Option<NGrams>,
    /// Whether large letters count as small ones; true by default.
    pub lowercase: bool,
    /// Whether half of the n-grams count negative; true by default. Naive Bayes needs false.
    pub signed: bool,
}

impl Default for TextHasherParams {
    fn default() -> Self {
        Self {
            n_bits: 18,
            words: Some(NGrams { min: 1, max: 2 }),
            chars: Some(NGrams { min: 2, max: 5 }),
            lowercase: true,
            signed: true,
        }
    }
}

/// Checked [`TextHasherParams`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextHasher(TextHasherParams);

impl Check for TextHasherParams {
    type Valid = TextHasher;
    type Error = LearnError;

    fn check(self) -> Result<TextHasher, LearnError> {
        if !(1..=MAX_BITS).contains(&self.n_bits) {
            return Err(LearnError::Parameter {
                name: "n_bits",
                value: self.n_bits.to_string(),
                allowed: "there are 1 to 26 bits",
            });
        }
        if self.words.is_none() && self.chars.is_none() {
            return Err(LearnError::Parameter {
                name: "words",
                value: "none, as are chars".into(),
                allowed: "words, characters or both count",
            });
        }
        for (name, grams) in [("words", self.words), ("chars", self.chars)] {
            if let Some(NGrams { min, max }) = grams
                && (min == 0 || min > max)
            {
                return Err(LearnError::Parameter {
                    name,
                    value: format!("{min} to {max}"),
                    allowed: "lengths begin at 1 and end no lower than they begin",
                });
            }
        }
        Ok(TextHasher(self))
    }
}

impl TextHasher {
    /// Number of columns.
    pub fn n_columns(&self) -> usize {
        1 << self.0.n_bits
    }

    /// Counts of all texts, `(n_texts, n_columns)`.
    ///
    /// # Errors
    /// Cancellation or the deadline.
    pub fn transform<S: AsRef<str> + Sync>(
        &self,
        texts: &[S],
        context: &Context<'_>,
    ) -> Result<SparseMatrix, LearnError> {
        let parts = map_parts(context.threads, texts.chunks(PART), |texts| {
            context.proceed()?;
            Ok(texts
                .iter()
                .map(|text| self.entries(text.as_ref()))
                .collect::<Vec<_>>())
        });
        let mut rows = Vec::with_capacity(texts.len());
        for part in parts {
            let part: Vec<Vec<(u32, f64)>> = part?;
            rows.extend(part);
        }
        SparseMatrix::from_rows(self.n_columns(), rows)
    }

    /// One entry per n-gram of a text; n-grams of one column are not added up yet.
    fn entries(&self, text: &str) -> Vec<(u32, f64)> {
        let lowered;
        let text = if self.0.lowercase {
            lowered = text.to_lowercase();
            &lowered
        } else {
            text
        };
        let words: Vec<&str> = text
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        let mut entries = Vec::new();
        if let Some(grams) = self.0.words {
            for_each_window(words.len(), grams, |range| {
                entries.push(self.entry("w", &words[range].join(" ")));
            });
        }
        if let Some(grams) = self.0.chars {
            let joined = format!(" {} ", words.join(" "));
            // Where each character begins, and the end.
            let begins: Vec<usize> = joined
                .char_indices()
                .map(|(begin, _)| begin)
                .chain([joined.len()])
                .collect();
            if !words.is_empty() {
                for_each_window(begins.len() - 1, grams, |range| {
                    let gram = &joined[begins[range.start]..begins[range.end]];
                    entries.push(self.entry("c", gram));
                });
            }
        }
        entries
    }

    /// Column and sign of an n-gram; `space` keeps the word `of` from the letters `of`.
    fn entry(&self, space: &str, gram: &str) -> (u32, f64) {
        let hash = mixed(fnv1a(space.bytes()) ^ fnv1a(gram.bytes()).rotate_left(1));
        let column = (hash & ((1 << self.0.n_bits) - 1)) as u32;
        // The top bit has no part in the column.
        let negative = self.0.signed && hash >> 63 == 1;
        (column, if negative { -1.0 } else { 1.0 })
    }
}

/// Calls `see` with every range of `min` to `max` neighbors out of `n`.
fn for_each_window(n: usize, grams: NGrams, mut see: impl FnMut(std::ops::Range<usize>)) {
    for length in grams.min..=grams.max.min(n) {
        for begin in 0..=n - length {
            see(begin..begin + length);
        }
    }
}

/// Spreads a hash over all its bits: the end of MurmurHash3 (Appleby).
fn mixed(mut hash: u64) -> u64 {
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}
