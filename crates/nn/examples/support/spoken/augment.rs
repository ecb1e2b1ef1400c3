//! How training varies what it hears, so that a network learns words and not recordings.
//!
//! Sources: Ko et al. (2015), "Audio Augmentation for Speech Recognition" (speed); Park et al.
//! (2019), "SpecAugment" (masks).

use rapport_nn::Draws;

use super::{Frame, LogMel, N_BANDS, Recording, grid};

/// How much is varied.
#[derive(Clone, Copy)]
pub(crate) struct Augment {
    /// Largest factor of speed, up or down; pitch and the shape of the mouth go with it.
    pub(crate) speed: f64,
    /// Loudest noise, as a share of the recording's own loudness.
    pub(crate) noise: f64,
    /// Largest part of the bands that is masked, and of the frames.
    pub(crate) mask: f64,
}

impl Augment {
    /// A varied grid of a recording.
    pub(crate) fn grid(&self, recording: &Recording, mel: &LogMel, draws: &mut Draws) -> Vec<f32> {
        let speed = self.speed.powf(2.0 * draws.share() - 1.0);
        let mut samples = at_speed(&recording.samples, speed);
        add_noise(&mut samples, self.noise * draws.share().powi(2), draws);
        let mut frames = mel.frames(&samples);
        self.mask(&mut frames, draws);
        grid(&frames, draws.share())
    }

    /// Silences a run of bands and a run of frames.
    fn mask(&self, frames: &mut [Frame], draws: &mut Draws) {
        let mut run = |n: usize| {
            let length = (draws.share() * self.mask * n as f64).round() as usize;
            let start = (draws.share() * (n - length + 1) as f64) as usize;
            start..start + length
        };
        let (bands, hidden) = (run(N_BANDS), run(frames.len()));
        for frame in frames.iter_mut() {
            frame[bands.clone()].fill(-1.0);
        }
        for frame in &mut frames[hidden] {
            frame.fill(-1.0);
        }
    }
}

/// Samples played at another speed, in straight lines from one to the next.
fn at_speed(samples: &[f32], speed: f64) -> Vec<f32> {
    let n = (samples.len() as f64 / speed) as usize;
    (0..n)
        .map(|at| {
            let place = at as f64 * speed;
            let (left, share) = (place as usize, place.fract() as f32);
            let last = samples.len() - 1;
            let (left, right) = (samples[left.min(last)], samples[(left + 1).min(last)]);
            left + share * (right - left)
        })
        .collect()
}

/// Adds even noise whose loudness is this share of the samples'.
fn add_noise(samples: &mut [f32], share: f64, draws: &mut Draws) {
    let power = samples.iter().map(|x| f64::from(x * x)).sum::<f64>() / samples.len().max(1) as f64;
    // Even numbers within -b and b have the power b² / 3.
    let bound = share * (3.0 * power).sqrt();
    for sample in samples {
        *sample += ((2.0 * draws.share() - 1.0) * bound) as f32;
    }
}
