//! How much of one text the other has: exactly, within its words, or spelled alike.

use super::view::{Piece, View};
use crate::compare::jaro_winkler;

/// Words longer than this may stand inside of another word, or across a blank.
const N_WITHIN_MIN: usize = 3;
/// From this likeness on two words may be spellings of one.
const ALIKE_FROM: f64 = 0.85;

/// Weights of what two sorted lists share and do not.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Overlap {
    pub(super) n_shared: f64,
    pub(super) shared: f64,
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) shared_max: f64,
    pub(super) left_max: f64,
    pub(super) right_max: f64,
    shared_squares: f64,
    left_squares: f64,
    right_squares: f64,
}

impl Overlap {
    pub(super) fn of(a: &[Piece], b: &[Piece]) -> Self {
        let mut overlap = Self::default();
        let (mut at_a, mut at_b) = (0, 0);
        loop {
            match (a.get(at_a), b.get(at_b)) {
                (Some(x), Some(y)) if x.hash == y.hash => {
                    overlap.share(x.idf);
                    at_a += 1;
                    at_b += 1;
                }
                (Some(x), Some(y)) if x.hash < y.hash => {
                    overlap.left_only(x.idf);
                    at_a += 1;
                }
                (Some(x), None) => {
                    overlap.left_only(x.idf);
                    at_a += 1;
                }
                (_, Some(y)) => {
                    overlap.right_only(y.idf);
                    at_b += 1;
                }
                (None, None) => return overlap,
            }
        }
    }

    fn share(&mut self, idf: f64) {
        self.n_shared += 1.0;
        self.shared += idf;
        self.shared_max = self.shared_max.max(idf);
        self.shared_squares += idf * idf;
    }

    fn left_only(&mut self, idf: f64) {
        self.left += idf;
        self.left_max = self.left_max.max(idf);
        self.left_squares += idf * idf;
    }

    fn right_only(&mut self, idf: f64) {
        self.right += idf;
        self.right_max = self.right_max.max(idf);
        self.right_squares += idf * idf;
    }

    /// The shared weight over the weight of all.
    pub(super) fn jaccard(&self) -> f64 {
        self.shared / (self.shared + self.left + self.right).max(f64::MIN_POSITIVE)
    }

    /// The cosine of the two vectors of weights.
    pub(super) fn cosine(&self) -> f64 {
        let left = self.shared_squares + self.left_squares;
        let right = self.shared_squares + self.right_squares;
        self.shared_squares / (left * right).sqrt().max(f64::MIN_POSITIVE)
    }
}

/// How much of one text's words the other has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Alike {
    /// The weight of all words.
    pub(super) total: f64,
    /// The weight of those that the other has, be it as parts of words or across blanks.
    pub(super) within: f64,
    /// The rarest that it has not even so.
    pub(super) outside_max: f64,
    /// Weights times the likeness of the most alike word (Monge and Elkan's similarity, weighted).
    pub(super) alike: f64,
    /// The most of weight times unlikeness.
    pub(super) unlike_max: f64,
}

impl Alike {
    pub(super) fn of(text: &View, other: &View) -> Self {
        let mut alike = Self {
            total: f64::MIN_POSITIVE,
            within: 0.0,
            outside_max: 0.0,
            alike: 0.0,
            unlike_max: 0.0,
        };
        for word in &text.words {
            alike.total += word.idf;
            let is_there = other
                .sorted
                .binary_search_by_key(&word.hash, |piece| piece.hash)
                .is_ok();
            if is_there {
                alike.within += word.idf;
                alike.alike += word.idf;
                continue;
            }
            let is_within = word.text.len() > N_WITHIN_MIN && other.squeezed.contains(&*word.text);
            let likeness = if is_within {
                alike.within += word.idf;
                1.0
            } else {
                alike.outside_max = alike.outside_max.max(word.idf);
                most_alike(&word.text, other)
            };
            alike.alike += word.idf * likeness;
            alike.unlike_max = alike.unlike_max.max(word.idf * (1.0 - likeness));
        }
        alike
    }
}

/// The likeness of the most alike word of a text; 0 where none may be the same.
fn most_alike(word: &str, other: &View) -> f64 {
    let first = word.chars().next();
    let others = other.words.iter().filter(|other| {
        let (short, long) = (
            word.len().min(other.text.len()),
            word.len().max(other.text.len()),
        );
        short >= 3 && long <= 2 * short && other.text.chars().next() == first
    });
    let likeness = others
        .map(|other| jaro_winkler(word, &other.text))
        .fold(0.0, f64::max);
    // A short form: "pro" of "professional", "j" of "james".
    let is_short_form = || {
        let mut texts = other.words.iter().map(|other| &*other.text);
        texts.any(|text| text.starts_with(word) || word.starts_with(text))
    };
    if likeness >= ALIKE_FROM {
        likeness
    } else if is_short_form() {
        0.7
    } else {
        0.0
    }
}
