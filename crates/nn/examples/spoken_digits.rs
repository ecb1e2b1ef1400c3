//! Spoken digits (FSDD): a CNN over log-mel spectrograms beside logistic regression on how loud each
//! band is on average, for recordings never heard and for speakers never heard.
//!
//! ```text
//! cargo run --release -p rapport-nn --example spoken_digits
//! ```
//! Seven networks are trained: one on the first recordings of everybody, and one without each of the
//! six speakers. Training varies speed, noise and place and masks parts; tests hear recordings as
//! they are. `--held-back` leaves the test recordings alone, to choose settings by.
#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

#[path = "support/demo/mod.rs"]
mod demo;
#[path = "support/spoken/mod.rs"]
mod spoken;

use std::collections::BTreeSet;
use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};
use rapport_learn::linear::{LogisticParams, Penalty};
use rapport_learn::{Cancellation, Check, Context, Examples, Fit, Matrix, Predict, Silent, stats};
use rapport_nn::models::{GridCnn, GridCnnConfig, GridSummary};
use rapport_nn::ops::cross_entropy;
use rapport_nn::train::{Schedule, Task, TrainParams};
use rapport_nn::{Draws, NnError};

use demo::{Arguments, Budget, Report, timed};
use spoken::{Augment, Frame, LogMel, N_BANDS, N_FRAMES, Parts, Recording, grid};

const N_DIGITS: usize = 10;
/// Grids that are looked at together in a test.
const CHUNK: usize = 64;

fn main() -> ExitCode {
    demo::run(compare)
}

fn compare(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let path = arguments.folder("fsdd").join("recordings_train.tar.gz");
    let mut recordings = spoken::read(&path)?;
    if arguments.quick {
        recordings.retain(|recording| recording.idx % 3 == 0);
    }
    let names: BTreeSet<String> = recordings.iter().map(|r| r.speaker.clone()).collect();
    let mut speakers: Vec<&str> = names.iter().map(String::as_str).collect();
    println!(
        "spoken digits: {} recordings of {} speakers; seed {}",
        recordings.len(),
        speakers.len(),
        arguments.seed
    );
    let n_tested = if arguments.quick { 1 } else { speakers.len() };
    let digits = Digits::new(&recordings, arguments, n_tested);

    let mut splits = vec![spoken::unseen_recordings(
        &recordings,
        arguments.held_back,
        arguments.seed,
    )?];
    for speaker in 0..n_tested {
        splits.push(spoken::unseen_speaker(
            &recordings,
            &speakers,
            speaker,
            arguments.held_back,
            arguments.seed,
        )?);
    }
    if arguments.held_back {
        speakers.rotate_left(1);
    }
    let report = Report::begin(&["recordings", "speakers"], 3);
    let mut by_method = Vec::new();
    for (name, method) in [
        (
            "logistic regression on mean log-mel",
            Digits::logistic as Method<'_>,
        ),
        ("CNN on log-mel", Digits::cnn),
    ] {
        let run = || {
            splits
                .iter()
                .map(|parts| method(&digits, parts))
                .collect::<Result<Vec<_>, _>>()
        };
        let (shares, seconds) = timed(run)?;
        report.row(name, &[shares[0], stats::mean(&shares[1..])], seconds);
        by_method.push(shares);
    }
    println!("\nspeaker never heard     logistic         CNN");
    for (at, speaker) in speakers.iter().take(n_tested).enumerate() {
        let [logistic, cnn] = [0, 1].map(|method: usize| by_method[method][at + 1]);
        println!("{speaker:20}{logistic:>12.3}{cnn:>12.3}");
    }
    Ok(())
}

type Method<'a> = fn(&Digits<'a>, &Parts) -> Result<f64, Box<dyn Error>>;

/// The recordings and how they are learned.
struct Digits<'a> {
    recordings: &'a [Recording],
    mel: LogMel,
    /// The frames of each recording as it is.
    frames: Vec<Vec<Frame>>,
    seed: u64,
    params: TrainParams,
    budget: Budget,
}

impl<'a> Digits<'a> {
    fn new(recordings: &'a [Recording], arguments: &Arguments, n_tested: usize) -> Self {
        let mel = LogMel::new();
        let frames = recordings
            .iter()
            .map(|recording| mel.frames(&recording.samples));
        Self {
            frames: frames.collect(),
            mel,
            recordings,
            seed: arguments.seed,
            params: TrainParams {
                n_epochs: arguments.n_epochs(30),
                batch_size: 32,
                learning_rate: 3e-3,
                schedule: Schedule::Cosine {
                    warm_up: 0.05,
                    end: 0.02,
                },
                ..TrainParams::default()
            },
            budget: Budget::new(arguments, n_tested as u32 + 1),
        }
    }

    /// The share of test recordings that logistic regression knows by their bands' mean loudness.
    fn logistic(&self, parts: &Parts) -> Result<f64, Box<dyn Error>> {
        let known: Vec<usize> = parts
            .train
            .iter()
            .chain(&parts.held_back)
            .copied()
            .collect();
        let cancel = Cancellation::default();
        let context = Context::new(self.seed, &Silent, &cancel);
        let params = LogisticParams {
            penalty: Penalty::ridge(1e-3),
            ..LogisticParams::new(N_DIGITS)
        };
        let classes: Vec<u32> = known
            .iter()
            .map(|&at| self.recordings[at].digit as u32)
            .collect();
        let model = params
            .check()?
            .fit(&Examples::new(&self.means(&known)?, &classes), &context)?;
        let found = model.predict(&self.means(&parts.test)?)?;
        let pairs = found.iter().zip(&parts.test);
        let n_right = pairs
            .filter(|(found, at)| **found as usize == self.recordings[**at].digit)
            .count();
        Ok(n_right as f64 / parts.test.len() as f64)
    }

    /// The mean loudness of each band, `(n_recordings, N_BANDS)`.
    fn means(&self, chosen: &[usize]) -> Result<Matrix, Box<dyn Error>> {
        let mean = |frames: &Vec<Frame>, band: usize| {
            frames
                .iter()
                .map(|frame| f64::from(frame[band]))
                .sum::<f64>()
                / frames.len() as f64
        };
        let values = chosen.iter().flat_map(|&at| {
            let frames = &self.frames[at];
            (0..N_BANDS).map(move |band| mean(frames, band))
        });
        Ok(Matrix::new(chosen.len(), N_BANDS, values.collect())?)
    }

    /// The share of test recordings that a network knows.
    fn cnn(&self, parts: &Parts) -> Result<f64, Box<dyn Error>> {
        let device = Device::flex();
        let draws = &mut Draws::new(self.seed, "weights");
        let config = GridCnnConfig {
            is_normalized: true,
            summary: GridSummary::RowMeans { height: N_BANDS },
            ..GridCnnConfig::new(1, N_DIGITS)
        };
        let network = config.init(&device.clone().autodiff(), draws)?;
        let task = Hearing {
            digits: self,
            parts,
            augment: Augment {
                speed: 1.15,
                noise: 0.2,
                mask: 0.15,
            },
        };
        let cancel = Cancellation::default();
        let context = self.budget.context(self.seed, &cancel);
        let params = self.params.clone().check()?;
        let fitted = params.fit(&task, network, &device, &context, &mut (), None)?;
        let [right, _] = self.measure(&fitted.network, &parts.test);
        Ok(right)
    }

    /// The share of recordings that a network knows, and its mean loss.
    fn measure(&self, network: &GridCnn, chosen: &[usize]) -> [f64; 2] {
        let mut sums = [0.0; 2];
        for chunk in chosen.chunks(CHUNK) {
            let grids = chunk.iter().flat_map(|&at| grid(&self.frames[at], 0.5));
            let logits = network.forward(batch(grids.collect(), &Device::flex()), &mut None);
            let digits = self.digits(chunk);
            let loss = cross_entropy(logits.clone(), &digits).sum();
            sums[1] += f64::from(loss.into_scalar::<f32>());
            let logits = logits
                .into_data()
                .try_to_vec::<f32>()
                .expect("logits are single-precision numbers");
            let likeliest = logits.chunks(N_DIGITS).map(|logits| {
                let best = logits.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
                best.map_or(0, |(digit, _)| digit)
            });
            let n_right = likeliest
                .zip(digits.iter())
                .filter(|(found, digit)| found == *digit);
            sums[0] += n_right.count() as f64;
        }
        sums.map(|sum| sum / chosen.len() as f64)
    }

    fn digits(&self, chosen: &[usize]) -> Arc<[usize]> {
        chosen.iter().map(|&at| self.recordings[at].digit).collect()
    }
}

/// Grids as a batch, `[n, 1, N_BANDS, N_FRAMES]`.
fn batch(grids: Vec<f32>, device: &Device) -> Tensor<4> {
    let n = grids.len() / (N_BANDS * N_FRAMES);
    Tensor::from_data(TensorData::new(grids, [n, 1, N_BANDS, N_FRAMES]), device)
}

/// The task of one network.
struct Hearing<'a> {
    digits: &'a Digits<'a>,
    parts: &'a Parts,
    augment: Augment,
}

impl Task for Hearing<'_> {
    type Network = GridCnn;

    fn n_examples(&self) -> usize {
        self.parts.train.len()
    }

    fn loss(
        &self,
        network: &GridCnn,
        examples: &[usize],
        chance: &mut Option<Draws>,
    ) -> Result<Tensor<1>, NnError> {
        let chosen: Vec<usize> = examples.iter().map(|&at| self.parts.train[at]).collect();
        let grids = chosen.iter().flat_map(|&at| match chance {
            Some(draws) => self
                .augment
                .grid(&self.digits.recordings[at], &self.digits.mel, draws),
            None => grid(&self.digits.frames[at], 0.5),
        });
        let grids = batch(grids.collect(), &Device::flex().autodiff());
        let logits = network.forward(grids, chance);
        Ok(cross_entropy(logits, &self.digits.digits(&chosen)).mean())
    }

    fn validate(&self, network: &GridCnn) -> Result<Option<f64>, NnError> {
        let [_, loss] = self.digits.measure(network, &self.parts.held_back);
        Ok(Some(loss))
    }
}
