//! Every network: its outputs have the shapes it says, it can learn ten examples by heart, and what it
//! was given decides what it says.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::marker::PhantomData;
use std::sync::Arc;

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use rapport_learn::{Cancellation, Check, Context, Silent};
use rapport_nn::models::{
    Cache, Decoder, DecoderConfig, EncoderConfig, FeedForward, GenerateParams, GridCnnConfig,
    GridSummary, MlpConfig, Norm, NumericEmbedding, Pooling, Positions, SequenceAutoencoderConfig,
    SequenceBatch, TableBatch, TextCnnConfig, TextRnnConfig, TokenBatch,
};
use rapport_nn::ops::{Cell, cross_entropy};
use rapport_nn::train::{Task, TrainParams};
use rapport_nn::{Draws, NnError};

fn device() -> Device {
    support::device().autodiff()
}

fn draws() -> Draws {
    Draws::new(5, "weights")
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.inner().into_data().try_to_vec::<f32>().unwrap()
}

/// The same examples at every step.
struct ByHeart<N, F> {
    n_examples: usize,
    loss: F,
    network: PhantomData<N>,
}

impl<N: Module, F: Fn(&N) -> Tensor<1>> Task for ByHeart<N, F> {
    type Network = N;

    fn n_examples(&self) -> usize {
        self.n_examples
    }

    fn loss(&self, network: &N, _: &[usize], _: &mut Option<Draws>) -> Result<Tensor<1>, NnError> {
        Ok((self.loss)(network))
    }

    fn validate(&self, _network: &N) -> Result<Option<f64>, NnError> {
        Ok(None)
    }
}

/// The loss after some steps on the same examples.
fn learned<N: Module>(network: N, n_steps: usize, loss: impl Fn(&N) -> Tensor<1>) -> f32 {
    let params = TrainParams {
        n_epochs: n_steps,
        learning_rate: 0.01,
        ..TrainParams::default()
    };
    let cancel = Cancellation::default();
    let context = Context::new(1, &Silent, &cancel);
    let task = ByHeart {
        n_examples: 10,
        loss,
        network: PhantomData,
    };
    let params = params.check().unwrap();
    let fitted = params
        .fit(&task, network, &support::device(), &context, &mut (), None)
        .unwrap();
    values((task.loss)(&fitted.network))[0]
}

const TEXTS: [&[usize]; 10] = [
    &[2, 3, 4],
    &[5],
    &[6, 7, 8, 9, 2],
    &[3, 3],
    &[4, 9, 8],
    &[2],
    &[9, 9, 9, 9],
    &[8, 2, 5, 3],
    &[7, 6],
    &[5, 4, 3, 2],
];

fn texts() -> TokenBatch {
    TokenBatch::new(&TEXTS, 5, 8)
}

fn classes() -> Arc<[usize]> {
    [0, 1, 2, 1, 0, 2, 2, 0, 1, 1].into()
}

#[test]
fn a_text_cnn_learns_ten_texts() {
    let network = TextCnnConfig {
        n_filters: 8,
        ..TextCnnConfig::new(10, 6, 3)
    };
    let network = network.init(&device(), &mut draws()).unwrap();
    assert_eq!(network.forward(&texts(), &mut None).dims(), [10, 3]);

    let loss = learned(network, 150, |network| {
        cross_entropy(network.forward(&texts(), &mut None), &classes()).mean()
    });

    assert!(loss < 0.05, "{loss}");
}

#[test]
fn recurrent_text_networks_learn_ten_texts() {
    for cell in [Cell::Plain, Cell::Gru, Cell::Lstm] {
        let config = TextRnnConfig {
            cell,
            n_hidden: 8,
            n_layers: 2,
            ..TextRnnConfig::new(10, 6, 3)
        };
        let network = config.init(&device(), &mut draws()).unwrap();
        assert_eq!(network.forward(&texts(), &mut None).dims(), [10, 3]);

        let loss = learned(network, 150, |network| {
            cross_entropy(network.forward(&texts(), &mut None), &classes()).mean()
        });

        assert!(loss < 0.05, "{cell:?}: {loss}");
    }
}

#[test]
fn padding_does_not_change_what_a_text_network_says() {
    let network = TextRnnConfig::new(10, 6, 3)
        .init(&device(), &mut draws())
        .unwrap();
    let cnn = TextCnnConfig::new(10, 6, 3)
        .init(&device(), &mut draws())
        .unwrap();
    let alone = TokenBatch::new(&[&[2, 3, 4, 5, 6]], 5, 8);
    let beside = TokenBatch::new(&[&[2, 3, 4, 5, 6], &[7; 8]], 5, 8);

    let close = |alone: Tensor<2>, beside: Tensor<2>| {
        values(alone)
            .iter()
            .zip(values(beside))
            .all(|(a, b)| (a - b).abs() < 1e-6)
    };

    assert!(close(
        network.forward(&alone, &mut None),
        network.forward(&beside, &mut None)
    ));
    assert!(close(
        cnn.forward(&alone, &mut None),
        cnn.forward(&beside, &mut None)
    ));
}

fn encoder() -> EncoderConfig {
    EncoderConfig {
        n_tokens: 10,
        max_steps: 8,
        n_segments: 1,
        d_model: 8,
        n_heads: 2,
        n_layers: 2,
        d_feed_forward: 16,
        epsilon: 1e-12,
        dropout: 0.0,
    }
}

#[test]
fn an_encoder_learns_ten_texts() {
    for pooling in [Pooling::Mean, Pooling::First] {
        let network = encoder().init(&device(), &mut draws()).unwrap();
        let loss = learned(network, 150, |network| {
            let steps = network.forward(&texts(), &mut None);
            // The first three numbers of each row are taken for logits.
            let rows = pooling.forward(steps, &texts().lengths);
            cross_entropy(rows.slice([0..10, 0..3]), &classes()).mean()
        });
        assert!(loss < 0.05, "{pooling:?}: {loss}");
    }
}

/// Both shapes: GPT-2's, and Llama's with shared keys.
fn decoders() -> [DecoderConfig; 2] {
    let gpt = DecoderConfig {
        n_layers: 2,
        ..DecoderConfig::gpt(10, 8, 8, 2)
    };
    let llama = DecoderConfig {
        n_kv_heads: 1,
        norm: Norm::RootMeanSquare,
        positions: Positions::Rotary { base: 10_000.0 },
        feed_forward: FeedForward::SwiGlu,
        ..gpt.clone()
    };
    [gpt, llama]
}

fn story() -> TokenBatch {
    TokenBatch::new(&[&[1, 2, 3, 4, 5, 6, 7, 8], &[9, 2, 9, 3, 9]], 1, 8)
}

#[test]
fn a_decoder_learns_a_story_and_tells_it() {
    for config in decoders() {
        let network = config.init(&device(), &mut draws()).unwrap();
        let cancel = Cancellation::default();
        let context = Context::new(1, &Silent, &cancel);
        let loss = |network: &Decoder| network.loss(&story(), &mut None);
        let task = ByHeart {
            n_examples: 2,
            loss,
            network: PhantomData,
        };
        let params = TrainParams {
            n_epochs: 200,
            learning_rate: 0.02,
            ..TrainParams::default()
        };
        let params = params.check().unwrap();
        let fitted = params
            .fit(&task, network, &support::device(), &context, &mut (), None)
            .unwrap();
        let likeliest = GenerateParams {
            temperature: 0.0,
            max_tokens: 6,
            ..Default::default()
        };
        let likeliest = likeliest.check().unwrap();

        let told = likeliest
            .generate(&fitted.network, &[1, 2], &mut draws())
            .unwrap();

        assert_eq!(told, [3, 4, 5, 6, 7, 8]);
    }
}

#[test]
fn kept_keys_and_values_give_the_logits_of_the_whole_text() {
    for config in decoders() {
        let network = config.init(&device(), &mut draws()).unwrap().valid();
        let whole = TokenBatch::new(&[&[1, 2, 3, 4, 5]], 1, 8);
        let logits = network.forward(&whole, &mut None);
        let last = values(logits.slice_dim(0, 4..5));

        let mut cache = Cache::default();
        network.next(&[1, 2, 3], &mut cache);
        network.next(&[4], &mut cache);
        let kept = network.next(&[5], &mut cache);

        for (kept, whole) in kept.iter().zip(last) {
            assert!((kept - whole).abs() < 1e-5, "{kept} and {whole}");
        }
    }
}

#[test]
fn choosing_keeps_to_its_limits_and_its_seed() {
    let network = decoders()[0].init(&device(), &mut draws()).unwrap().valid();
    let write = |params: GenerateParams, seed| {
        let params = params.check().unwrap();
        params
            .generate(&network, &[1], &mut Draws::new(seed, "tokens"))
            .unwrap()
    };
    let free = GenerateParams {
        max_tokens: 7,
        temperature: 2.0,
        ..Default::default()
    };
    let likeliest = GenerateParams {
        temperature: 0.0,
        ..free.clone()
    };
    let only_one = GenerateParams {
        top_k: Some(1),
        ..free.clone()
    };
    let nearly_one = GenerateParams {
        top_p: Some(1e-9),
        ..free.clone()
    };

    assert_eq!(write(free.clone(), 1), write(free.clone(), 1));
    assert_ne!(write(free.clone(), 1), write(free.clone(), 2));
    assert_eq!(write(only_one, 1), write(likeliest.clone(), 2));
    assert_eq!(write(nearly_one, 1), write(likeliest.clone(), 2));
    let first = write(likeliest.clone(), 1)[0];
    let stopped = GenerateParams {
        stop: vec![vec![first]],
        ..likeliest
    };
    assert!(
        write(stopped, 1).is_empty(),
        "what ends a text is no part of it"
    );
}

#[test]
fn a_prompt_without_room_is_refused() {
    let network = decoders()[0].init(&device(), &mut draws()).unwrap().valid();
    let params = GenerateParams::default().check().unwrap();
    assert!(params.generate(&network, &[], &mut draws()).is_err());
    assert!(params.generate(&network, &[1; 8], &mut draws()).is_err());
}

#[test]
fn an_mlp_learns_ten_rows_of_numbers_and_categories() {
    let periodic = NumericEmbedding::Periodic {
        n_frequencies: 4,
        n_outputs: 3,
        deviation: 0.3,
    };
    for numeric in [NumericEmbedding::None, periodic] {
        let config = MlpConfig {
            numeric,
            hidden: vec![16],
            ..MlpConfig::new(2, vec![4, 3], 3)
        };
        let network = config.init(&device(), &mut draws()).unwrap();
        let rows = TableBatch {
            numeric: Some(Draws::new(9, "rows").normal([10, 2], 1.0, &device())),
            categories: vec![
                [0, 1, 2, 3, 0, 1, 2, 3, 0, 1].into(),
                [2, 0, 1, 2, 0, 1, 2, 0, 1, 2].into(),
            ],
        };

        let loss = learned(network, 200, |network| {
            cross_entropy(network.forward(&rows, &mut None), &classes()).mean()
        });

        assert!(loss < 0.05, "{numeric:?}: {loss}");
    }
}

#[test]
fn a_cnn_over_grids_learns_ten_grids() {
    let row_means = GridSummary::RowMeans { height: 8 };
    for (is_normalized, summary) in [(false, GridSummary::Mean), (true, row_means)] {
        let config = GridCnnConfig {
            n_filters: vec![4, 8],
            is_normalized,
            summary,
            ..GridCnnConfig::new(1, 3)
        };
        let network = config.init(&device(), &mut draws()).unwrap();
        let grids: Tensor<4> = Draws::new(9, "grids").normal([10, 1, 8, 12], 1.0, &device());
        assert_eq!(network.forward(grids.clone(), &mut None).dims(), [10, 3]);

        let loss = learned(network, 250, |network| {
            cross_entropy(network.forward(grids.clone(), &mut None), &classes()).mean()
        });

        assert!(loss < 0.1, "{summary:?}: {loss}");
    }
}

#[test]
fn row_means_tell_what_rows_a_sound_is_in_and_not_when() {
    let config = GridCnnConfig {
        summary: GridSummary::RowMeans { height: 16 },
        ..GridCnnConfig::new(1, 3)
    };
    let network = config.init(&device(), &mut draws()).unwrap();
    // One loud place, far enough from the edges that padding never meets it.
    let logits = |row: usize, column: usize| {
        let mut grid = vec![0.0_f32; 16 * 64];
        grid[row * 64 + column] = 1.0;
        let grid = TensorData::new(grid, [1, 1, 16, 64]);
        values(network.forward(Tensor::from_data(grid, &device()), &mut None))
    };
    let distance = |a: Vec<f32>, b: Vec<f32>| {
        let differences = a.iter().zip(b).map(|(a, b)| (a - b).abs());
        differences.fold(0.0, f32::max)
    };

    // Layers halve the grid three times: a shift by eight columns is a shift of what they leave.
    let later = distance(logits(8, 24), logits(8, 32));
    let higher = distance(logits(8, 24), logits(0, 24));

    assert!(later < 1e-5, "{later}");
    assert!(higher > 1e-3, "{higher}");
}

#[test]
fn an_autoencoder_recalls_ten_histories() {
    let config = SequenceAutoencoderConfig {
        cell: Cell::Gru,
        n_inputs: 2,
        n_hidden: 16,
        n_summary: 6,
    };
    let network = config.init(&device(), &mut draws()).unwrap();
    let lengths: Arc<[usize]> = vec![4; 10].into();
    let batch = SequenceBatch {
        steps: Draws::new(9, "histories").normal([10, 4, 2], 0.7, &device()),
        lengths,
    };
    let error = |network: &rapport_nn::models::SequenceAutoencoder| {
        (network.forward(&batch).steps - batch.steps.clone())
            .square()
            .mean()
    };
    let before = values(error(&network))[0];

    let after = learned(network, 400, error);

    assert!(after < 0.3 * before, "{before} before, {after} after");
}

#[test]
fn sizes_that_do_not_fit_are_refused_before_work_starts() {
    let device = device();
    let heads = EncoderConfig {
        n_heads: 3,
        ..encoder()
    }
    .init(&device, &mut draws());
    assert!(
        heads
            .unwrap_err()
            .to_string()
            .contains("d_model is a multiple of n_heads")
    );
    let empty = MlpConfig::new(0, Vec::new(), 2).init(&device, &mut draws());
    assert!(
        empty
            .unwrap_err()
            .to_string()
            .contains("at least one column")
    );
    let share = TextCnnConfig {
        dropout: 1.0,
        ..TextCnnConfig::new(10, 4, 2)
    };
    assert!(share.init(&device, &mut draws()).is_err());
    let low = GridCnnConfig {
        summary: GridSummary::RowMeans { height: 7 },
        ..GridCnnConfig::new(1, 2)
    };
    assert!(low.init(&device, &mut draws()).is_err());
    let odd = DecoderConfig {
        d_model: 6,
        ..decoders()[1].clone()
    };
    assert!(
        odd.init(&device, &mut draws())
            .unwrap_err()
            .to_string()
            .contains("even")
    );
}
