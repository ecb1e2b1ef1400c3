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

/// Its approximation `x/2 (1 + tanh(√(2/π) (x + 0.044715 x³)))`, which GPT-2 was trained with.
pub fn gelu_by_tanh<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    let root = std::f64::consts::FRAC_2_PI.sqrt();
    let inner = (x.clone() + x.clone().powi_scalar(3) * 0.044_715) * root;
    x * (inner.tanh() + 1.0) * 0.5
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
    use crate::ops::testing::{assert_same_gradients, numbers_of, values};

    #[test]
    fn the_fused_form_equals_the_plain_one() {
        assert_same_gradients(
            [numbers_of(1, [3, 7])],
            |[x]| gelu(x),
            |[x]| burn::tensor::activation::gelu(x),
        );
    }

    #[test]
    fn the_approximation_is_near() {
        let x: Tensor<2> = numbers_of(1, [3, 7]);
        let pairs = values(gelu_by_tanh(x.clone()).inner())
            .into_iter()
            .zip(values(gelu(x).inner()));
        for (near, exact) in pairs {
            assert!((near - exact).abs() < 1e-3, "{near} and {exact}");
        }
    }
}
