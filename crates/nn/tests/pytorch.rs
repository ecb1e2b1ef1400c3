//! Operations against PyTorch's numbers: outputs and gradients, from `fixtures/make.py`.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use burn::tensor::{Tensor, TensorData};
use rapport_nn::ops::{
    self, AdamWStep, AttentionShape, Cell, Direction, RecurrentWeights, adamw_step,
};
use rapport_testing::tolerance;

#[derive(serde::Deserialize)]
struct Array {
    shape: Vec<usize>,
    values: Vec<f32>,
}

/// A fixture's arrays, and the tensors that were made of them.
struct Fixture {
    arrays: BTreeMap<String, Array>,
}

impl Fixture {
    fn load(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
        let json = std::fs::read(folder.join(format!("{name}.json"))).unwrap();
        Self {
            arrays: serde_json::from_slice(&json).unwrap(),
        }
    }

    /// A tensor of this name, differentiable.
    fn tensor<const D: usize>(&self, name: &str) -> Tensor<D> {
        let array = &self.arrays[name];
        let data = TensorData::new(array.values.clone(), array.shape.clone());
        Tensor::from_data(data, &support::device().autodiff()).require_grad()
    }

    #[track_caller]
    fn assert_output<const D: usize>(&self, output: &Tensor<D>) {
        let found = output
            .clone()
            .inner()
            .into_data()
            .try_to_vec::<f32>()
            .unwrap();
        assert_close("output", &found, &self.arrays["output"].values);
    }

    /// The gradient by each input of the loss that the fixture was made with.
    #[track_caller]
    fn assert_gradients<const D: usize>(
        &self,
        output: Tensor<D>,
        matrices: &[(&str, &Tensor<2>)],
        vectors: &[(&str, &Tensor<1>)],
        cubes: &[(&str, &Tensor<3>)],
    ) {
        self.assert_output(&output);
        let weights: Tensor<D> = self.tensor("loss_weights");
        let gradients = (output * weights.detach()).sum().backward();
        let expected = |name: &str| self.arrays[&format!("gradient {name}")].values.clone();
        for (name, tensor) in matrices {
            let found = tensor
                .grad(&gradients)
                .unwrap()
                .into_data()
                .try_to_vec::<f32>()
                .unwrap();
            assert_close(name, &found, &expected(name));
        }
        for (name, tensor) in vectors {
            let found = tensor
                .grad(&gradients)
                .unwrap()
                .into_data()
                .try_to_vec::<f32>()
                .unwrap();
            assert_close(name, &found, &expected(name));
        }
        for (name, tensor) in cubes {
            let found = tensor
                .grad(&gradients)
                .unwrap()
                .into_data()
                .try_to_vec::<f32>()
                .unwrap();
            assert_close(name, &found, &expected(name));
        }
    }
}

#[track_caller]
fn assert_close(name: &str, found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len(), "{name}");
    for (i, (f, e)) in found.iter().zip(expected).enumerate() {
        let near = (f - e).abs() <= tolerance(1e-5) as f32 * e.abs().max(1.0);
        assert!(near, "{name}, number {i}: {f}, PyTorch has {e}");
    }
}

#[test]
fn a_linear_layer() {
    let fixture = Fixture::load("linear");
    let (x, weight, bias) = (
        fixture.tensor("x"),
        fixture.tensor("weight"),
        fixture.tensor("bias"),
    );

    let y = ops::linear(x.clone(), weight.clone().transpose(), bias.clone());

    fixture.assert_gradients(
        y,
        &[("x", &x), ("weight", &weight)],
        &[("bias", &bias)],
        &[],
    );
}

#[test]
fn gelu() {
    let fixture = Fixture::load("gelu");
    let x: Tensor<2> = fixture.tensor("x");
    fixture.assert_gradients(ops::gelu(x.clone()), &[("x", &x)], &[], &[]);
}

#[test]
fn layer_norm() {
    let fixture = Fixture::load("layer_norm");
    let (x, gain, bias) = (
        fixture.tensor("x"),
        fixture.tensor("weight"),
        fixture.tensor("bias"),
    );

    let y = ops::layer_norm(x.clone(), gain.clone(), bias.clone(), 1e-5);

    fixture.assert_gradients(y, &[("x", &x)], &[("weight", &gain), ("bias", &bias)], &[]);
}

#[test]
fn root_mean_square_norm() {
    let fixture = Fixture::load("rms_norm");
    let (x, gain) = (fixture.tensor("x"), fixture.tensor("weight"));
    let y = ops::rms_norm(x.clone(), gain.clone(), 1e-5);
    fixture.assert_gradients(y, &[("x", &x)], &[("weight", &gain)], &[]);
}

#[test]
fn cross_entropy() {
    let fixture = Fixture::load("cross_entropy");
    let x: Tensor<2> = fixture.tensor("x");
    let classes: Arc<[usize]> = [0, 4, 2, 2].into();
    fixture.assert_gradients(
        ops::cross_entropy(x.clone(), &classes),
        &[("x", &x)],
        &[],
        &[],
    );
}

#[test]
fn rows_of_a_table() {
    let fixture = Fixture::load("embedding");
    let table: Tensor<2> = fixture.tensor("weight");
    let ids: Arc<[usize]> = [5, 0, 5, 2].into();
    fixture.assert_gradients(
        ops::take_rows(table.clone(), &ids),
        &[("weight", &table)],
        &[],
        &[],
    );
}

#[test]
fn a_convolution_over_time_with_its_maximum() {
    let fixture = Fixture::load("pooled_convolution");
    let (x, weight): (Tensor<3>, Tensor<3>) = (fixture.tensor("x"), fixture.tensor("weight"));
    let bias: Tensor<1> = fixture.tensor("bias");
    let [n_filters, n_inputs, width] = weight.dims();
    // PyTorch keeps `[filter, input, step]`; ours is `[step and input, filter]`.
    let flat = weight
        .clone()
        .permute([2, 1, 0])
        .reshape([width * n_inputs, n_filters]);
    let lengths: Arc<[usize]> = [6, 6, 6].into();

    let y = ops::pooled_convolution(x.clone(), flat, bias.clone(), &lengths);

    fixture.assert_gradients(
        y,
        &[],
        &[("bias", &bias)],
        &[("x", &x), ("weight", &weight)],
    );
}

#[track_caller]
fn check_attention(name: &str, lengths: [usize; 2], causal: bool) {
    let fixture = Fixture::load(name);
    let x: Tensor<3> = fixture.tensor("x");
    let (w_in, w_out) = (
        fixture.tensor("in_proj_weight"),
        fixture.tensor("out_proj.weight"),
    );
    let (b_in, b_out) = (
        fixture.tensor("in_proj_bias"),
        fixture.tensor("out_proj.bias"),
    );
    let shape = AttentionShape {
        n_heads: 2,
        n_kv_heads: 2,
        lengths: lengths.into(),
        causal,
    };

    let rows = x.clone().reshape([8, 6]);
    let qkv = ops::linear(rows, w_in.clone().transpose(), b_in.clone());
    let attended = ops::self_attention(qkv, &shape);
    let y = ops::linear(attended, w_out.clone().transpose(), b_out.clone()).reshape([2, 4, 6]);
    let kept: Vec<f32> = lengths
        .iter()
        .flat_map(|n| (0..4).map(move |i| f32::from(u8::from(i < *n))))
        .collect();
    let kept = Tensor::<1>::from_floats(kept.as_slice(), &x.device()).reshape([2, 4, 1]);

    fixture.assert_gradients(
        y * kept,
        &[("in_proj_weight", &w_in), ("out_proj.weight", &w_out)],
        &[("in_proj_bias", &b_in), ("out_proj.bias", &b_out)],
        &[("x", &x)],
    );
}

#[test]
fn attention_over_padded_texts() {
    check_attention("attention_padded", [4, 2], false);
}

#[test]
fn causal_attention() {
    check_attention("attention_causal", [4, 4], true);
}

#[test]
fn ten_steps_of_adamw() {
    let fixture = Fixture::load("adamw");
    let mut weights: Tensor<2> = fixture.tensor::<2>("start").inner();
    let gradients: Tensor<3> = fixture.tensor::<3>("gradients").inner();
    let mut moments = [weights.clone() * 0.0, weights.clone() * 0.0];
    for time in 1..=10 {
        let step = AdamWStep {
            time,
            learning_rate: 0.05,
            beta_1: 0.9,
            beta_2: 0.999,
            epsilon: 1e-8,
            weight_decay: 0.1,
        };
        let at = time as usize;
        let gradient = gradients.clone().slice_dim(0, at - 1..at).reshape([4, 3]);
        (weights, moments) = adamw_step(weights, gradient, moments, &step);
    }
    let found: Vec<f32> = weights.into_data().try_to_vec::<f32>().unwrap();
    assert_close("weights", &found, &fixture.arrays["end"].values);
}

/// Two layers in both directions over sequences of 5, 3 and 2 steps.
#[track_caller]
fn check_recurrent(name: &str, cell: Cell) {
    let fixture = Fixture::load(name);
    let lengths: Arc<[usize]> = [5, 3, 2].into();
    let x: Tensor<3> = fixture.tensor("x");
    let mut weights: Vec<(String, Tensor<2>)> = Vec::new();
    let mut biases: Vec<(String, Tensor<1>)> = Vec::new();
    let mut y = x.clone();
    for layer in 0..2 {
        let mut outputs = Vec::new();
        for (direction, suffix) in [(Direction::Forward, ""), (Direction::Backward, "_reverse")] {
            let mut weight = |kind: &str| {
                let name = format!("weight_{kind}_l{layer}{suffix}");
                let tensor: Tensor<2> = fixture.tensor(&name);
                weights.push((name, tensor.clone()));
                tensor.transpose()
            };
            let (input, hidden) = (weight("ih"), weight("hh"));
            let mut bias = |kind: &str| {
                let name = format!("bias_{kind}_l{layer}{suffix}");
                let tensor: Tensor<1> = fixture.tensor(&name);
                biases.push((name, tensor.clone()));
                tensor
            };
            let (input_bias, hidden_bias) = (bias("ih"), bias("hh"));
            let weights = RecurrentWeights {
                input,
                hidden,
                input_bias,
                hidden_bias,
            };
            outputs.push(ops::recurrent(
                y.clone(),
                weights,
                cell,
                direction,
                &lengths,
            ));
        }
        y = Tensor::cat(outputs, 2);
    }
    let matrices: Vec<(&str, &Tensor<2>)> = weights.iter().map(|(n, t)| (n.as_str(), t)).collect();
    let vectors: Vec<(&str, &Tensor<1>)> = biases.iter().map(|(n, t)| (n.as_str(), t)).collect();
    fixture.assert_gradients(y, &matrices, &vectors, &[("x", &x)]);
}

#[test]
fn plain_recurrent_layers() {
    check_recurrent("rnn", Cell::Plain);
}

#[test]
fn gru_layers() {
    check_recurrent("gru", Cell::Gru);
}

#[test]
fn lstm_layers() {
    check_recurrent("lstm", Cell::Lstm);
}
