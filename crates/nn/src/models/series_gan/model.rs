//! A fitted generator of histories.

use std::sync::Arc;

use burn::tensor::Device;
use rapport_learn::Matrix;

use super::SeriesGenerator;
use super::scale::SeriesScale;
use crate::{Draws, NnError};

/// Histories that are made at once.
const CHUNK: usize = 256;

/// Makes histories like those it was fitted on. It keeps none of them: weights, scales and lengths
/// only.
#[derive(Debug, Clone)]
pub struct SeriesGan {
    scale: SeriesScale,
    generator: SeriesGenerator,
    device: Device,
}

impl SeriesGan {
    pub(super) fn new(scale: SeriesScale, generator: SeriesGenerator, device: Device) -> Self {
        Self {
            scale,
            generator,
            device,
        }
    }

    /// Makes histories, each `(n_steps, n_features)`, as long as those that were fitted and within
    /// their ranges; features that were whole numbers come out as such. The same seed makes the same
    /// histories.
    ///
    /// # Errors
    /// None that the caller can cause; a width that does not fit would be one of this crate.
    pub fn sample(&self, n: usize, seed: u64) -> Result<Vec<Matrix>, NnError> {
        let mut draws = Draws::new(seed, "made histories");
        let known = self.scale.lengths();
        let n_features = self.scale.n_features();
        let mut made = Vec::with_capacity(n);
        while made.len() < n {
            let lengths: Arc<[usize]> = (0..CHUNK.min(n - made.len()))
                .map(|_| known[draws.below(known.len())])
                .collect();
            let noise = self.generator.noise(&lengths, &mut draws, &self.device);
            let steps = self.generator.forward(noise, &lengths);
            let width = steps.dims()[1] * n_features;
            let numbers = steps
                .into_data()
                .try_to_vec::<f32>()
                .expect("networks give single-precision numbers");
            for (history, length) in numbers.chunks_exact(width).zip(lengths.iter()) {
                made.push(self.scale.undo(&history[..length * n_features])?);
            }
        }
        Ok(made)
    }
}
