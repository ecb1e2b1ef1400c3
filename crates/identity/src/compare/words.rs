//! Likeness of two texts of several words: rare words count for more, and a word may be misspelled.

use super::strings;
use crate::compare::Level;
use crate::records::Column;

/// Words of a text that are looked at; addresses and names have fewer.
const N_WORDS_MAX: usize = 24;
/// The weight of a word that nobody had so far.
const RARE: f32 = 12.0;
/// From this likeness on, two words are spellings of one.
pub(super) const SAME_WORD: f64 = 0.9;

/// Inverse document frequency of each word of a column; empty for columns without words.
pub(super) fn weights(column: &Column) -> Vec<f32> {
    let n = column.n_values() as f64;
    let idf = |&count: &u32| (1.0 + (n + 1.0) / (f64::from(count) + 0.5)).ln() as f32;
    column.tokens.counts.iter().map(idf).collect()
}

/// The level of two different texts.
pub(super) fn level(column: &Column, weights: &[f32], a: u32, b: u32) -> u8 {
    let (text_a, text_b) = (column.compared(a), column.compared(b));
    let (tokens_a, tokens_b) = (column.tokens.of(a), column.tokens.of(b));
    let letters = (column.masks[a as usize] & column.masks[b as usize]).count_ones();
    if letters == 0 {
        return Level::DIFFERENT;
    }
    let shared = shared_weight(column, weights, tokens_a, tokens_b);
    if tokens_a.len() == tokens_b.len() && shared >= 0.999 {
        // The same words in another order.
        return Level::SWAPPED;
    }
    let n_edits = strings::edits(text_a, text_b, 2);
    if n_edits == 1 || shared >= 0.85 || is_without_blanks(text_a, text_b) {
        return Level::CLOSE;
    }
    let is_longer_text = text_a.len().min(text_b.len()) >= 6;
    if (n_edits == 2 && is_longer_text) || shared >= 0.65 {
        return Level::ALIKE;
    }
    if shared >= 0.4 || strings::jaro_winkler(text_a, text_b) >= 0.88 {
        return Level::REMOTE;
    }
    if shared >= 0.15 {
        Level::FAR
    } else {
        Level::DIFFERENT
    }
}

/// The weight of the words that both have, over the weight of the words of the text that weighs more,
/// 0 to 1. Words that are spelled alike count by how alike they are.
fn shared_weight(column: &Column, weights: &[f32], a: &[u32], b: &[u32]) -> f32 {
    let (a, b) = (
        &a[..a.len().min(N_WORDS_MAX)],
        &b[..b.len().min(N_WORDS_MAX)],
    );
    let weight_of = |token: u32| weights.get(token as usize).copied().unwrap_or(RARE);
    let total = |tokens: &[u32]| tokens.iter().map(|&token| weight_of(token)).sum::<f32>();
    let mut is_taken = [false; N_WORDS_MAX];
    let mut shared = 0.0;
    let mut left: [u32; N_WORDS_MAX] = [0; N_WORDS_MAX];
    let mut n_left = 0;
    for &token in a {
        match b.iter().position(|&other| other == token) {
            Some(at) => {
                is_taken[at] = true;
                shared += weight_of(token);
            }
            None => {
                left[n_left] = token;
                n_left += 1;
            }
        }
    }
    for &token in &left[..n_left] {
        let word = column.tokens.word(token);
        let best = (0..b.len())
            .filter(|&at| !is_taken[at] && may_be_one(word, column.tokens.word(b[at])))
            .map(|at| (at, strings::jaro_winkler(word, column.tokens.word(b[at]))))
            .filter(|&(_, similarity)| similarity >= SAME_WORD)
            .max_by(|x, y| x.1.total_cmp(&y.1));
        if let Some((at, similarity)) = best {
            is_taken[at] = true;
            let weight = weight_of(token).min(weight_of(b[at]));
            shared += weight * similarity as f32;
        }
    }
    shared / total(a).max(total(b)).max(f32::MIN_POSITIVE)
}

/// A cheap look before the distance: the same first letter or length, and more than an initial.
fn may_be_one(a: &str, b: &str) -> bool {
    let (short, long) = (a.len().min(b.len()), a.len().max(b.len()));
    short >= 3
        && long <= short * 2
        && (a.as_bytes()[0] == b.as_bytes()[0] || a.as_bytes()[1] == b.as_bytes()[1])
}

/// The same letters, parted otherwise: "pridhamstreet".
fn is_without_blanks(a: &str, b: &str) -> bool {
    let letters = |text: &str| text.len() - text.bytes().filter(|&b| b == b' ').count();
    letters(a) == letters(b)
        && a.bytes()
            .filter(|&c| c != b' ')
            .eq(b.bytes().filter(|&c| c != b' '))
}
