//! Chance: ChaCha8 streams keyed by seed, purpose and number, and draws from them.
//!
//! Every platform gets the same bytes: integers come straight from the stream, and what needs
//! logarithms uses the ones below, which are made of the four IEEE operations and square roots
//! alone. The system's own `ln` and `exp` differ in the last bit from one platform to the next.

use rand::rand_core::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What a stream is for. Each purpose has streams of its own, so that a draw more in one place
/// moves nothing elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Person = 1,
    Company = 2,
    Accounts = 3,
    SalesRecords = 4,
    Orders = 5,
    Campaigns = 6,
    Visits = 7,
    Tickets = 8,
    Permutation = 9,
    Deals = 10,
}

/// A source of draws.
#[derive(Debug)]
pub(crate) struct Chance(ChaCha8Rng);

impl Chance {
    /// The stream of one thing: the key holds seed and purpose, the stream number its index.
    pub(crate) fn new(seed: u64, purpose: Purpose, index: u64) -> Self {
        let mut key = [0_u8; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8] = purpose as u8;
        key[16..].copy_from_slice(b"rapport twin 001");
        let mut rng = ChaCha8Rng::from_seed(key);
        rng.set_stream(index);
        Self(rng)
    }

    /// 64 random bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number in `0..n`; `n` must not be zero. The bias is below `n / 2^32`.
    pub(crate) fn below(&mut self, n: u32) -> u32 {
        debug_assert!(n > 0, "nothing lies below zero");
        ((u64::from(self.0.next_u32()) * u64::from(n)) >> 32) as u32
    }

    /// A number in `low..=high`.
    pub(crate) fn between(&mut self, low: i32, high: i32) -> i32 {
        let width = high.abs_diff(low) + 1;
        low + self.below(width).cast_signed()
    }

    /// True this many times in a thousand.
    pub(crate) fn permille(&mut self, share: u32) -> bool {
        self.below(1000) < share
    }

    /// One of the items, all alike.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let n = u32::try_from(items.len()).expect("lists are short");
        &items[self.below(n) as usize]
    }

    /// A position, as likely as its weight; the weights must not all be zero.
    pub(crate) fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (idx, &weight) in weights.iter().enumerate() {
            if left < weight {
                return idx;
            }
            left -= weight;
        }
        unreachable!("a number below the sum falls into one of the parts")
    }

    /// Uniform on the open interval from 0 to 1.
    pub(crate) fn uniform(&mut self) -> f64 {
        ((self.bits() >> 11) as f64 + 0.5) * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Exponential with mean 1.
    pub(crate) fn exponential(&mut self) -> f64 {
        -ln(self.uniform())
    }

    /// Standard normal, by the polar method.
    fn normal(&mut self) -> f64 {
        loop {
            let (x, y) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let square = x * x + y * y;
            if square < 1.0 {
                return x * (-2.0 * ln(square) / square).sqrt();
            }
        }
    }

    /// Gamma with the given shape and mean.
    ///
    /// # Source
    /// Marsaglia & Tsang (2000), "A Simple Method for Generating Gamma Variables"; shapes below 1
    /// by the same paper's power of a uniform number.
    pub(crate) fn gamma(&mut self, shape: f64, mean: f64) -> f64 {
        let scale = mean / shape;
        let (shape, boost) = if shape < 1.0 {
            (shape + 1.0, exp(ln(self.uniform()) / shape))
        } else {
            (shape, 1.0)
        };
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x) * (1.0 + c * x) * (1.0 + c * x);
            if v > 0.0 && ln(self.uniform()) < 0.5 * x * x + d - d * v + d * ln(v) {
                return d * v * boost * scale;
            }
        }
    }
}

/// Natural logarithm of a positive normal number: exponent and mantissa apart, then the series of
/// the inverse hyperbolic tangent.
pub(crate) fn ln(x: f64) -> f64 {
    debug_assert!(x > 0.0, "the logarithm needs a positive number");
    let bits = x.to_bits();
    let mut exponent = ((bits >> 52) as i64 - 1023) as f64;
    let mut mantissa = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000);
    if mantissa > std::f64::consts::SQRT_2 {
        mantissa *= 0.5;
        exponent += 1.0;
    }
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let square = s * s;
    let mut sum = 0.0;
    for k in (0..12).rev() {
        sum = sum * square + 1.0 / f64::from(2 * k + 1);
    }
    exponent * std::f64::consts::LN_2 + 2.0 * s * sum
}

/// Exponential function between -700 and 700: a power of two times a short Taylor series.
pub(crate) fn exp(x: f64) -> f64 {
    let x = x.clamp(-700.0, 700.0);
    let power = (x / std::f64::consts::LN_2 + 0.5).floor();
    let rest = x - power * std::f64::consts::LN_2;
    let mut sum = 1.0;
    for k in (1..=16).rev() {
        sum = 1.0 + rest / f64::from(k) * sum;
    }
    sum * f64::from_bits(((power as i64 + 1023) as u64) << 52)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithm_and_exponential_agree_with_the_system() {
        let mut chance = Chance::new(1, Purpose::Person, 0);
        for _ in 0..2000 {
            let x = 40.0 * chance.uniform() - 20.0;

            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-13, "exp {x}");
            assert!((ln(x.exp()) - x).abs() < 1e-13 * x.abs().max(1.0), "ln {x}");
        }
    }

    #[test]
    fn gamma_has_the_mean_and_variance_of_its_shape() {
        for (shape, mean) in [(0.5, 2.0), (1.0, 3.0), (3.0, 14.0)] {
            let mut chance = Chance::new(7, Purpose::Person, 1);
            let draws: Vec<f64> = (0..40_000).map(|_| chance.gamma(shape, mean)).collect();

            let average = draws.iter().sum::<f64>() / 40_000.0;
            let variance = draws.iter().map(|x| (x - average).powi(2)).sum::<f64>() / 40_000.0;

            assert!((average / mean - 1.0).abs() < 0.03, "{shape}: {average}");
            let expected = mean * mean / shape;
            assert!(
                (variance / expected - 1.0).abs() < 0.08,
                "{shape}: {variance}"
            );
        }
    }

    #[test]
    fn weights_decide_how_often() {
        let mut chance = Chance::new(3, Purpose::Person, 2);
        let mut counts = [0; 3];
        for _ in 0..10_000 {
            counts[chance.weighted(&[1, 0, 3])] += 1;
        }

        assert_eq!(counts[1], 0);
        assert!((2300..2700).contains(&counts[0]), "{counts:?}");
    }

    #[test]
    fn streams_differ_by_seed_purpose_and_number() {
        let first = |seed, purpose, index| Chance::new(seed, purpose, index).bits();
        let one = first(1, Purpose::Person, 1);

        assert_eq!(one, first(1, Purpose::Person, 1));
        assert_ne!(one, first(2, Purpose::Person, 1));
        assert_ne!(one, first(1, Purpose::Orders, 1));
        assert_ne!(one, first(1, Purpose::Person, 2));
    }
}
