//! Likeness of two short texts.
//!
//! The distances are those of `rapidfuzz`, which computes them by bits in a word; texts in Latin letters
//! are compared byte by byte.

use rapidfuzz::distance::{jaro_winkler as jw, osa};

/// Jaro's similarity with Winkler's bonus for a common beginning, 0 to 1.
///
/// # Source
/// Winkler (1990), "String Comparator Metrics and Enhanced Decision Rules in the Fellegi-Sunter Model".
pub(crate) fn jaro_winkler(a: &str, b: &str) -> f64 {
    if a.is_ascii() && b.is_ascii() {
        jw::similarity(a.bytes(), b.bytes())
    } else {
        jw::similarity(a.chars(), b.chars())
    }
}

/// Insertions, deletions, substitutions and swaps of neighbors from one text to the other (optimal string
/// alignment), counted up to `most`; `most + 1` where there are more.
pub(crate) fn edits(a: &str, b: &str, most: usize) -> usize {
    if a.len().abs_diff(b.len()) > most * 4 {
        return most + 1;
    }
    let within = osa::Args::default().score_cutoff(most);
    let found = if a.is_ascii() && b.is_ascii() {
        osa::distance_with_args(a.bytes(), b.bytes(), &within)
    } else {
        osa::distance_with_args(a.chars(), b.chars(), &within)
    };
    found.unwrap_or(most + 1)
}

/// One less the edits per letter of the longer text, 0 to 1.
pub(crate) fn edit_similarity(a: &str, b: &str) -> f64 {
    if a.is_ascii() && b.is_ascii() {
        osa::normalized_similarity(a.bytes(), b.bytes())
    } else {
        osa::normalized_similarity(a.chars(), b.chars())
    }
}
