//! The secret that noise comes from.

use std::fmt;

use rand::SeedableRng;
use rand::TryRng as _;
use rand::rngs::SysRng;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::PrivacyError;
use crate::random::fnv1a;

/// What noise and private samples are drawn from. Whoever knows it can take the noise off again, so it
/// comes from the operating system, is written nowhere and is shown nowhere; the seed of a run, which
/// everybody may read, has no part in it. One key is for one training: what two trainings share can be
/// taken off one by the other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct NoiseKey([u8; 32]);

impl NoiseKey {
    /// A key that nobody knows.
    ///
    /// # Errors
    /// [`PrivacyError::NoRandomness`] where the operating system gives none.
    pub fn from_entropy() -> Result<Self, PrivacyError> {
        let mut key = [0; 32];
        let drawn = SysRng.try_fill_bytes(&mut key);
        drawn.map_err(|_| PrivacyError::NoRandomness)?;
        Ok(Self(key))
    }

    /// A key that is known: for tests and for figures that shall come out again, where nothing is
    /// private.
    pub const fn known(seed: u64) -> Self {
        let [a, b, c, d, e, f, g, h] = seed.to_le_bytes();
        let mut key = [0; 32];
        (key[0], key[1], key[2], key[3]) = (a, b, c, d);
        (key[4], key[5], key[6], key[7]) = (e, f, g, h);
        Self(key)
    }

    /// The generator of one named part; parts do not share numbers.
    pub fn rng(&self, part: &str) -> ChaCha8Rng {
        let mut generator = ChaCha8Rng::from_seed(self.0);
        generator.set_stream(fnv1a(part.bytes()));
        generator
    }
}

impl fmt::Debug for NoiseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NoiseKey(secret)")
    }
}

/// Settings are written down without it; those that are read need a key of their own.
impl Serialize for NoiseKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl<'de> Deserialize<'de> for NoiseKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <()>::deserialize(deserializer)?;
        Self::from_entropy().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt as _;

    use super::*;

    fn draw(key: NoiseKey, part: &str) -> u64 {
        key.rng(part).random()
    }

    #[test]
    fn keys_differ_and_are_neither_shown_nor_written() {
        let (one, other) = (NoiseKey::from_entropy(), NoiseKey::from_entropy());
        let one = one.unwrap();

        assert_ne!(draw(one, "noise"), draw(other.unwrap(), "noise"));
        assert_eq!(format!("{one:?}"), "NoiseKey(secret)");
        assert_eq!(serde_json::to_string(&one).unwrap(), "null");
        let read: NoiseKey = serde_json::from_str("null").unwrap();
        assert_ne!(read, one);
    }

    #[test]
    fn parts_have_numbers_of_their_own() {
        let key = NoiseKey::known(1);

        assert_eq!(draw(key, "noise"), draw(NoiseKey::known(1), "noise"));
        assert_ne!(draw(key, "noise"), draw(key, "examples"));
        assert_ne!(draw(key, "noise"), draw(NoiseKey::known(2), "noise"));
    }
}
