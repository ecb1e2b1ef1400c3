//! The loop of every training.

use std::path::Path;

use burn::module::Module;
use burn::optim::{GradientsAccumulator, GradientsParams};
use burn::tensor::Device;
use rapport_learn::{Context, LearnError};
use serde::{Deserialize, Serialize};

use super::batches::batches;
use super::checkpoint::Checkpoint;
use super::clipping::ClippedSum;
use super::optimizer::{Optimizer, gradient_norm, weight_norm};
use super::origin::Origin;
use super::privacy::Lot;
use super::{PrivacyParams, PrivacySpent, Recorder, Task, TrainParams, ValidTrainParams};
use crate::{Draws, NnError};

/// A trained network.
#[derive(Debug, Clone)]
pub struct Fitted<M> {
    /// The network that validated best, or the last one when nothing was held back. A validation
    /// that is no finite number is never the best.
    pub network: M,
    /// Its validation.
    pub validation: Option<f64>,
    /// The epoch after which it was best, from 1.
    pub epoch: usize,
    /// Why the training stopped.
    pub stopped: StopReason,
    /// What the training told about any one example; `None` unless it was asked to be private.
    pub privacy: Option<PrivacySpent>,
}

/// Why a training stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// All epochs were made.
    Done,
    /// Validation got no better for as many epochs as patience allows.
    NoLongerBetter,
    /// The deadline came after a network had been validated: the best until then is kept.
    OutOfTime,
}

/// Where a training is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct State {
    /// Epochs done.
    pub(super) epoch: usize,
    /// Steps done.
    pub(super) step: usize,
    /// Steps that the optimizer counts.
    pub(super) optimizer_time: usize,
    /// The best validation and the epoch after which it was measured.
    pub(super) best: Option<(f64, usize)>,
    /// What the training began with: all steps must have been made under the same.
    pub(super) origin: Origin,
}

impl ValidTrainParams {
    /// Trains the network. The same task, network, parameters and seed give the same bits, also when
    /// the training stopped on the way and went on from its checkpoint.
    ///
    /// `checkpoint` is a folder that is written after every epoch, and gone on from when it holds the
    /// training already: the same seed, as many examples and the same parameters, though more epochs
    /// may be asked for. Files in it that no checkpoint wrote stay.
    ///
    /// A deadline of the context ends the training with the best network that was validated before
    /// it: a budget of time is then kept, and how far the training came depends on the machine.
    ///
    /// # Errors
    /// [`NnError::NoExamples`], [`NnError::Diverged`], cancellation, a deadline before any network
    /// was validated, whatever the task's losses refuse, a folder that cannot be written or read, and
    /// [`NnError::OtherTraining`] for one of another training or with more epochs than are asked for.
    pub fn fit<T: Task>(
        &self,
        task: &T,
        network: T::Network,
        device: &Device,
        context: &Context<'_>,
        recorder: &mut dyn Recorder,
        checkpoint: Option<&Path>,
    ) -> Result<Fitted<T::Network>, NnError> {
        if task.n_examples() == 0 {
            return Err(NnError::NoExamples);
        }
        let checkpoint = checkpoint.map(Checkpoint::new);
        let mut network = network.train();
        let params = self.get();
        let origin = Origin::new(params, task.n_examples(), context.seed);
        let mut training = Training::new(origin);
        if let Some(checkpoint) = &checkpoint
            && let Some(saved) = checkpoint.saved()?
        {
            training.require_same(&saved.state, params, checkpoint.folder())?;
            let loaded = checkpoint.load(saved, network, device)?;
            network = loaded.network.train();
            training = Training {
                best: loaded.best,
                optimizer: loaded.optimizer,
                state: loaded.state,
            };
        }
        let mut stopped = StopReason::Done;
        while training.state.epoch < params.n_epochs {
            if training.is_out_of_patience(params) {
                stopped = StopReason::NoLongerBetter;
                break;
            }
            let trained = training.epoch(task, network, params, context, recorder);
            match (trained, &training.best) {
                (Err(NnError::Learn(LearnError::DeadlineExceeded)), Some(best)) => {
                    network = best.clone();
                    stopped = StopReason::OutOfTime;
                    break;
                }
                (trained, _) => network = trained?,
            }
            training.validate(task, &network, recorder)?;
            if let Some(checkpoint) = &checkpoint {
                let Training {
                    best,
                    optimizer,
                    state,
                } = &training;
                checkpoint.save(&network, best.as_ref(), optimizer, state)?;
            }
        }
        let lot = Lot::of(params, task.n_examples());
        let spent = |privacy: &PrivacyParams| privacy.spent(lot, training.state.step);
        let privacy = params.privacy.as_ref().map(spent).transpose()?;
        training.finish(task, network, stopped, privacy)
    }
}

/// A training under way, less its network: that is handed on by value, so that a step works in place.
struct Training<M> {
    best: Option<M>,
    optimizer: Optimizer,
    state: State,
}

impl<M: Module> Training<M> {
    fn new(origin: Origin) -> Self {
        Self {
            best: None,
            optimizer: Optimizer::default(),
            state: State {
                epoch: 0,
                step: 0,
                optimizer_time: 0,
                best: None,
                origin,
            },
        }
    }

    /// Refuses what a folder holds where it is not this training, or has gone further than is asked
    /// for: its network would pass for one of fewer epochs.
    fn require_same(
        &self,
        found: &State,
        params: &TrainParams,
        folder: &Path,
    ) -> Result<(), NnError> {
        self.state.origin.require_that_of(&found.origin, folder)?;
        if found.epoch > params.n_epochs {
            return Err(NnError::OtherTraining {
                folder: folder.to_owned(),
                setting: "n_epochs".to_owned(),
                found: found.epoch.to_string(),
                asked: params.n_epochs.to_string(),
            });
        }
        Ok(())
    }

    fn is_out_of_patience(&self, params: &TrainParams) -> bool {
        match (params.patience, self.state.best) {
            (Some(patience), Some((_, epoch))) => self.state.epoch - epoch >= patience,
            _ => false,
        }
    }

    /// One pass over all examples.
    fn epoch<T: Task<Network = M>>(
        &mut self,
        task: &T,
        mut network: M,
        params: &TrainParams,
        context: &Context<'_>,
        recorder: &mut dyn Recorder,
    ) -> Result<M, NnError> {
        let groups = self.groups(task, params, context.seed);
        let n_all = groups.len() * params.n_epochs;
        let mut losses = 0.0;
        for group in &groups {
            context.proceed()?;
            let (loss, gradients) = match &params.privacy {
                Some(privacy) => {
                    let n_wanted = Lot::of(params, task.n_examples()).n_wanted();
                    self.noisy_gradients(task, &network, group, privacy, n_wanted, context.seed)?
                }
                None => self.gradients(task, &network, group, context.seed)?,
            };
            losses += loss;
            let scale = self.clip(&network, &gradients, params.clip_norm)?;
            let factor = params.schedule.factor(self.state.step, n_all);
            let rate = params.learning_rate * factor;
            network = self
                .optimizer
                .step(&params.optimizer, rate, network, gradients, scale);
            self.state.step += 1;
            self.state.optimizer_time = self.optimizer.time;
            recorder.record("loss", self.state.step, loss);
            recorder.record("learning_rate", self.state.step, rate);
            context
                .progress
                .report("train", self.state.step as u64, n_all as u64);
        }
        self.state.epoch += 1;
        recorder.record("epoch_loss", self.state.step, losses / groups.len() as f64);
        Ok(network)
    }

    /// Per step of an epoch the batches that it sees.
    fn groups<T: Task>(&self, task: &T, params: &TrainParams, seed: u64) -> Vec<Vec<Vec<usize>>> {
        let n_examples = task.n_examples();
        let Some(privacy) = &params.privacy else {
            let n_steps = |example| task.n_steps(example);
            let epoch = self.state.epoch;
            return batches(n_examples, n_steps, params.batch_size, seed, epoch)
                .chunks(params.n_accumulated)
                .map(<[Vec<usize>]>::to_vec)
                .collect();
        };
        let lot = Lot::of(params, n_examples);
        (0..lot.n_steps_per_epoch())
            .map(|step| {
                let drawn = lot.draw(&privacy.key, self.state.step + step);
                drawn
                    .chunks(params.batch_size)
                    .map(<[usize]>::to_vec)
                    .collect()
            })
            .collect()
    }

    /// The mean loss of a group of batches, and gradients that keep each example private.
    fn noisy_gradients<T: Task<Network = M>>(
        &self,
        task: &T,
        network: &M,
        group: &[Vec<usize>],
        privacy: &PrivacyParams,
        n_wanted: usize,
        seed: u64,
    ) -> Result<(f64, GradientsParams), NnError> {
        let n: usize = group.iter().map(Vec::len).sum();
        let mut sum = ClippedSum::default();
        for (i, batch) in group.iter().enumerate() {
            let chance = Draws::new(seed, &chance_of(self.state.step, i));
            sum.add(task, network, batch, privacy.clip_norm, &chance)?;
        }
        let loss = sum.loss / n.max(1) as f64;
        let step = self.state.step + 1;
        NnError::require_finite("the loss", loss, step)?;
        if let Some(norm) = sum.diverged {
            NnError::require_finite("the length of an example's gradient", norm, step)?;
        }
        let mut noise = Draws::secret(&privacy.key, &format!("noise of step {}", self.state.step));
        let deviation = privacy.deviation();
        Ok((
            loss,
            sum.noisy_mean(network, deviation, n_wanted, &mut noise),
        ))
    }

    /// The mean loss of a group of batches and its gradients.
    fn gradients<T: Task<Network = M>>(
        &self,
        task: &T,
        network: &M,
        group: &[Vec<usize>],
        seed: u64,
    ) -> Result<(f64, GradientsParams), NnError> {
        let n: usize = group.iter().map(Vec::len).sum();
        let mut sum = GradientsAccumulator::new();
        let mut mean = 0.0;
        for (i, batch) in group.iter().enumerate() {
            let mut chance = Some(Draws::new(seed, &chance_of(self.state.step, i)));
            let loss = task.loss(network, batch, &mut chance)?;
            // A batch counts by its examples, so that a short last one weighs no more.
            let share = batch.len() as f64 / n as f64;
            let loss = loss * share;
            let gradients = GradientsParams::from_grads(loss.backward(), network);
            let value = f64::from(loss.into_scalar::<f32>());
            NnError::require_finite("the loss", value, self.state.step + 1)?;
            mean += value;
            if group.len() == 1 {
                return Ok((mean, gradients));
            }
            sum.accumulate(network, gradients);
        }
        Ok((mean, sum.grads()))
    }

    fn validate<T: Task<Network = M>>(
        &mut self,
        task: &T,
        network: &M,
        recorder: &mut dyn Recorder,
    ) -> Result<(), NnError> {
        let Some(found) = task.validate(&network.clone().valid())? else {
            return Ok(());
        };
        recorder.record("validation", self.state.step, found);
        // A first NaN would stay the best for good: no number is below it.
        if found.is_finite() && self.state.best.is_none_or(|(best, _)| found < best) {
            self.state.best = Some((found, self.state.epoch));
            self.best = Some(network.clone());
        }
        Ok(())
    }

    /// What the gradients are multiplied with so that they are no longer than allowed.
    fn clip(
        &self,
        network: &M,
        gradients: &GradientsParams,
        clip_norm: Option<f64>,
    ) -> Result<f64, NnError> {
        let Some(longest) = clip_norm else {
            return Ok(1.0);
        };
        let norm = gradient_norm(network, gradients);
        NnError::require_finite("the length of the gradient", norm, self.state.step + 1)?;
        Ok(if norm > longest { longest / norm } else { 1.0 })
    }

    fn finish<T: Task<Network = M>>(
        self,
        task: &T,
        network: M,
        stopped: StopReason,
        privacy: Option<PrivacySpent>,
    ) -> Result<Fitted<M>, NnError> {
        let (validation, epoch) = match self.state.best {
            Some((validation, epoch)) => (Some(validation), epoch),
            None => (None, self.state.epoch),
        };
        let network = self.best.unwrap_or(network).valid();
        if validation.is_none() {
            require_numbers(task, &network, self.state.step)?;
        }
        Ok(Fitted {
            network,
            validation,
            epoch,
            stopped,
            privacy,
        })
    }
}

/// Refuses a last network that no validation spoke for and that is worth nothing. Without a limit on
/// gradients a step is only known by its loss, and no loss comes after the last step; and where there
/// are validations, none was a number.
fn require_numbers<T: Task>(task: &T, network: &T::Network, step: usize) -> Result<(), NnError> {
    NnError::require_finite("the length of the weights", weight_norm(network), step)?;
    match task.validate(network)? {
        Some(validation) => NnError::require_finite("the validation", validation, step),
        None => Ok(()),
    }
}

/// The name of the draws of one batch of a step.
fn chance_of(step: usize, batch: usize) -> String {
    format!("chance of step {step}, batch {batch}")
}
