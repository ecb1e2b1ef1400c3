//! Convolution over time, rectified, with the largest value of each filter kept.

use std::sync::Arc;

use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, backend_extension};
use burn::tensor::{Tensor, TensorData};
use burn_flex::FlexTensor;
use rapport_kernels::convolution::{self as kernel, Pooled, Shape};

use super::flex::{give, is_on_cpu, last_size, numbers, sizes, tensor};

/// `max over windows of relu(window W + b)`.
///
/// - `x`: `[n_batch, n_steps, n_inputs]`; `weight`: `[width * n_inputs, n_filters]`; `bias`:
///   `[n_filters]`; `lengths`: steps of each text that are no padding.
/// - returns `[n_batch, n_filters]`
///
/// A window counts when it lies inside the text; the first always does.
pub fn pooled_convolution(
    x: Tensor<3>,
    weight: Tensor<2>,
    bias: Tensor<1>,
    lengths: &Arc<[usize]>,
) -> Tensor<2> {
    if is_on_cpu(&x) {
        Tensor::from_dispatch(Dispatch::fused_convolution(
            x.into_dispatch(),
            weight.into_dispatch(),
            bias.into_dispatch(),
            lengths.clone(),
        ))
    } else {
        plain(x, weight, bias, lengths)
    }
}

fn plain(x: Tensor<3>, weight: Tensor<2>, bias: Tensor<1>, lengths: &[usize]) -> Tensor<2> {
    let [n_batch, n_steps, n_inputs] = x.dims();
    let [n_window, n_filters] = weight.dims();
    let width = n_window / n_inputs;
    let n_windows = n_steps - width + 1;
    let shifted = (0..width)
        .map(|shift| x.clone().slice([0..n_batch, shift..shift + n_windows]))
        .collect();
    let windows = Tensor::cat(shifted, 2).reshape([n_batch * n_windows, n_window]);
    let values = windows.matmul(weight) + bias.unsqueeze();
    let values = burn::tensor::activation::relu(values).reshape([n_batch, n_windows, n_filters]);
    // Rectified values are not negative: a factor of zero takes a window out.
    let counts: Vec<f32> = lengths
        .iter()
        .flat_map(|length| {
            let n_inside = length.saturating_sub(width - 1).max(1);
            (0..n_windows).map(move |window| f32::from(u8::from(window < n_inside)))
        })
        .collect();
    let counts = TensorData::new(counts, [n_batch, n_windows, 1]);
    let counts = Tensor::<3>::from_data(counts, &values.device());
    (values * counts).max_dim(1).reshape([n_batch, n_filters])
}

#[backend_extension(Flex, Autodiff)]
pub(crate) trait FusedConvolution: Backend {
    fn fused_convolution(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        lengths: Arc<[usize]>,
    ) -> FloatTensor<Self>;
}

fn shape_of(x: &FlexTensor, weight: &FlexTensor) -> Shape {
    let [n_batch, n_steps, n_inputs] = sizes(x)[..] else {
        unreachable!("the function that calls takes three dimensions")
    };
    let n_filters = last_size(weight);
    let width = sizes(weight)[0] / n_inputs;
    Shape {
        n_batch,
        n_steps,
        n_inputs,
        n_filters,
        width,
    }
}

impl FusedConvolution for Flex {
    fn fused_convolution(
        x: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        lengths: Arc<[usize]>,
    ) -> FlexTensor {
        let (x, weight, bias) = (
            x.to_contiguous(),
            weight.to_contiguous(),
            bias.to_contiguous(),
        );
        let shape = shape_of(&x, &weight);
        let (x, weight, bias) = (numbers(&x), numbers(&weight), numbers(&bias));
        let pooled = kernel::forward(x, weight, bias, &shape, Some(&lengths));
        tensor(pooled.y, &[shape.n_batch, shape.n_filters])
    }
}

impl<C: CheckpointStrategy> FusedConvolution for Autodiff<Flex, C> {
    fn fused_convolution(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        lengths: Arc<[usize]>,
    ) -> FloatTensor<Self> {
        let prepared = ConvolutionBackward
            .prepare::<C>([x.node(), weight.node(), bias.node()])
            .compute_bound()
            .stateful();
        let x = x.into_primitive().to_contiguous();
        let weight = weight.into_primitive().to_contiguous();
        let bias = bias.into_primitive().to_contiguous();
        let shape = shape_of(&x, &weight);
        let pooled = kernel::forward(
            numbers(&x),
            numbers(&weight),
            numbers(&bias),
            &shape,
            Some(&lengths),
        );
        let y = tensor(pooled.y.clone(), &[shape.n_batch, shape.n_filters]);
        match prepared {
            OpsKind::Tracked(prepared) => prepared.finish(
                State {
                    x,
                    weight,
                    pooled,
                    shape,
                },
                y,
            ),
            OpsKind::UnTracked(prepared) => prepared.finish(y),
        }
    }
}

#[derive(Debug, Clone)]
struct State {
    x: FlexTensor,
    weight: FlexTensor,
    pooled: Pooled,
    shape: Shape,
}

#[derive(Debug)]
struct ConvolutionBackward;

impl Backward<Flex, 3> for ConvolutionBackward {
    type State = State;

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let dy = gradients.consume::<Flex>(&ops.node).to_contiguous();
        let State {
            x,
            weight,
            pooled,
            shape,
        } = ops.state;
        let [of_x, of_weight, of_bias] = ops.parents.map(|parent| parent.map(|node| node.id));
        let found = kernel::backward(numbers(&x), numbers(&weight), &pooled, numbers(&dy), &shape);
        give(gradients, of_x, found.x, &sizes(&x));
        give(gradients, of_weight, found.weight, &sizes(&weight));
        give(gradients, of_bias, found.bias, &[shape.n_filters]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::testing::{assert_same_gradients, numbers_of};

    #[test]
    fn the_fused_form_equals_the_plain_one() {
        let lengths: Arc<[usize]> = [6, 4, 1].into();
        let inputs = [
            numbers_of(1, [3, 6, 4]),
            numbers_of(2, [1, 12, 5]),
            numbers_of(3, [1, 1, 5]),
        ];
        assert_same_gradients(
            inputs,
            |[x, w, b]| pooled_convolution(x, w.squeeze::<2>(), b.reshape([5]), &lengths),
            |[x, w, b]| plain(x, w.squeeze::<2>(), b.reshape([5]), &lengths),
        );
    }
}
