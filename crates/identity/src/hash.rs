//! Hashes that are the same on every machine and in every run: keys of blocks, and equality of texts
//! across fields. At 64 bits, ten million texts collide with a chance of 3 in a million.

use std::hash::{BuildHasherDefault, Hasher};

const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

/// Mixes all bits of a number (the finalizer of `SplitMix64`, Steele, Lea & Flood 2014).
pub(crate) const fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// A text's hash; never 0, which stands for "no key".
pub(crate) fn text(text: &str) -> u64 {
    let mut hash = (text.len() as u64).wrapping_mul(MULTIPLIER);
    let mut chunks = text.as_bytes().chunks_exact(8);
    for chunk in &mut chunks {
        let word = chunk.try_into().map_or(0, u64::from_le_bytes);
        hash = (hash ^ mix(word)).wrapping_mul(MULTIPLIER).rotate_left(29);
    }
    let mut last = [0; 8];
    last[..chunks.remainder().len()].copy_from_slice(chunks.remainder());
    mix(hash ^ mix(u64::from_le_bytes(last))) | 1
}

/// Two keys as one; the order counts.
pub(crate) const fn pair(a: u64, b: u64) -> u64 {
    mix(a.rotate_left(17) ^ mix(b.wrapping_add(MULTIPLIER))) | 1
}

/// For maps whose keys are hashes already.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = mix(self.0 ^ u64::from(byte)).wrapping_mul(MULTIPLIER);
        }
    }

    fn write_u32(&mut self, value: u32) {
        self.0 = mix(self.0 ^ u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = mix(self.0 ^ value);
    }
}

/// A map from hashes.
pub(crate) type HashedMap<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<Hashed>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_differ_by_every_byte_and_by_their_length() {
        let texts = ["", "a", "b", "ab", "ba", "abcdefgh", "abcdefgh\0", "abcdefghi"];
        for (idx, left) in texts.iter().enumerate() {
            for right in &texts[idx + 1..] {
                assert_ne!(text(left), text(right), "{left:?} {right:?}");
            }
        }
        assert_ne!(pair(1, 2), pair(2, 1));
    }
}
