//! All chance of a network: first weights and what dropout drops.
//!
//! The tensor crate has one generator per process, so two fits at once would share its numbers and
//! neither could be repeated. Networks draw here and hand the numbers in.

use burn::tensor::{Device, Tensor, TensorData};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rapport_learn::privacy::NoiseKey;

/// A seeded source of tensors.
#[derive(Debug, Clone)]
pub struct Draws(ChaCha8Rng);

impl Draws {
    /// The draws of a named part of the work; parts do not share numbers.
    pub fn new(seed: u64, part: &str) -> Self {
        Self(rapport_learn::rng(seed, part))
    }

    /// The draws of a named part that nobody may repeat.
    pub(crate) fn secret(key: &NoiseKey, part: &str) -> Self {
        Self(key.rng(part))
    }

    /// Even numbers between `-bound` and `bound`.
    pub fn uniform<const D: usize>(
        &mut self,
        sizes: [usize; D],
        bound: f64,
        device: &Device,
    ) -> Tensor<D> {
        let n = sizes.iter().product();
        let numbers: Vec<f32> = (0..n)
            .map(|_| (self.0.random_range(-1.0..1.0) * bound) as f32)
            .collect();
        Tensor::from_data(TensorData::new(numbers, sizes), device)
    }

    /// Normal numbers around zero.
    pub fn normal<const D: usize>(
        &mut self,
        sizes: [usize; D],
        deviation: f64,
        device: &Device,
    ) -> Tensor<D> {
        let n = sizes.iter().product();
        let numbers: Vec<f32> = (0..n)
            .map(|_| (rapport_learn::standard_normal(&mut self.0) * deviation) as f32)
            .collect();
        Tensor::from_data(TensorData::new(numbers, sizes), device)
    }

    /// Numbers of the standard Gumbel distribution: the place of the largest of logits plus these is
    /// a draw from their softmax.
    pub fn gumbel(&mut self, n: usize) -> Vec<f32> {
        let draw = |rng: &mut ChaCha8Rng| {
            // Half a step above 0, so that both logarithms are finite.
            let even = (rng.random::<u32>() as f32 + 0.5) / 4_294_967_296.0;
            -(-even.ln()).ln()
        };
        (0..n).map(|_| draw(&mut self.0).min(15.0)).collect()
    }

    /// A whole number below `n`.
    ///
    /// # Panics
    /// When `n` is 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0.random_range(0..n)
    }

    /// An even number in `[0, 1)`.
    pub fn share(&mut self) -> f64 {
        self.0.random()
    }

    /// Zero with probability `share`, else `1 / (1 - share)`, so that the mean stays 1.
    pub(crate) fn dropped<const D: usize>(
        &mut self,
        sizes: [usize; D],
        share: f64,
        device: &Device,
    ) -> Tensor<D> {
        let n: usize = sizes.iter().product();
        let kept = (1.0 / (1.0 - share)) as f32;
        // Sixteen bits decide one number: the share is met within 1/65536.
        let below = (share * 65_536.0).round() as u32;
        let mut numbers = Vec::with_capacity(n + 4);
        while numbers.len() < n {
            let mut bits: u64 = self.0.random();
            for _ in 0..4 {
                let drop = ((bits & 0xffff) as u32) < below;
                numbers.push(if drop { 0.0 } else { kept });
                bits >>= 16;
            }
        }
        numbers.truncate(n);
        Tensor::from_data(TensorData::new(numbers, sizes), device)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::testing::values;

    #[test]
    fn the_same_seed_draws_the_same_numbers_and_parts_do_not_share() {
        let device = crate::device::of_tests();
        let draw = |seed, part| values(Draws::new(seed, part).normal([100], 1.0, &device));

        assert_eq!(draw(1, "weights"), draw(1, "weights"));
        assert_ne!(draw(1, "weights"), draw(2, "weights"));
        assert_ne!(draw(1, "weights"), draw(1, "dropout"));
    }

    #[test]
    fn dropping_keeps_the_mean() {
        let dropped =
            values(Draws::new(1, "dropout").dropped([100, 100], 0.3, &crate::device::of_tests()));

        let zeros = dropped.iter().filter(|kept| **kept == 0.0).count();
        let mean = dropped.iter().sum::<f32>() / 1e4;

        assert!((2_800..3_200).contains(&zeros), "{zeros} of 10,000 dropped");
        assert!((mean - 1.0).abs() < 0.03, "mean {mean}");
    }

    #[test]
    fn uniform_numbers_stay_within_their_bound() {
        let drawn =
            values(Draws::new(1, "weights").uniform([1000], 0.5, &crate::device::of_tests()));
        assert!(drawn.iter().all(|x| x.abs() <= 0.5));
        assert!(drawn.iter().any(|x| x.abs() > 0.45));
    }
}
