//! The Gaussian error linear unit.

use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, backend_extension};
use burn::tensor::Tensor;
use burn_flex::FlexTensor;
use rapport_kernels::gelu as kernel;

use super::flex::{give, is_on_cpu, numbers, sizes, tensor};

/// `x Φ(x)` of every number.
pub fn gelu<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    if is_on_cpu(&x) {
        Tensor::from_dispatch(Dispatch::fused_gelu(x.into_dispatch()))
    } else {
        burn::tensor::activation::gelu(x)
    }
}

#[backend_extension(Flex, Autodiff)]
pub(crate) trait FusedGelu: Backend {
    fn fused_gelu(x: FloatTensor<Self>) -> FloatTensor<Self>;
}

impl FusedGelu for Flex {
    fn fused_gelu(x: FlexTensor) -> FlexTensor {
        let x = x.to_contiguous();
        tensor(kernel::forward(numbers(&x)), &sizes(&x))
    }
}

impl<C: CheckpointStrategy> FusedGelu for Autodiff<Flex, C> {
    fn fused_gelu(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let prepared = GeluBackward
            .prepare::<C>([x.node()])
            .compute_bound()
            .stateful();
        let x = x.into_primitive().to_contiguous();
        match prepared {
            OpsKind::Tracked(prepared) => {
                let (y, slope) = kernel::forward_with_slope(numbers(&x));
                prepared.finish(tensor(slope, &sizes(&x)), tensor(y, &sizes(&x)))
            }
            OpsKind::UnTracked(prepared) => prepared.finish(Flex::fused_gelu(x)),
        }
    }
}

#[derive(Debug)]
struct GeluBackward;

impl Backward<Flex, 1> for GeluBackward {
    type State = FlexTensor;

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let dy = gradients.consume::<Flex>(&ops.node).to_contiguous();
        let slope = ops.state;
        let [parent] = ops.parents;
        let dx = kernel::backward(numbers(&slope), numbers(&dy));
        give(gradients, parent.map(|node| node.id), dx, &sizes(&slope));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::testing::{assert_same_gradients, numbers_of};

    #[test]
    fn the_fused_form_equals_the_plain_one() {
        assert_same_gradients(
            [numbers_of(1, [3, 7])],
            |[x]| gelu(x),
            |[x]| burn::tensor::activation::gelu(x),
        );
    }
}
