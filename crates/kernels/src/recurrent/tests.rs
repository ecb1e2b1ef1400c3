//! Every cell against its definition, one number at a time, and its gradients against differences.

use super::*;
use crate::testing::{assert_close, assert_gradient, numbers, weighted};

const SHAPE: Shape = Shape {
    n_batch: 3,
    n_steps: 4,
    n_inputs: 2,
    n_hidden: 5,
};

struct Layer {
    x: Vec<f32>,
    input: Vec<f32>,
    hidden: Vec<f32>,
    input_bias: Vec<f32>,
    hidden_bias: Vec<f32>,
}

impl Layer {
    fn new(n_gates: usize, shape: &Shape) -> Self {
        let g = n_gates * shape.n_hidden;
        Self {
            x: numbers(1, shape.n_batch * shape.n_steps * shape.n_inputs),
            input: numbers(2, shape.n_inputs * g),
            hidden: numbers(3, shape.n_hidden * g),
            input_bias: numbers(4, g),
            hidden_bias: numbers(5, g),
        }
    }

    fn weights(&self) -> Weights<'_> {
        Weights {
            input: &self.input,
            hidden: &self.hidden,
            input_bias: &self.input_bias,
            hidden_bias: &self.hidden_bias,
        }
    }
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

/// One step of one row by the formulas: gates from inputs, gates from the hidden state, hidden state
/// and memory in; both out.
type Formula = fn(&[f32], &[f32], &[f32], &[f32]) -> (Vec<f32>, Vec<f32>);

fn lstm(x: &[f32], u: &[f32], h: &[f32], c: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let n = h.len();
    let gate = |which: usize, k: usize| x[which * n + k] + u[which * n + k];
    let memory: Vec<f32> = (0..n)
        .map(|k| sigmoid(gate(1, k)) * c[k] + sigmoid(gate(0, k)) * gate(2, k).tanh())
        .collect();
    let hidden = (0..n)
        .map(|k| sigmoid(gate(3, k)) * memory[k].tanh())
        .collect();
    (hidden, memory)
}

fn gru(x: &[f32], u: &[f32], h: &[f32], c: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let n = h.len();
    let hidden = (0..n)
        .map(|k| {
            let r = sigmoid(x[k] + u[k]);
            let z = sigmoid(x[n + k] + u[n + k]);
            let candidate = (x[2 * n + k] + r * u[2 * n + k]).tanh();
            (1.0 - z) * candidate + z * h[k]
        })
        .collect();
    (hidden, c.to_vec())
}

fn elman(x: &[f32], u: &[f32], _h: &[f32], c: &[f32]) -> (Vec<f32>, Vec<f32>) {
    (
        x.iter().zip(u).map(|(x, u)| (x + u).tanh()).collect(),
        c.to_vec(),
    )
}

fn share(v: &[f32], weights: &[f32], bias: &[f32]) -> Vec<f32> {
    let g = bias.len();
    (0..g)
        .map(|j| bias[j] + (0..v.len()).map(|i| v[i] * weights[i * g + j]).sum::<f32>())
        .collect()
}

fn by_definition(layer: &Layer, formula: Formula, shape: &Shape, run: Run<'_>) -> Vec<f32> {
    let (t, h) = (shape.n_steps, shape.n_hidden);
    let mut out = vec![0.0; shape.n_batch * t * h];
    for row in 0..shape.n_batch {
        let length = run.lengths.map_or(t, |lengths| lengths[row]);
        let steps: Vec<usize> = match run.direction {
            Direction::Forward => (0..length).collect(),
            Direction::Backward => (0..length).rev().collect(),
        };
        let (mut hidden, mut memory) = (vec![0.0; h], vec![0.0; h]);
        for step in steps {
            let x = &layer.x[(row * t + step) * shape.n_inputs..][..shape.n_inputs];
            let from_x = share(x, &layer.input, &layer.input_bias);
            let from_hidden = share(&hidden, &layer.hidden, &layer.hidden_bias);
            (hidden, memory) = formula(&from_x, &from_hidden, &hidden, &memory);
            out[(row * t + step) * h..][..h].copy_from_slice(&hidden);
        }
    }
    out
}

#[track_caller]
fn check<C: Cell>(formula: Formula, shape: &Shape, run: Run<'_>) {
    let layer = Layer::new(C::N_GATES, shape);
    let w = numbers(6, shape.n_batch * shape.n_steps * shape.n_hidden);
    let loss = |x: &[f32], weights: &Weights<'_>| {
        weighted(&forward::<C>(x, weights, shape, run).hidden, &w)
    };

    let saved = forward::<C>(&layer.x, &layer.weights(), shape, run);
    let hidden = saved.hidden.clone();
    let gradients = backward::<C>(&layer.x, &layer.weights(), saved, &w, shape, run);

    let weights = layer.weights();
    assert_close(&hidden, &by_definition(&layer, formula, shape, run), 1e-5);
    assert_gradient(&gradients.x, &layer.x, |x| loss(x, &weights));
    assert_gradient(&gradients.input, &layer.input, |input| {
        loss(&layer.x, &Weights { input, ..weights })
    });
    assert_gradient(&gradients.hidden, &layer.hidden, |hidden| {
        loss(&layer.x, &Weights { hidden, ..weights })
    });
    assert_gradient(&gradients.input_bias, &layer.input_bias, |input_bias| {
        loss(
            &layer.x,
            &Weights {
                input_bias,
                ..weights
            },
        )
    });
    assert_gradient(&gradients.hidden_bias, &layer.hidden_bias, |hidden_bias| {
        loss(
            &layer.x,
            &Weights {
                hidden_bias,
                ..weights
            },
        )
    });
}

#[track_caller]
fn check_all_runs<C: Cell>(formula: Formula) {
    for direction in [Direction::Forward, Direction::Backward] {
        check::<C>(
            formula,
            &SHAPE,
            Run {
                direction,
                lengths: None,
            },
        );
        check::<C>(
            formula,
            &SHAPE,
            Run {
                direction,
                lengths: Some(&[2, 4, 0]),
            },
        );
    }
}

#[test]
fn the_lstm() {
    check_all_runs::<Lstm>(lstm);
}

#[test]
fn the_gru() {
    check_all_runs::<Gru>(gru);
}

#[test]
fn the_plain_cell() {
    check_all_runs::<Elman>(elman);
}

#[test]
fn a_single_step() {
    let shape = Shape {
        n_steps: 1,
        ..SHAPE
    };
    check::<Lstm>(
        lstm,
        &shape,
        Run {
            direction: Direction::Forward,
            lengths: None,
        },
    );
    check::<Gru>(
        gru,
        &shape,
        Run {
            direction: Direction::Backward,
            lengths: None,
        },
    );
}

#[test]
fn a_batch_of_several_slabs_is_the_same_rows() {
    let shape = Shape {
        n_batch: 21,
        n_steps: 3,
        n_inputs: 2,
        n_hidden: 9,
    };
    check::<Lstm>(
        lstm,
        &shape,
        Run {
            direction: Direction::Forward,
            lengths: None,
        },
    );
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let shape = Shape {
        n_batch: 40,
        n_steps: 6,
        n_inputs: 4,
        n_hidden: 16,
    };
    let layer = Layer::new(4, &shape);
    let run = Run {
        direction: Direction::Forward,
        lengths: None,
    };
    let w = numbers(6, shape.n_batch * shape.n_steps * shape.n_hidden);
    let all = |n_threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(n_threads)
            .build()
            .unwrap();
        pool.install(|| {
            let saved = forward::<Lstm>(&layer.x, &layer.weights(), &shape, run);
            let gradients = backward::<Lstm>(&layer.x, &layer.weights(), saved, &w, &shape, run);
            (gradients.x, gradients.input, gradients.hidden)
        })
    };

    assert_eq!(all(1), all(3));
}

#[test]
fn a_hidden_bias_left_out_is_none() {
    let layer = Layer {
        hidden_bias: vec![0.0; 20],
        ..Layer::new(4, &SHAPE)
    };
    let run = Run {
        direction: Direction::Forward,
        lengths: None,
    };
    let without = Weights {
        hidden_bias: &[],
        ..layer.weights()
    };

    assert_eq!(
        forward::<Lstm>(&layer.x, &without, &SHAPE, run).hidden,
        forward::<Lstm>(&layer.x, &layer.weights(), &SHAPE, run).hidden
    );
}
