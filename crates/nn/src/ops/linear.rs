//! The linear layer over rows.

use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, backend_extension};
use burn::tensor::Tensor;
use burn_flex::FlexTensor;
use rapport_kernels::linear as kernel;

use super::flex::{give, is_on_cpu, last_size, numbers, sizes, tensor};

/// `x W + b`.
///
/// - `x`: `[n_rows, n_inputs]`; `weight`: `[n_inputs, n_outputs]`; `bias`: `[n_outputs]`
/// - returns `[n_rows, n_outputs]`
///
/// Takes rows, not batches of steps: a batch of products costs twice one product of all rows.
pub fn linear(x: Tensor<2>, weight: Tensor<2>, bias: Tensor<1>) -> Tensor<2> {
    if is_on_cpu(&x) {
        Tensor::from_dispatch(Dispatch::fused_linear(
            x.into_dispatch(),
            weight.into_dispatch(),
            bias.into_dispatch(),
        ))
    } else {
        plain(x, weight, bias)
    }
}

fn plain(x: Tensor<2>, weight: Tensor<2>, bias: Tensor<1>) -> Tensor<2> {
    x.matmul(weight) + bias.unsqueeze()
}

#[backend_extension(Flex, Autodiff)]
pub(crate) trait FusedLinear: Backend {
    fn fused_linear(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self>;
}

impl FusedLinear for Flex {
    fn fused_linear(x: FlexTensor, weight: FlexTensor, bias: FlexTensor) -> FlexTensor {
        let (x, weight, bias) = (
            x.to_contiguous(),
            weight.to_contiguous(),
            bias.to_contiguous(),
        );
        let y = kernel::forward(numbers(&x), numbers(&weight), numbers(&bias));
        tensor(y, &[sizes(&x)[0], last_size(&weight)])
    }
}

impl<C: CheckpointStrategy> FusedLinear for Autodiff<Flex, C> {
    fn fused_linear(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let prepared = LinearBackward
            .prepare::<C>([x.node(), weight.node(), bias.node()])
            .compute_bound()
            .stateful();
        let x = x.into_primitive().to_contiguous();
        let weight = weight.into_primitive().to_contiguous();
        let y = Flex::fused_linear(x.clone(), weight.clone(), bias.into_primitive());
        match prepared {
            OpsKind::Tracked(prepared) => prepared.finish([x, weight], y),
            OpsKind::UnTracked(prepared) => prepared.finish(y),
        }
    }
}

#[derive(Debug)]
struct LinearBackward;

impl Backward<Flex, 3> for LinearBackward {
    type State = [FlexTensor; 2];

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let dy = gradients.consume::<Flex>(&ops.node).to_contiguous();
        let [x, weight] = ops.state;
        let [of_x, of_weight, of_bias] = ops.parents.map(|parent| parent.map(|node| node.id));
        let n_outputs = last_size(&weight);
        let found = kernel::backward(
            numbers(&x),
            numbers(&weight),
            numbers(&dy),
            n_outputs,
            of_x.is_some(),
        );
        give(gradients, of_x, found.x, &sizes(&x));
        give(gradients, of_weight, found.weight, &sizes(&weight));
        give(gradients, of_bias, found.bias, &[n_outputs]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::testing::{assert_same_gradients, numbers_of};

    #[test]
    fn the_fused_form_equals_the_plain_one() {
        let inputs = [
            numbers_of(1, [5, 4]),
            numbers_of(2, [4, 3]),
            numbers_of(3, [1, 3]),
        ];
        assert_same_gradients(
            inputs,
            |[x, w, b]| linear(x, w, b.squeeze::<1>()),
            |[x, w, b]| plain(x, w, b.squeeze::<1>()),
        );
    }
}
