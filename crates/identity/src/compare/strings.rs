//! Likeness of two short texts.
//!
//! Texts of up to 64 bytes in Latin letters, which is nearly all, are compared by bits in words without
//! any memory of their own; longer ones and other scripts by `rapidfuzz`.

use rapidfuzz::distance::{jaro_winkler as jw, osa};

/// Bytes that are compared by bits in one word.
const N_SHORT: usize = 64;
/// Jaro's similarity above which a common beginning counts.
const BONUS_ABOVE: f64 = 0.7;

/// Jaro's similarity with Winkler's bonus for a common beginning, 0 to 1.
///
/// # Source
/// Winkler (1990), "String Comparator Metrics and Enhanced Decision Rules in the Fellegi-Sunter Model".
pub(crate) fn jaro_winkler(a: &str, b: &str) -> f64 {
    match (Short::of(a), Short::of(b)) {
        (Some(short), Some(_)) => short.jaro_winkler(b.as_bytes()),
        _ => jw::similarity(a.chars(), b.chars()),
    }
}

/// Insertions, deletions, substitutions and swaps of neighbors from one text to the other (optimal string
/// alignment), counted up to `most`; `most + 1` where there are more.
pub(crate) fn edits(a: &str, b: &str, most: usize) -> usize {
    if a.len().abs_diff(b.len()) > most * 4 {
        return most + 1;
    }
    if let (Some(short), true) = (Short::of(a), b.is_ascii()) {
        let found = alignment(short.n, b.bytes().map(|byte| short.places(byte)));
        return found.min(most + 1);
    }
    let within = osa::Args::default().score_cutoff(most);
    let found = osa::distance_with_args(a.chars(), b.chars(), &within);
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

/// Distance by optimal string alignment of a text of `n` signs, at most 64, from another one, of each of
/// whose signs the places in the first are given, a bit each.
///
/// # Source
/// Hyyrö (2003), "A Bit-Vector Algorithm for Computing Levenshtein and Damerau Edit Distances".
pub(crate) fn alignment(n: usize, places: impl ExactSizeIterator<Item = u64>) -> usize {
    if n == 0 {
        return places.len();
    }
    let last = 1_u64 << (n - 1);
    let (mut more, mut fewer) = (u64::MAX, 0_u64);
    let (mut diagonal, mut before) = (0_u64, 0_u64);
    let mut distance = n;
    for here in places {
        let swapped = ((!diagonal & here) << 1) & before;
        diagonal = ((here & more).wrapping_add(more) ^ more) | here | fewer | swapped;
        let across = fewer | !(diagonal | more);
        let back = diagonal & more;
        distance += usize::from(across & last != 0);
        distance -= usize::from(back & last != 0);
        let across = across << 1 | 1;
        more = back << 1 | !(diagonal | across);
        fewer = across & diagonal;
        before = here;
    }
    distance
}

/// A short text in words of eight bytes.
struct Short {
    words: [u64; N_SHORT / 8],
    n: usize,
}

impl Short {
    fn of(text: &str) -> Option<Self> {
        if text.len() > N_SHORT || !text.is_ascii() {
            return None;
        }
        let mut words = [0; N_SHORT / 8];
        for (word, bytes) in words.iter_mut().zip(text.as_bytes().chunks(8)) {
            *word = bytes
                .iter()
                .rev()
                .fold(0, |word, &byte| word << 8 | u64::from(byte));
        }
        Some(Self {
            words,
            n: text.len(),
        })
    }

    /// Where a byte stands, a bit each.
    fn places(&self, byte: u8) -> u64 {
        const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
        let sought = u64::from(byte) * 0x0101_0101_0101_0101;
        let mut places = 0;
        for (at, word) in self.words[..self.n.div_ceil(8)].iter().enumerate() {
            let apart = word ^ sought;
            // The top bit of each byte that is 0, without carries between bytes.
            let equal = !((apart & LOW).wrapping_add(LOW) | apart | LOW);
            places |= ((equal >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * at);
        }
        // Behind the end there are zeros, which a text may hold too.
        places & (u64::MAX >> (64 - self.n.max(1)))
    }

    fn byte(&self, at: usize) -> u8 {
        (self.words[at / 8] >> (8 * (at % 8))) as u8
    }

    fn jaro_winkler(&self, other: &[u8]) -> f64 {
        let (n, n_other) = (self.n, other.len());
        if n == 0 || n_other == 0 {
            return f64::from(u8::from(n == n_other));
        }
        let window = (n.max(n_other) / 2).saturating_sub(1);
        let (mut taken, mut taken_of_other) = (0_u64, 0_u64);
        for (at, &byte) in other.iter().enumerate() {
            let until = u64::MAX >> (63 - (at + window).min(63));
            let from = u64::MAX
                .checked_shl(at.saturating_sub(window) as u32)
                .unwrap_or(0);
            let free = self.places(byte) & until & from & !taken;
            taken |= free & free.wrapping_neg();
            taken_of_other |= u64::from(free != 0) << at;
        }
        let n_taken = taken.count_ones();
        if n_taken == 0 {
            return 0.0;
        }
        let mut n_moved = 0_u32;
        while taken != 0 {
            let (at, at_other) = (taken.trailing_zeros(), taken_of_other.trailing_zeros());
            n_moved += u32::from(self.byte(at as usize) != other[at_other as usize]);
            taken &= taken - 1;
            taken_of_other &= taken_of_other - 1;
        }
        let shared = f64::from(n_taken);
        let jaro = (shared / n as f64
            + shared / n_other as f64
            + (shared - f64::from(n_moved / 2)) / shared)
            / 3.0;
        if jaro <= BONUS_ABOVE {
            return jaro;
        }
        let n_alike = (0..n.min(n_other).min(4))
            .take_while(|&at| self.byte(at) == other[at])
            .count();
        jaro + 0.1 * n_alike as f64 * (1.0 - jaro)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// `rapidfuzz` is the oracle.
        #[test]
        fn short_texts_are_as_alike_as_any(a in "[a-d ]{0,64}", b in "[a-d ]{0,64}", c in "[ab]{0,9}", d in "[ab]{0,9}") {
            for (a, b) in [(&a, &b), (&c, &d), (&a, &c), (&a, &a)] {
                let expected = jw::similarity(a.chars(), b.chars());
                prop_assert!((jaro_winkler(a, b) - expected).abs() < 1e-9, "{a:?} {b:?}");
                prop_assert_eq!(edits(a, b, 64), osa::distance(a.chars(), b.chars()), "{:?} {:?}", a, b);
            }
        }
    }

    #[test]
    fn other_scripts_and_long_texts_are_compared_too() {
        let long = "a".repeat(100);
        assert_eq!(edits(&long, &format!("{long}b"), 2), 1);
        assert_eq!(edits("café", "cafe", 2), 1);
        assert!(jaro_winkler("мария", "марья") > 0.85);
    }
}
