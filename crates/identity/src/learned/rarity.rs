//! How rare words and runs of letters are, counted over the records of the pairs that are learned from.

use serde::{Deserialize, Serialize};

use super::view::grams;
use crate::hash::{self, HashedMap};
use crate::standardize::words;

/// Counts of one field.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(from = "Plain", into = "Plain")]
pub(super) struct Rarity {
    n_texts: u32,
    words: HashedMap<u64, u32>,
    grams: HashedMap<u64, u32>,
    values: HashedMap<u64, u32>,
}

/// Counts as they stand in a file, by hash, so that the same counts are the same file.
#[derive(Debug, Serialize, Deserialize)]
struct Plain {
    n_texts: u32,
    words: Vec<(u64, u32)>,
    grams: Vec<(u64, u32)>,
    values: Vec<(u64, u32)>,
}

impl Rarity {
    /// Counts a text of one record.
    pub(super) fn add(&mut self, raw: &str) {
        let folded = words(raw);
        if folded.is_empty() {
            return;
        }
        self.n_texts += 1;
        let mut hashes: Vec<u64> = folded.split(' ').map(hash::text).collect();
        hashes.sort_unstable();
        hashes.dedup();
        for hash in hashes {
            *self.words.entry(hash).or_default() += 1;
        }
        for hash in grams(&folded) {
            *self.grams.entry(hash).or_default() += 1;
        }
        *self.values.entry(hash::text(&folded)).or_default() += 1;
    }

    /// Inverse document frequency of a word; one that never stood is the rarest.
    pub(super) fn of_word(&self, hash: u64) -> f64 {
        self.idf(self.words.get(&hash))
    }

    /// The same of a run of letters.
    pub(super) fn of_gram(&self, hash: u64) -> f64 {
        self.idf(self.grams.get(&hash))
    }

    /// Records that have the whole value.
    pub(super) fn n_of_value(&self, folded: &str) -> u32 {
        let found = self.values.get(&hash::text(folded));
        found.copied().unwrap_or(0)
    }

    fn idf(&self, count: Option<&u32>) -> f64 {
        let count = count.copied().unwrap_or(0);
        ((f64::from(self.n_texts) + 1.0) / (f64::from(count) + 0.5))
            .ln()
            .max(0.05)
    }
}

impl From<Rarity> for Plain {
    fn from(rarity: Rarity) -> Self {
        let sorted = |counts: HashedMap<u64, u32>| {
            let mut counts: Vec<(u64, u32)> = counts.into_iter().collect();
            counts.sort_unstable();
            counts
        };
        Self {
            n_texts: rarity.n_texts,
            words: sorted(rarity.words),
            grams: sorted(rarity.grams),
            values: sorted(rarity.values),
        }
    }
}

impl From<Plain> for Rarity {
    fn from(plain: Plain) -> Self {
        Self {
            n_texts: plain.n_texts,
            words: plain.words.into_iter().collect(),
            grams: plain.grams.into_iter().collect(),
            values: plain.values.into_iter().collect(),
        }
    }
}
