//! Chance from a seed: named streams, so that one part's draws never shift another's.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The generator of one named part of one seeded run.
///
/// Parts with different names draw from different streams of the same seed: adding a draw to one
/// leaves the others as they were.
pub fn rng(seed: u64, part: &str) -> ChaCha8Rng {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream(fnv1a(part.bytes()));
    generator
}

/// One draw of the standard normal distribution (Box and Muller).
pub fn standard_normal(rng: &mut ChaCha8Rng) -> f64 {
    // 1 - u lies in (0, 1], where the logarithm is finite.
    let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
    let angle = std::f64::consts::TAU * rng.random::<f64>();
    radius * angle.cos()
}

/// Fowler, Noll and Vo's hash (variant 1a, 64 bits) of bytes: the same on every
/// machine.
pub(crate) fn fnv1a(bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes.into_iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats;

    fn draws(seed: u64, part: &str) -> Vec<u64> {
        let mut generator = rng(seed, part);
        (0..4).map(|_| generator.random()).collect()
    }

    #[test]
    fn seed_and_part_name_a_stream() {
        assert_eq!(draws(1, "a"), draws(1, "a"));
        assert_ne!(draws(1, "a"), draws(1, "b"));
        assert_ne!(draws(1, "a"), draws(2, "a"));
    }

    #[test]
    fn normal_draws_have_mean_zero_and_variance_one() {
        let mut generator = rng(7, "normal");

        let draws: Vec<f64> = (0..20_000)
            .map(|_| standard_normal(&mut generator))
            .collect();

        // Four standard errors: 4 / sqrt(20000) = 0.028 and 4 * sqrt(2 / 20000) = 0.04.
        assert!(stats::mean(&draws).abs() < 0.028);
        assert!((stats::variance(&draws) - 1.0).abs() < 0.04);
    }
}
