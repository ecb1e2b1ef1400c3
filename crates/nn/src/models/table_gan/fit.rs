//! The contest of generator and discriminator.

use std::sync::Arc;

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor, TensorData};
use rapport_learn::table::Table;
use rapport_learn::transform::ModeEncoder;
use rapport_learn::{Check, Context, Fit, LearnError, Matrix};

use super::conditions::{Condition, Conditions, Frequency, RowIndex};
use super::guide::Guide;
use super::model::{TableGan, blocks_of, inputs, plan};
use super::{
    Discriminator, DiscriminatorConfig, Generator, GeneratorConfig, Lipschitz, TableGanParams,
    ValidTableGanParams,
};
use crate::layers::Moments;
use crate::ops::{Block, blocks, cross_entropy};
use crate::train::{Average, Optimizer, OptimizerParams, Recorder};
use crate::{Draws, NnError};

/// Rows over which the moments of the generator's norms are taken at the end.
const N_SETTLED: usize = 5000;
/// Far below any logit.
const NEVER: f32 = -1e9;

impl ValidTableGanParams {
    /// Learns to make rows like those of a table, all its columns alike; what the table says of
    /// targets and weights is left out.
    ///
    /// Curves of `discriminator` and `generator` go to the recorder, losses per step.
    ///
    /// # Errors
    /// [`NnError::Table`] for a missing number, a column of one value, or a target that is no column
    /// of categories; too few rows; [`NnError::Diverged`]; cancellation and the deadline of the
    /// context.
    pub fn fit(
        &self,
        table: &Table,
        device: &Device,
        context: &Context<'_>,
        recorder: &mut dyn Recorder,
    ) -> Result<TableGan, NnError> {
        let params = self.get();
        if table.n_rows() < 2 * params.pack {
            let (needed, found) = (2 * params.pack, table.n_rows());
            return Err(LearnError::TooFewRows { needed, found }.into());
        }
        let encoder = params.modes.clone().check()?.fit(table, context)?;
        let target = params.target.as_deref();
        let target = target
            .map(|name| target_of(&encoder, table, name))
            .transpose()?;
        let rows = encoder.encode(table, context.seed)?;
        let conditions = Conditions::of(&encoder, &rows, params.condition_on);
        let learning = device.clone().autodiff();
        let guide = match target {
            Some(block) => Some(Guide::fit(&rows, block, &learning, context)?),
            None => None,
        };
        let contest = Contest {
            params,
            index: RowIndex::of(&conditions, &rows),
            conditions: &conditions,
            rows: &rows,
            blocks: blocks_of(&encoder),
            guide,
            plain: device,
            learning,
        };
        let generator = contest.run(context, recorder)?;
        Ok(TableGan {
            encoder,
            generator,
            guide: contest.guide.map(Guide::settled),
            conditions,
            n_noise: params.n_noise,
            temperature: params.temperature,
            device: device.clone(),
        })
    }
}

/// The block of a column of categories.
fn target_of(
    encoder: &ModeEncoder,
    table: &Table,
    name: &str,
) -> Result<std::ops::Range<usize>, NnError> {
    table.categories(name)?;
    let column = encoder.names().iter().position(|other| other == name);
    let mut blocks = encoder.blocks().iter();
    let block = blocks.find(|block| Some(block.column) == column);
    Ok(block.map_or(0..0, |block| block.range.clone()))
}

/// The given rows as a tensor, `[n, n_columns]`.
pub(super) fn gather(rows: &Matrix, which: &[usize], device: &Device) -> Tensor<2> {
    let mut numbers = Vec::with_capacity(which.len() * rows.n_columns());
    for &row in which {
        numbers.extend(rows.row(row).iter().map(|x| *x as f32));
    }
    Tensor::from_data(
        TensorData::new(numbers, [which.len(), rows.n_columns()]),
        device,
    )
}

/// Everything that the contest needs besides the two networks.
struct Contest<'a> {
    params: &'a TableGanParams,
    conditions: &'a Conditions,
    index: RowIndex,
    rows: &'a Matrix,
    blocks: Arc<[Block]>,
    guide: Option<Guide>,
    plain: &'a Device,
    learning: Device,
}

impl Contest<'_> {
    /// Trains both and gives the averaged generator, settled for use.
    fn run(
        &self,
        context: &Context<'_>,
        recorder: &mut dyn Recorder,
    ) -> Result<Generator, NnError> {
        let (mut generator, mut discriminator) = self.networks(context.seed)?;
        let mut average = Average::new(&generator, self.params.averaging);
        let (mut of_generator, mut of_discriminator) = (Optimizer::default(), Optimizer::default());
        let optimizer = OptimizerParams::AdamW(self.params.optimizer);
        let n_per_epoch = (self.rows.n_rows() / self.params.batch_size).max(1);
        let n_steps = n_per_epoch * self.params.n_epochs;
        for step in 0..n_steps {
            context.proceed()?;
            let mut draws = Draws::new(context.seed, &format!("contest, step {step}"));
            let rate = self.params.learning_rate * self.params.schedule.factor(step, n_steps);
            for _ in 0..self.params.n_discriminator_steps {
                discriminator = discriminator.turn();
                let loss = self.discriminator_loss(&generator, &discriminator, &mut draws);
                let gradients = gradients(loss, &discriminator, "discriminator", step, recorder)?;
                discriminator =
                    of_discriminator.step(&optimizer, rate, discriminator, gradients, 1.0);
            }
            let loss = self.generator_loss(&generator, &discriminator, &mut draws);
            let gradients = gradients(loss, &generator, "generator", step, recorder)?;
            generator = of_generator.step(&optimizer, rate, generator, gradients, 1.0);
            average.add(&generator);
            let (done, all) = (step as u64 + 1, n_steps as u64);
            context.progress.report("train", done, all);
        }
        let mut draws = Draws::new(context.seed, "settling");
        let asked = self.ask(N_SETTLED, Frequency::Original, &mut draws);
        let x = self.inputs(N_SETTLED, &asked, &mut draws, self.plain);
        Ok(average.network().settle(x))
    }

    fn networks(&self, seed: u64) -> Result<(Generator, Discriminator), NnError> {
        let params = self.params;
        let n_condition = self.conditions.n_outputs();
        let generator = GeneratorConfig {
            n_inputs: params.n_noise + n_condition,
            hidden: params.generator_hidden.clone(),
            n_outputs: self.rows.n_columns(),
        };
        let discriminator = DiscriminatorConfig {
            n_inputs: self.rows.n_columns() + n_condition,
            pack: params.pack,
            hidden: params.discriminator_hidden.clone(),
            dropout: params.dropout,
            is_spectral: params.lipschitz == Lipschitz::Spectral,
        };
        let mut draws = Draws::new(seed, "weights of the generator");
        let generator = generator.init(&self.learning, &mut draws)?;
        let mut draws = Draws::new(seed, "weights of the discriminator");
        Ok((generator, discriminator.init(&self.learning, &mut draws)?))
    }

    /// What the rows of a batch are to be; none when nothing can be asked for.
    fn ask(&self, n: usize, frequency: Frequency, draws: &mut Draws) -> Vec<Condition> {
        let asked = (0..n).filter_map(|_| self.conditions.draw(frequency, draws));
        asked.collect()
    }

    /// What the generator makes `n` rows of.
    fn inputs(
        &self,
        n: usize,
        asked: &[Condition],
        draws: &mut Draws,
        device: &Device,
    ) -> Tensor<2> {
        let n_noise = self.params.n_noise;
        inputs(n, n_noise, self.conditions, asked, draws, device)
    }

    /// Real rows that are as asked, `[n, n_columns]`.
    fn real(&self, asked: &[Condition], draws: &mut Draws) -> Tensor<2> {
        let n = self.params.batch_size;
        let rows: Vec<usize> = (0..n)
            .map(|i| self.index.draw(asked.get(i).copied(), draws))
            .collect();
        gather(self.rows, &rows, &self.learning)
    }

    /// Rows with what they were asked to be beside them, as the discriminator sees them.
    fn with_condition(&self, rows: Tensor<2>, asked: &[Condition]) -> Tensor<2> {
        let n_condition = self.conditions.n_outputs();
        if n_condition == 0 {
            return rows;
        }
        let vectors = TensorData::new(self.conditions.vectors(asked), [asked.len(), n_condition]);
        let vectors = Tensor::from_data(vectors, &self.learning);
        Tensor::cat(vec![rows, vectors], 1)
    }

    fn discriminator_loss(
        &self,
        generator: &Generator,
        discriminator: &Discriminator,
        draws: &mut Draws,
    ) -> Tensor<1> {
        let n = self.params.batch_size;
        let asked = self.ask(n, Frequency::Logarithmic, draws);
        // Without a graph: this step does not move the generator.
        let x = self.inputs(n, &asked, draws, self.plain);
        let logits = generator.valid().forward(x, Moments::OfBatch);
        let made = blocks(
            logits,
            &plan(&self.blocks, n, self.params.temperature, draws),
        );
        let made = self.with_condition(Tensor::from_inner(made), &asked);
        // Drawn for conditions in another order, so that packs of real and made rows share none.
        let mut turned = asked;
        let half = turned.len() / 2;
        turned.rotate_right(half);
        let real = self.with_condition(self.real(&turned, draws), &turned);

        let mut chance = Some(draws.clone());
        let both = Tensor::cat(vec![real.clone(), made.clone()], 0);
        let judged = discriminator.forward(both, &mut chance);
        let n_packs = n / self.params.pack;
        let of_real = judged.clone().slice([0..n_packs, 0..1]);
        let of_made = judged.slice([n_packs..2 * n_packs, 0..1]);
        let loss = match self.params.lipschitz {
            Lipschitz::Spectral => relu(of_real.neg() + 1.0).mean() + relu(of_made + 1.0).mean(),
            Lipschitz::GradientPenalty { weight } => {
                let between = self.between(real, made, draws);
                let penalty = discriminator.gradient_penalty(between, &mut chance);
                of_made.mean() - of_real.mean() + penalty * weight
            }
        };
        // Dropout drew on from here: the next draws are to be others.
        if let Some(chance) = chance {
            *draws = chance;
        }
        loss
    }

    /// Rows somewhere on the way from made to real ones, all rows of a pack equally far.
    fn between(&self, real: Tensor<2>, made: Tensor<2>, draws: &mut Draws) -> Tensor<2> {
        let [n, _] = real.dims();
        let pack = self.params.pack;
        let shares: Vec<f32> = (0..n / pack)
            .flat_map(|_| std::iter::repeat_n(draws.share() as f32, pack))
            .collect();
        let shares = Tensor::<2>::from_data(TensorData::new(shares, [n, 1]), &self.learning);
        made.clone() + (real - made) * shares
    }

    fn generator_loss(
        &self,
        generator: &Generator,
        discriminator: &Discriminator,
        draws: &mut Draws,
    ) -> Tensor<1> {
        let n = self.params.batch_size;
        let asked = self.ask(n, Frequency::Logarithmic, draws);
        let x = self.inputs(n, &asked, draws, &self.learning);
        let logits = generator.forward(x, Moments::OfBatch);
        let plan = plan(&self.blocks, n, self.params.temperature, draws);
        let made = blocks(logits.clone(), &plan);
        let judge = discriminator.clone().no_grad();
        let seen = self.with_condition(made.clone(), &asked);
        let judged = judge.forward(seen, &mut Some(draws.clone()));
        let mut loss = judged.mean().neg();
        if !asked.is_empty() {
            loss = loss + self.disobedience(logits, &asked);
        }
        if let Some(guide) = &self.guide {
            let real = self.real(&asked, draws);
            loss = loss + guide.difference(made, real) * self.params.target_weight;
        }
        loss
    }

    /// Cross-entropy of what rows are with what they were asked to be.
    fn disobedience(&self, logits: Tensor<2>, asked: &[Condition]) -> Tensor<1> {
        let n_columns = self.rows.n_columns();
        let mut outside = vec![NEVER; asked.len() * n_columns];
        let mut classes = Vec::with_capacity(asked.len());
        for (condition, row) in asked.iter().zip(outside.chunks_exact_mut(n_columns)) {
            let block = self.conditions.in_row(*condition);
            classes.push(block.start + condition.place);
            row[block].fill(0.0);
        }
        let outside = TensorData::new(outside, [asked.len(), n_columns]);
        let outside = Tensor::from_data(outside, &self.learning);
        cross_entropy(logits + outside, &classes.into()).mean()
    }
}

fn gradients<M: Module>(
    loss: Tensor<1>,
    network: &M,
    name: &str,
    step: usize,
    recorder: &mut dyn Recorder,
) -> Result<GradientsParams, NnError> {
    let gradients = GradientsParams::from_grads(loss.backward(), network);
    let loss = f64::from(loss.into_scalar::<f32>());
    let step = step + 1;
    NnError::require_finite("the loss", loss, step)?;
    recorder.record(name, step, loss);
    Ok(gradients)
}
