//! The layer norm of a sum: what a transformer's layer does with what came in and what it made of it.

use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, backend_extension};
use burn::tensor::Tensor;
use burn_flex::FlexTensor;
use rapport_kernels::norm::{self as kernel, Center};

use super::flex::{give, is_on_cpu, last_size, numbers, sizes, tensor};
use super::layer_norm;

/// [`layer_norm`] of `x + added`, both `[n_rows, n_columns]`.
pub fn added_layer_norm(
    x: Tensor<2>,
    added: Tensor<2>,
    gain: Tensor<1>,
    bias: Tensor<1>,
    epsilon: f32,
) -> Tensor<2> {
    if is_on_cpu(&x) {
        Tensor::from_dispatch(Dispatch::fused_added_norm(
            x.into_dispatch(),
            added.into_dispatch(),
            gain.into_dispatch(),
            bias.into_dispatch(),
            epsilon,
        ))
    } else {
        layer_norm(x + added, gain, bias, epsilon)
    }
}

#[backend_extension(Flex, Autodiff)]
pub(crate) trait FusedAddedNorm: Backend {
    fn fused_added_norm(
        x: FloatTensor<Self>,
        added: FloatTensor<Self>,
        gain: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        epsilon: f32,
    ) -> FloatTensor<Self>;
}

impl FusedAddedNorm for Flex {
    fn fused_added_norm(
        x: FlexTensor,
        added: FlexTensor,
        gain: FlexTensor,
        bias: FlexTensor,
        epsilon: f32,
    ) -> FlexTensor {
        let (x, added) = (x.to_contiguous(), added.to_contiguous());
        let (gain, bias) = (gain.to_contiguous(), bias.to_contiguous());
        let found = kernel::forward_added(
            numbers(&x),
            numbers(&added),
            numbers(&gain),
            numbers(&bias),
            epsilon,
        );
        tensor(found.y, &sizes(&x))
    }
}

impl<C: CheckpointStrategy> FusedAddedNorm for Autodiff<Flex, C> {
    fn fused_added_norm(
        x: FloatTensor<Self>,
        added: FloatTensor<Self>,
        gain: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        epsilon: f32,
    ) -> FloatTensor<Self> {
        let prepared = AddedNormBackward
            .prepare::<C>([x.node(), added.node(), gain.node(), bias.node()])
            .compute_bound()
            .stateful();
        let x = x.into_primitive().to_contiguous();
        let added = added.into_primitive().to_contiguous();
        let gain = gain.into_primitive().to_contiguous();
        let bias = bias.into_primitive().to_contiguous();
        let found = kernel::forward_added(
            numbers(&x),
            numbers(&added),
            numbers(&gain),
            numbers(&bias),
            epsilon,
        );
        let y = tensor(found.y, &sizes(&x));
        match prepared {
            OpsKind::Tracked(prepared) => {
                let state = State {
                    moments: tensor(found.moments, &[sizes(&x)[0], 2]),
                    sum: tensor(found.sum, &sizes(&x)),
                    gain,
                };
                prepared.finish(state, y)
            }
            OpsKind::UnTracked(prepared) => prepared.finish(y),
        }
    }
}

#[derive(Debug, Clone)]
struct State {
    sum: FlexTensor,
    gain: FlexTensor,
    moments: FlexTensor,
}

#[derive(Debug)]
struct AddedNormBackward;

impl Backward<Flex, 4> for AddedNormBackward {
    type State = State;

    fn backward(
        self,
        ops: Ops<Self::State, 4>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let dy = gradients.consume::<Flex>(&ops.node).to_contiguous();
        let State { sum, gain, moments } = ops.state;
        let [of_x, of_added, of_gain, of_bias] = ops.parents.map(|parent| parent.map(|n| n.id));
        let found = kernel::backward(
            numbers(&sum),
            numbers(&gain),
            numbers(&moments),
            numbers(&dy),
            Center::Mean,
        );
        let n_columns = last_size(&gain);
        // One gradient for both parts of the sum; whoever changes it makes a copy.
        let of_sum = tensor(found.x, &sizes(&sum));
        for node in [of_x, of_added].into_iter().flatten() {
            gradients.register::<Flex>(node, of_sum.clone());
        }
        give(gradients, of_gain, found.gain, &[n_columns]);
        give(gradients, of_bias, found.bias, &[n_columns]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::testing::{assert_same_gradients, numbers_of};

    #[test]
    fn the_fused_form_equals_the_plain_one() {
        let inputs = [
            numbers_of(1, [4, 18]),
            numbers_of(2, [4, 18]),
            numbers_of(3, [1, 18]),
            numbers_of(4, [1, 18]),
        ];
        assert_same_gradients(
            inputs,
            |[x, added, gain, bias]| {
                added_layer_norm(x, added, gain.squeeze::<1>(), bias.squeeze::<1>(), 1e-5)
            },
            |[x, added, gain, bias]| {
                layer_norm(x + added, gain.squeeze::<1>(), bias.squeeze::<1>(), 1e-5)
            },
        );
    }

    #[test]
    fn what_is_added_to_itself_gets_both_gradients() {
        assert_same_gradients(
            [numbers_of(1, [4, 18])],
            |[x]| {
                let (ones, zeros) = (
                    Tensor::ones([18], &x.device()),
                    Tensor::zeros([18], &x.device()),
                );
                added_layer_norm(x.clone(), x, ones, zeros, 1e-5)
            },
            |[x]| {
                let (ones, zeros) = (
                    Tensor::ones([18], &x.device()),
                    Tensor::zeros([18], &x.device()),
                );
                layer_norm(x.clone() + x, ones, zeros, 1e-5)
            },
        );
    }
}
