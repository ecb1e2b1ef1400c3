//! Recurrent layers over whole sequences.

use std::sync::Arc;

use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, backend_extension};
use burn::tensor::activation::sigmoid;
use burn::tensor::{Tensor, TensorData};
use burn_flex::FlexTensor;
use rapport_kernels::recurrent::{self as kernel, Direction, Elman, Gru, Lstm, Run, Saved, Shape};
use serde::{Deserialize, Serialize};

use super::flex::{give, is_on_cpu, numbers, sizes, tensor};

/// The cell of a recurrent layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// `h' = tanh(W x + U h + b)`.
    Plain,
    /// Gated recurrent unit; gates in the order reset, update, candidate.
    Gru,
    /// Long short-term memory; gates in the order input, forget, candidate, output.
    Lstm,
}

impl Cell {
    /// Gates per hidden number.
    pub fn n_gates(self) -> usize {
        match self {
            Self::Plain => 1,
            Self::Gru => 3,
            Self::Lstm => 4,
        }
    }
}

/// The weights of one layer, with `g` gates per hidden number.
#[derive(Debug, Clone)]
pub struct RecurrentWeights {
    /// Of the inputs, `[n_inputs, g * n_hidden]`.
    pub input: Tensor<2>,
    /// Of the hidden state, `[n_hidden, g * n_hidden]`.
    pub hidden: Tensor<2>,
    /// Added to the inputs' share, `[g * n_hidden]`.
    pub input_bias: Tensor<1>,
    /// Added to the hidden state's share, `[g * n_hidden]`.
    pub hidden_bias: Tensor<1>,
}

/// The hidden state after every step: `x` `[n_batch, n_steps, n_inputs]` to
/// `[n_batch, n_steps, n_hidden]`.
///
/// `lengths` are the steps of each sequence that are no padding; padding gives out zeros and changes
/// no state.
pub fn recurrent(
    x: Tensor<3>,
    weights: RecurrentWeights,
    cell: Cell,
    direction: Direction,
    lengths: &Arc<[usize]>,
) -> Tensor<3> {
    if is_on_cpu(&x) {
        Tensor::from_dispatch(Dispatch::fused_recurrent(
            x.into_dispatch(),
            weights.input.into_dispatch(),
            weights.hidden.into_dispatch(),
            weights.input_bias.into_dispatch(),
            weights.hidden_bias.into_dispatch(),
            Plan {
                cell,
                direction,
                lengths: lengths.clone(),
            },
        ))
    } else {
        plain(x, weights, cell, direction, lengths)
    }
}

fn plain(
    x: Tensor<3>,
    weights: RecurrentWeights,
    cell: Cell,
    direction: Direction,
    lengths: &[usize],
) -> Tensor<3> {
    let [n_batch, n_steps, n_inputs] = x.dims();
    let [n_hidden, n_gates] = weights.hidden.dims();
    let device = x.device();
    let mut hidden = Tensor::<2>::zeros([n_batch, n_hidden], &device);
    let mut memory = hidden.clone();
    let mut outputs = vec![hidden.clone(); n_steps];
    let order: Vec<usize> = match direction {
        Direction::Forward => (0..n_steps).collect(),
        Direction::Backward => (0..n_steps).rev().collect(),
    };
    for step in order {
        let input = x
            .clone()
            .slice([0..n_batch, step..step + 1])
            .reshape([n_batch, n_inputs]);
        let from_x = input.matmul(weights.input.clone()) + weights.input_bias.clone().unsqueeze();
        let from_hidden =
            hidden.clone().matmul(weights.hidden.clone()) + weights.hidden_bias.clone().unsqueeze();
        let gate = |share: &Tensor<2>, which: usize| {
            share
                .clone()
                .slice([0..n_batch, which * n_hidden..(which + 1) * n_hidden])
        };
        let both = |which: usize| gate(&from_x, which) + gate(&from_hidden, which);
        let next = match cell {
            Cell::Plain => both(0).tanh(),
            Cell::Gru => {
                let (reset, update) = (sigmoid(both(0)), sigmoid(both(1)));
                let candidate = (gate(&from_x, 2) + reset * gate(&from_hidden, 2)).tanh();
                candidate.clone() + update * (hidden.clone() - candidate)
            }
            Cell::Lstm => {
                memory = sigmoid(both(1)) * memory + sigmoid(both(0)) * both(2).tanh();
                sigmoid(both(3)) * memory.clone().tanh()
            }
        };
        debug_assert_eq!(n_gates, cell.n_gates() * n_hidden);
        let inside: Vec<f32> = lengths
            .iter()
            .map(|length| f32::from(u8::from(step < *length)))
            .collect();
        let inside = Tensor::<2>::from_data(TensorData::new(inside, [n_batch, 1]), &device);
        // Outside of a sequence both states are zero: before its end when going backward, and after
        // its end, where nobody looks, when going forward.
        hidden = next * inside.clone();
        memory = memory * inside;
        outputs[step] = hidden.clone();
    }
    Tensor::stack(outputs, 1)
}

/// How a layer runs.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    cell: Cell,
    direction: Direction,
    lengths: Arc<[usize]>,
}

#[backend_extension(Flex, Autodiff)]
pub(crate) trait FusedRecurrent: Backend {
    fn fused_recurrent(
        x: FloatTensor<Self>,
        input: FloatTensor<Self>,
        hidden: FloatTensor<Self>,
        input_bias: FloatTensor<Self>,
        hidden_bias: FloatTensor<Self>,
        plan: Plan,
    ) -> FloatTensor<Self>;
}

/// A layer's inputs and weights on the CPU.
#[derive(Debug, Clone)]
struct Inputs {
    x: FlexTensor,
    input: FlexTensor,
    hidden: FlexTensor,
    input_bias: FlexTensor,
    hidden_bias: FlexTensor,
}

impl Inputs {
    fn weights(&self) -> kernel::Weights<'_> {
        kernel::Weights {
            input: numbers(&self.input),
            hidden: numbers(&self.hidden),
            input_bias: numbers(&self.input_bias),
            hidden_bias: numbers(&self.hidden_bias),
        }
    }

    fn shape(&self) -> Shape {
        let x = sizes(&self.x);
        Shape {
            n_batch: x[0],
            n_steps: x[1],
            n_inputs: x[2],
            n_hidden: sizes(&self.hidden)[0],
        }
    }

    fn forward(&self, plan: &Plan) -> Saved {
        let (x, weights, shape) = (numbers(&self.x), self.weights(), self.shape());
        let run = Run {
            direction: plan.direction,
            lengths: Some(&plan.lengths),
        };
        match plan.cell {
            Cell::Plain => kernel::forward::<Elman>(x, &weights, &shape, run),
            Cell::Gru => kernel::forward::<Gru>(x, &weights, &shape, run),
            Cell::Lstm => kernel::forward::<Lstm>(x, &weights, &shape, run),
        }
    }

    fn backward(&self, plan: &Plan, saved: Saved, dy: &[f32]) -> kernel::Gradients {
        let (x, weights, shape) = (numbers(&self.x), self.weights(), self.shape());
        let run = Run {
            direction: plan.direction,
            lengths: Some(&plan.lengths),
        };
        match plan.cell {
            Cell::Plain => kernel::backward::<Elman>(x, &weights, saved, dy, &shape, run),
            Cell::Gru => kernel::backward::<Gru>(x, &weights, saved, dy, &shape, run),
            Cell::Lstm => kernel::backward::<Lstm>(x, &weights, saved, dy, &shape, run),
        }
    }

    fn output(&self, hidden: Vec<f32>) -> FlexTensor {
        let shape = self.shape();
        tensor(hidden, &[shape.n_batch, shape.n_steps, shape.n_hidden])
    }
}

impl FusedRecurrent for Flex {
    fn fused_recurrent(
        x: FlexTensor,
        input: FlexTensor,
        hidden: FlexTensor,
        input_bias: FlexTensor,
        hidden_bias: FlexTensor,
        plan: Plan,
    ) -> FlexTensor {
        let inputs = Inputs {
            x: x.to_contiguous(),
            input: input.to_contiguous(),
            hidden: hidden.to_contiguous(),
            input_bias: input_bias.to_contiguous(),
            hidden_bias: hidden_bias.to_contiguous(),
        };
        let saved = inputs.forward(&plan);
        inputs.output(saved.hidden)
    }
}

impl<C: CheckpointStrategy> FusedRecurrent for Autodiff<Flex, C> {
    fn fused_recurrent(
        x: FloatTensor<Self>,
        input: FloatTensor<Self>,
        hidden: FloatTensor<Self>,
        input_bias: FloatTensor<Self>,
        hidden_bias: FloatTensor<Self>,
        plan: Plan,
    ) -> FloatTensor<Self> {
        let nodes = [
            x.node(),
            input.node(),
            hidden.node(),
            input_bias.node(),
            hidden_bias.node(),
        ];
        let prepared = RecurrentBackward
            .prepare::<C>(nodes)
            .compute_bound()
            .stateful();
        let inputs = Inputs {
            x: x.into_primitive().to_contiguous(),
            input: input.into_primitive().to_contiguous(),
            hidden: hidden.into_primitive().to_contiguous(),
            input_bias: input_bias.into_primitive().to_contiguous(),
            hidden_bias: hidden_bias.into_primitive().to_contiguous(),
        };
        let saved = inputs.forward(&plan);
        match prepared {
            OpsKind::Tracked(prepared) => {
                let y = inputs.output(saved.hidden.clone());
                prepared.finish(
                    State {
                        inputs,
                        plan,
                        saved: Arc::new(saved),
                    },
                    y,
                )
            }
            OpsKind::UnTracked(prepared) => {
                let y = inputs.output(saved.hidden);
                prepared.finish(y)
            }
        }
    }
}

#[derive(Debug, Clone)]
struct State {
    inputs: Inputs,
    plan: Plan,
    saved: Arc<Saved>,
}

#[derive(Debug)]
struct RecurrentBackward;

impl Backward<Flex, 5> for RecurrentBackward {
    type State = State;

    fn backward(
        self,
        ops: Ops<Self::State, 5>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let dy = gradients.consume::<Flex>(&ops.node).to_contiguous();
        let State {
            inputs,
            plan,
            saved,
        } = ops.state;
        // The way back works in place of what was saved; a second one over the same graph copies.
        let saved = Arc::unwrap_or_clone(saved);
        let found = inputs.backward(&plan, saved, numbers(&dy));
        let [of_x, of_input, of_hidden, of_input_bias, of_hidden_bias] =
            ops.parents.map(|parent| parent.map(|node| node.id));
        give(gradients, of_x, found.x, &sizes(&inputs.x));
        give(gradients, of_input, found.input, &sizes(&inputs.input));
        give(gradients, of_hidden, found.hidden, &sizes(&inputs.hidden));
        give(
            gradients,
            of_input_bias,
            found.input_bias,
            &sizes(&inputs.input_bias),
        );
        give(
            gradients,
            of_hidden_bias,
            found.hidden_bias,
            &sizes(&inputs.hidden_bias),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::testing::{assert_same_gradients, numbers_of};

    const N_HIDDEN: usize = 4;

    fn weights(input: Tensor<3>, hidden: Tensor<3>, bias: Tensor<3>) -> RecurrentWeights {
        RecurrentWeights {
            input: input.squeeze::<2>(),
            hidden: hidden.squeeze::<2>(),
            input_bias: bias.clone().flatten(0, 2),
            hidden_bias: bias.flatten::<1>(0, 2) * 0.5,
        }
    }

    #[test]
    fn the_fused_form_equals_the_plain_one() {
        let lengths: Arc<[usize]> = [5, 2, 0].into();
        for cell in [Cell::Plain, Cell::Gru, Cell::Lstm] {
            for direction in [Direction::Forward, Direction::Backward] {
                let n = cell.n_gates() * N_HIDDEN;
                let inputs = [
                    numbers_of(1, [3, 5, 2]),
                    numbers_of(2, [1, 2, n]),
                    numbers_of(3, [1, N_HIDDEN, n]),
                    numbers_of(4, [1, 1, n]),
                ];
                assert_same_gradients(
                    inputs,
                    |[x, w, u, b]| recurrent(x, weights(w, u, b), cell, direction, &lengths),
                    |[x, w, u, b]| plain(x, weights(w, u, b), cell, direction, &lengths),
                );
            }
        }
    }
}
