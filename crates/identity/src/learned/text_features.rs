//! What two texts have in common, and what only one of them has.

use super::alike::{Alike, Overlap};
use super::code_features;
use super::view::View;
use crate::compare::{edit_similarity, jaro_winkler};

/// Letters that distances between whole texts look at.
const N_COMPARED_MAX: usize = 120;

/// Names of the features of two texts, in their order; those of codes follow.
pub(super) const NAMES: [&str; 33] = [
    "same",
    "jaccard",
    "weighted jaccard",
    "cosine",
    "left in right",
    "right in left",
    "least containment",
    "shared, rarest",
    "shared, sum",
    "left only, rarest",
    "right only, rarest",
    "left only, sum",
    "right only, sum",
    "left only, count",
    "right only, count",
    "left only, not even within words",
    "right only, not even within words",
    "alike words, left",
    "alike words, right",
    "unlike word, left",
    "unlike word, right",
    "letters",
    "letters, left in right",
    "letters, right in left",
    "beginning",
    "edits",
    "common first words",
    "first word",
    "last word",
    "neighbors",
    "words, left",
    "words, right",
    "length ratio",
];

/// All features of two texts, `NaN` where one of them is blank.
pub(super) fn push(a: &View, b: &View, features: &mut Vec<f64>) {
    if a.is_empty() || b.is_empty() {
        let n = NAMES.len() + code_features::NAMES.len();
        features.extend(std::iter::repeat_n(f64::NAN, n));
        return;
    }
    let words = Overlap::of(&a.sorted, &b.sorted);
    let grams = Overlap::of(&a.grams, &b.grams);
    let (left, right) = (Alike::of(a, b), Alike::of(b, a));
    let (n_a, n_b) = (a.words.len() as f64, b.words.len() as f64);
    let neighbors = share_of_union(&a.bigrams, &b.bigrams);
    let (cut_a, cut_b) = (cut(&a.folded), cut(&b.folded));
    let is_same = |x: Option<&super::view::Word>, y: Option<&super::view::Word>| {
        f64::from(x.map(|word| word.hash) == y.map(|word| word.hash))
    };
    let row: [f64; NAMES.len()] = [
        f64::from(a.squeezed == b.squeezed),
        words.n_shared / (n_a + n_b - words.n_shared),
        words.jaccard(),
        words.cosine(),
        left.within / left.total,
        right.within / right.total,
        (left.within / left.total).min(right.within / right.total),
        words.shared_max,
        words.shared,
        words.left_max,
        words.right_max,
        words.left,
        words.right,
        n_a - words.n_shared,
        n_b - words.n_shared,
        left.outside_max,
        right.outside_max,
        left.alike / left.total,
        right.alike / right.total,
        left.unlike_max,
        right.unlike_max,
        grams.jaccard(),
        grams.shared / (grams.shared + grams.left),
        grams.shared / (grams.shared + grams.right),
        jaro_winkler(cut_a, cut_b),
        edit_similarity(cut_a, cut_b),
        common_first(a, b) / n_a.min(n_b),
        is_same(a.words.first(), b.words.first()),
        is_same(a.words.last(), b.words.last()),
        neighbors,
        n_a,
        n_b,
        n_a.min(n_b) / n_a.max(n_b),
    ];
    features.extend(row);
    code_features::push(a, b, features);
}

fn common_first(a: &View, b: &View) -> f64 {
    let both = a.words.iter().zip(&b.words);
    both.take_while(|(x, y)| x.hash == y.hash).count() as f64
}

fn share_of_union(a: &[u64], b: &[u64]) -> f64 {
    let n_shared = a
        .iter()
        .filter(|hash| b.binary_search(hash).is_ok())
        .count();
    let n_all = a.len() + b.len() - n_shared;
    if n_all == 0 {
        f64::NAN
    } else {
        n_shared as f64 / n_all as f64
    }
}

/// The beginning of a text, cut between letters.
fn cut(text: &str) -> &str {
    match text.char_indices().nth(N_COMPARED_MAX) {
        Some((at, _)) => &text[..at],
        None => text,
    }
}
