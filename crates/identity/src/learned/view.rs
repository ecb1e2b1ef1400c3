//! A text taken apart for comparison: words, model codes, numbers, measures, runs of three letters.
//!
//! Taken apart once per record, since a record stands in many pairs. Words and runs are kept as hashes, in
//! ascending order, so that two lists are compared in one walk.

use rapport_domain::writing::fold;

use super::codes::{self, Code, Measure};
use super::rarity::Rarity;
use crate::hash;
use crate::standardize::words;

/// Words of a text that are looked at; what comes later repeats more than it tells.
const N_WORDS_MAX: usize = 160;

/// A word and how rare it is.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) hash: u64,
    pub(super) text: Box<str>,
    /// Inverse document frequency, in nats.
    pub(super) idf: f64,
}

/// A hashed piece of a text and how rare it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub(super) hash: u64,
    pub(super) idf: f64,
}

/// A text taken apart.
#[derive(Debug, Clone, Default)]
pub(super) struct View {
    /// Folded words, parted by single blanks.
    pub(super) folded: String,
    /// The same without blanks.
    pub(super) squeezed: String,
    /// Different words in the order of first standing.
    pub(super) words: Vec<Word>,
    /// The same, by hash.
    pub(super) sorted: Vec<Piece>,
    /// Neighboring words, by hash.
    pub(super) bigrams: Vec<u64>,
    /// Different runs of three letters, blanks included, by hash.
    pub(super) grams: Vec<Piece>,
    /// Numbers of models and parts, the longest first.
    pub(super) codes: Vec<Code>,
    /// Numbers that stand alone, ascending.
    pub(super) numbers: Vec<f64>,
    /// Numbers with a unit.
    pub(super) measures: Vec<Measure>,
}

impl View {
    /// Whether there is nothing to compare.
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    pub(super) fn of(raw: &str, rarity: &Rarity) -> Self {
        let folded = words(raw);
        let mut view = Self {
            squeezed: folded.split(' ').collect(),
            ..Self::default()
        };
        for word in folded.split(' ').filter(|word| !word.is_empty()) {
            let hash = hash::text(word);
            let is_known = view.words.iter().any(|known| known.hash == hash);
            if !is_known && view.words.len() < N_WORDS_MAX {
                let idf = rarity.of_word(hash);
                let text = word.into();
                view.words.push(Word { hash, text, idf });
            }
        }
        let of_word = |word: &Word| Piece {
            hash: word.hash,
            idf: word.idf,
        };
        view.sorted = view.words.iter().map(of_word).collect();
        view.sorted.sort_unstable_by_key(|piece| piece.hash);
        view.bigrams = neighbors(&folded);
        view.grams = grams(&folded)
            .into_iter()
            .map(|hash| Piece {
                hash,
                idf: rarity.of_gram(hash),
            })
            .collect();
        let found = codes::find(&fold(raw));
        view.codes = found.codes;
        view.numbers = found.numbers;
        view.measures = found.measures;
        view.folded = folded;
        view
    }
}

fn neighbors(folded: &str) -> Vec<u64> {
    let hashes: Vec<u64> = folded
        .split(' ')
        .take(N_WORDS_MAX)
        .map(hash::text)
        .collect();
    let mut pairs: Vec<u64> = hashes
        .windows(2)
        .map(|two| hash::pair(two[0], two[1]))
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Hashes of the different runs of three letters of a folded text, ascending.
pub(super) fn grams(folded: &str) -> Vec<u64> {
    if folded.is_empty() {
        return Vec::new();
    }
    let framed: Vec<char> = std::iter::once(' ')
        .chain(folded.chars())
        .chain([' '])
        .collect();
    let run = |three: &[char]| {
        three
            .iter()
            .fold(1, |key, &c| hash::pair(key, u64::from(u32::from(c))))
    };
    let mut grams: Vec<u64> = framed.windows(3).map(run).collect();
    grams.sort_unstable();
    grams.dedup();
    grams
}
