//! Log-mel spectrograms.
//!
//! Source: Davis & Mermelstein (1980), "Comparison of Parametric Representations for Monosyllabic
//! Word Recognition", without the cosine transform; the mel scale is O'Shaughnessy's.

use std::f32::consts::TAU;

use burn::tensor::{Device, Tensor, TensorData};

use super::recordings::RATE;

/// Bands of a spectrogram.
pub(crate) const N_BANDS: usize = 32;
/// Frames of a grid: 0.78 seconds; what is longer is cut in the middle.
pub(crate) const N_FRAMES: usize = 32;
/// Samples of a window: 32 milliseconds.
const WINDOW: usize = 256;
/// Samples from one window to the next: 24 milliseconds.
const HOP: usize = 192;
/// Frequencies of a window.
const N_FREQUENCIES: usize = WINDOW / 2 + 1;
/// The lowest frequency that a band hears, in hertz; the highest is half of the rate.
const LOWEST: f32 = 60.0;
/// What lies further below the loudest band of a recording counts as silence, in decibels.
const RANGE: f32 = 50.0;

/// How loud each band is in one window: 1 at the recording's loudest, -1 for silence.
pub(crate) type Frame = [f32; N_BANDS];

/// What turns samples into frames.
pub(crate) struct LogMel {
    /// Cosines and then sines of each frequency, `[WINDOW, 2 N_FREQUENCIES]`, in Hann's window. Of so
    /// short a window the Fourier transform costs little as a product, and needs no other library.
    waves: Tensor<2>,
    /// How well each band hears each frequency, `[N_FREQUENCIES, N_BANDS]`.
    bands: Tensor<2>,
}

impl LogMel {
    pub(crate) fn new() -> Self {
        let device = Device::flex();
        let waves = TensorData::new(waves(), [WINDOW, 2 * N_FREQUENCIES]);
        let bands = TensorData::new(bands(), [N_FREQUENCIES, N_BANDS]);
        Self {
            waves: Tensor::from_data(waves, &device),
            bands: Tensor::from_data(bands, &device),
        }
    }

    /// The frames of a recording, at least one.
    pub(crate) fn frames(&self, samples: &[f32]) -> Vec<Frame> {
        let n_frames = samples.len().saturating_sub(WINDOW).div_ceil(HOP) + 1;
        let mut windows = Vec::with_capacity(n_frames * WINDOW);
        for start in (0..n_frames).map(|frame| frame * HOP) {
            let end = samples.len().min(start + WINDOW);
            windows.extend_from_slice(&samples[start.min(end)..end]);
            windows.resize((start / HOP + 1) * WINDOW, 0.0);
        }
        let windows = TensorData::new(windows, [n_frames, WINDOW]);
        let windows = Tensor::<2>::from_data(windows, &self.waves.device());
        let squares = windows.matmul(self.waves.clone()).square(); // [n_frames, 2 N_FREQUENCIES]
        let power = squares.clone().slice([0..n_frames, 0..N_FREQUENCIES])
            + squares.slice([0..n_frames, N_FREQUENCIES..2 * N_FREQUENCIES]);
        let energy = power
            .matmul(self.bands.clone()) // [n_frames, N_BANDS]
            .into_data()
            .try_to_vec::<f32>()
            .expect("energies are single-precision numbers");
        in_range(&energy)
    }
}

/// Energies as frames: decibels below the loudest, silence beyond [`RANGE`].
fn in_range(energy: &[f32]) -> Vec<Frame> {
    // What is added keeps the logarithm of digital silence finite.
    let decibels = |energy: f32| 10.0 * (energy + 1e-10).log10();
    let loudest = decibels(energy.iter().copied().fold(0.0, f32::max));
    let (frames, _) = energy.as_chunks::<N_BANDS>();
    frames
        .iter()
        .map(|frame| {
            frame.map(|energy| 1.0 + 2.0 * (decibels(energy) - loudest).max(-RANGE) / RANGE)
        })
        .collect()
}

/// Cosines and sines in Hann's window, `[WINDOW, 2 N_FREQUENCIES]`.
fn waves() -> Vec<f32> {
    let angle =
        |at: usize, frequency: usize| TAU * (at * frequency % WINDOW) as f32 / WINDOW as f32;
    (0..WINDOW)
        .flat_map(|at| {
            let weight = 0.5 - 0.5 * angle(at, 1).cos();
            let cosines = (0..N_FREQUENCIES).map(move |frequency| angle(at, frequency).cos());
            let sines = (0..N_FREQUENCIES).map(move |frequency| angle(at, frequency).sin());
            cosines.chain(sines).map(move |wave| weight * wave)
        })
        .collect()
}

fn mel(hertz: f32) -> f32 {
    2_595.0 * (1.0 + hertz / 700.0).log10()
}

/// Triangles that overlap by half, evenly wide in mel, `[N_FREQUENCIES, N_BANDS]`.
fn bands() -> Vec<f32> {
    let (low, high) = (mel(LOWEST), mel(RATE as f32 / 2.0));
    let width = (high - low) / (N_BANDS + 1) as f32;
    (0..N_FREQUENCIES)
        .flat_map(|at| {
            let frequency = mel(at as f32 * RATE as f32 / WINDOW as f32);
            (0..N_BANDS).map(move |band| {
                let center = low + (band + 1) as f32 * width;
                (1.0 - (frequency - center).abs() / width).max(0.0)
            })
        })
        .collect()
}

/// Frames as a grid, `[N_BANDS, N_FRAMES]` in row-major order, silence around them. `place` says
/// where they lie: 0 at the left, 1 at the right, as far as there is room; of frames that are too
/// many it says which are seen.
pub(crate) fn grid(frames: &[Frame], place: f64) -> Vec<f32> {
    let mut grid = vec![-1.0; N_BANDS * N_FRAMES];
    let (n_seen, room) = (frames.len().min(N_FRAMES), frames.len().abs_diff(N_FRAMES));
    let shift = (place * room as f64).round() as usize;
    let (from, to) = if frames.len() < N_FRAMES {
        (0, shift)
    } else {
        (shift, 0)
    };
    for (at, frame) in frames[from..from + n_seen].iter().enumerate() {
        for (band, value) in frame.iter().enumerate() {
            grid[band * N_FRAMES + to + at] = *value;
        }
    }
    grid
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_is_loudest_in_the_band_of_its_frequency() {
        let (hertz, rate) = (1_000.0, RATE as f32);
        let tone: Vec<f32> = (0..4_000)
            .map(|at| (TAU * hertz * at as f32 / rate).sin())
            .collect();
        let width = (mel(rate / 2.0) - mel(LOWEST)) / (N_BANDS + 1) as f32;
        let expected = ((mel(hertz) - mel(LOWEST)) / width).round() as usize - 1;

        let frames = LogMel::new().frames(&tone);

        assert_eq!(frames.len(), (4_000_usize - WINDOW).div_ceil(HOP) + 1);
        let middle = frames[frames.len() / 2];
        let loudest = (0..N_BANDS).max_by(|a, b| middle[*a].total_cmp(&middle[*b]));
        assert_eq!(loudest, Some(expected));
        assert!((middle[expected] - 1.0).abs() < 0.05, "{middle:?}");
        assert_eq!(middle[N_BANDS - 1], -1.0, "silence far from the tone");
    }

    #[test]
    fn frames_lie_where_they_are_placed_and_long_recordings_are_cut() {
        let short = [[0.5; N_BANDS]; 2];
        let long: Vec<Frame> = (0..N_FRAMES + 4).map(|at| [at as f32; N_BANDS]).collect();

        let (left, right) = (grid(&short, 0.0), grid(&short, 1.0));
        let middle = grid(&long, 0.5);

        assert_eq!(left[..3], [0.5, 0.5, -1.0]);
        assert_eq!(right[N_FRAMES - 3..N_FRAMES], [-1.0, 0.5, 0.5]);
        assert_eq!(
            (middle[0], middle[N_FRAMES - 1]),
            (2.0, (N_FRAMES + 1) as f32)
        );
    }
}
