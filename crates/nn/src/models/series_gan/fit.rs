//! The contest of generator and discriminator over histories.

use std::sync::Arc;

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};
use rapport_learn::{Context, Matrix};

use super::generator::longest;
use super::model::SeriesGan;
use super::scale::SeriesScale;
use super::{
    SeriesDiscriminator, SeriesDiscriminatorConfig, SeriesGanParams, SeriesGenerator,
    SeriesGeneratorConfig, ValidSeriesGanParams,
};
use crate::train::{Average, Optimizer, OptimizerParams, Recorder};
use crate::{Draws, NnError};

impl ValidSeriesGanParams {
    /// Learns to make histories like these, each `(n_steps, n_features)`; they may differ in length.
    ///
    /// Curves of `discriminator` and `generator` go to the recorder, losses per step.
    ///
    /// # Errors
    /// [`NnError::StepNotFinite`], [`NnError::EmptyHistory`], a feature of one value, fewer than two
    /// histories or histories of another width; [`NnError::Diverged`]; cancellation and the deadline
    /// of the context.
    pub fn fit(
        &self,
        features: &[String],
        histories: &[Matrix],
        device: &Device,
        context: &Context<'_>,
        recorder: &mut dyn Recorder,
    ) -> Result<SeriesGan, NnError> {
        let scale = SeriesScale::fit(features, histories)?;
        let contest = Contest {
            params: self.get(),
            histories: histories.iter().map(|h| scale.apply(h)).collect(),
            n_features: scale.n_features(),
            plain: device,
            learning: device.clone().autodiff(),
        };
        let generator = contest.run(context, recorder)?;
        Ok(SeriesGan::new(scale, generator, device.clone()))
    }
}

struct Contest<'a> {
    params: &'a SeriesGanParams,
    /// On the common scale, row after row.
    histories: Vec<Vec<f32>>,
    n_features: usize,
    plain: &'a Device,
    learning: Device,
}

impl Contest<'_> {
    fn run(
        &self,
        context: &Context<'_>,
        recorder: &mut dyn Recorder,
    ) -> Result<SeriesGenerator, NnError> {
        let params = self.params;
        let (mut generator, mut discriminator) = self.networks(context.seed)?;
        let mut average = Average::new(&generator, params.averaging);
        let (mut of_generator, mut of_discriminator) = (Optimizer::default(), Optimizer::default());
        let optimizer = OptimizerParams::AdamW(params.optimizer);
        for step in 0..params.n_steps {
            context.proceed()?;
            let mut draws = Draws::new(context.seed, &format!("series contest, step {step}"));
            let blur = params.blur * (1.0 - step as f64 / params.n_steps as f64);
            for _ in 0..params.n_discriminator_steps {
                let loss = self.discriminator_loss(&generator, &discriminator, blur, &mut draws);
                record("discriminator", step, &loss, recorder)?;
                let gradients = GradientsParams::from_grads(loss.backward(), &discriminator);
                let rate = params.discriminator_learning_rate;
                discriminator =
                    of_discriminator.step(&optimizer, rate, discriminator, gradients, 1.0);
            }
            let loss = self.generator_loss(&generator, &discriminator, blur, &mut draws);
            record("generator", step, &loss, recorder)?;
            let gradients = GradientsParams::from_grads(loss.backward(), &generator);
            let rate = params.learning_rate;
            generator = of_generator.step(&optimizer, rate, generator, gradients, 1.0);
            average.add(&generator);
            let (done, all) = (step as u64 + 1, params.n_steps as u64);
            context.progress.report("train", done, all);
        }
        Ok(average.network())
    }

    fn networks(&self, seed: u64) -> Result<(SeriesGenerator, SeriesDiscriminator), NnError> {
        let params = self.params;
        let generator = SeriesGeneratorConfig {
            cell: params.cell,
            n_noise: params.n_noise,
            n_hidden: params.n_hidden,
            n_layers: params.n_layers,
            n_features: self.n_features,
        };
        let discriminator = SeriesDiscriminatorConfig {
            cell: params.cell,
            n_features: self.n_features,
            n_hidden: params.n_hidden,
            n_layers: params.n_layers,
        };
        let mut draws = Draws::new(seed, "weights of the series generator");
        let generator = generator.init(&self.learning, &mut draws)?;
        let mut draws = Draws::new(seed, "weights of the series discriminator");
        Ok((generator, discriminator.init(&self.learning, &mut draws)?))
    }

    /// Real histories at random, `[n_batch, n_steps, n_features]`, with their lengths.
    fn real(&self, draws: &mut Draws) -> (Tensor<3>, Arc<[usize]>) {
        let drawn: Vec<&Vec<f32>> = (0..self.params.batch_size)
            .map(|_| &self.histories[draws.below(self.histories.len())])
            .collect();
        let lengths: Arc<[usize]> = drawn.iter().map(|h| h.len() / self.n_features).collect();
        let n_steps = longest(&lengths);
        let mut numbers = Vec::with_capacity(drawn.len() * n_steps * self.n_features);
        for history in drawn {
            numbers.extend_from_slice(history);
            let padding = n_steps * self.n_features - history.len();
            numbers.extend(std::iter::repeat_n(0.0, padding));
        }
        let sizes = [lengths.len(), n_steps, self.n_features];
        let steps = Tensor::from_data(TensorData::new(numbers, sizes), &self.learning);
        (steps, lengths)
    }

    /// Real histories are to be judged 1, made ones of the same lengths 0.
    fn discriminator_loss(
        &self,
        generator: &SeriesGenerator,
        discriminator: &SeriesDiscriminator,
        blur: f64,
        draws: &mut Draws,
    ) -> Tensor<1> {
        let (real, lengths) = self.real(draws);
        let generator = generator.valid();
        let noise = generator.noise(&lengths, draws, self.plain);
        let made = Tensor::from_inner(generator.forward(noise, &lengths));
        let of_real = discriminator.forward(self.blurred(real, blur, draws), &lengths);
        let of_made = discriminator.forward(self.blurred(made, blur, draws), &lengths);
        (of_real - 1.0).square().mean() + of_made.square().mean()
    }

    /// Made histories are to be judged 1.
    fn generator_loss(
        &self,
        generator: &SeriesGenerator,
        discriminator: &SeriesDiscriminator,
        blur: f64,
        draws: &mut Draws,
    ) -> Tensor<1> {
        let (_, lengths) = self.real(draws);
        let noise = generator.noise(&lengths, draws, &self.learning);
        let made = generator.forward(noise, &lengths);
        let judge = discriminator.clone().no_grad();
        let judged = judge.forward(self.blurred(made, blur, draws), &lengths);
        (judged - 1.0).square().mean()
    }

    fn blurred(&self, steps: Tensor<3>, blur: f64, draws: &mut Draws) -> Tensor<3> {
        if blur == 0.0 {
            return steps;
        }
        let noise = draws.normal(steps.dims(), blur, &self.learning);
        steps + noise
    }
}

fn record(
    name: &str,
    step: usize,
    loss: &Tensor<1>,
    recorder: &mut dyn Recorder,
) -> Result<(), NnError> {
    let loss = f64::from(loss.clone().into_scalar::<f32>());
    let step = step + 1;
    NnError::require_finite("the loss", loss, step)?;
    recorder.record(name, step, loss);
    Ok(())
}
