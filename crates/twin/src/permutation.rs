//! Numbers that look random and never repeat: identifiers, e-mail digits and phone numbers that
//! give away neither the person behind them nor the size of the company.

use crate::chance::{Chance, Purpose};

const N_ROUNDS: usize = 4;

/// A one-to-one scramble of the numbers below `2^(2 * half_bits)` (a Feistel network).
#[derive(Debug, Clone)]
pub(crate) struct Permutation {
    half_bits: u32,
    keys: [u64; N_ROUNDS],
}

impl Permutation {
    /// The scramble number `index` of a seed, on `2 * half_bits` bits.
    pub(crate) fn new(seed: u64, index: u64, half_bits: u32) -> Self {
        let mut chance = Chance::new(seed, Purpose::Permutation, index);
        Self {
            half_bits,
            keys: std::array::from_fn(|_| chance.bits()),
        }
    }

    /// Where `number` goes; it must fit the bits.
    pub(crate) fn apply(&self, number: u64) -> u64 {
        debug_assert!(number >> (2 * self.half_bits) == 0, "the number fits");
        let mask = (1_u64 << self.half_bits) - 1;
        let (mut left, mut right) = (number >> self.half_bits, number & mask);
        for key in self.keys {
            (left, right) = (right, left ^ (mix(right ^ key) & mask));
        }
        (left << self.half_bits) | right
    }
}

/// Spreads every bit over the word: odd multiplications and shifts, as in the finalizer of
/// SplitMix64.
fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_hit_exactly_once() {
        let permutation = Permutation::new(5, 0, 6);
        let mut seen = vec![false; 1 << 12];
        for number in 0..1 << 12 {
            let image = permutation.apply(number) as usize;
            assert!(!std::mem::replace(&mut seen[image], true), "{number}");
        }
    }
}
