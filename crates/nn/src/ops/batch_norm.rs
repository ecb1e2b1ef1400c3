//! Batch norm over rows.

use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, backend_extension};
use burn::tensor::Tensor;
use burn_flex::FlexTensor;
use rapport_kernels::batch_norm as kernel;

use super::flex::{give, is_on_cpu, last_size, numbers, sizes, tensor};

/// `(x - mean) / sqrt(variance + epsilon) * gain + bias` for each column of `x`,
/// `[n_rows, n_columns]`, with mean and variance over the rows.
pub fn batch_norm(x: Tensor<2>, gain: Tensor<1>, bias: Tensor<1>, epsilon: f32) -> Tensor<2> {
    if is_on_cpu(&x) {
        Tensor::from_dispatch(Dispatch::fused_batch_norm(
            x.into_dispatch(),
            gain.into_dispatch(),
            bias.into_dispatch(),
            epsilon,
        ))
    } else {
        plain(x, gain, bias, epsilon)
    }
}

fn plain(x: Tensor<2>, gain: Tensor<1>, bias: Tensor<1>, epsilon: f32) -> Tensor<2> {
    let centered = x.clone() - x.mean_dim(0);
    let variance = centered.clone().square().mean_dim(0);
    centered / (variance + epsilon).sqrt() * gain.unsqueeze() + bias.unsqueeze()
}

#[backend_extension(Flex, Autodiff)]
pub(crate) trait FusedBatchNorm: Backend {
    fn fused_batch_norm(
        x: FloatTensor<Self>,
        gain: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        epsilon: f32,
    ) -> FloatTensor<Self>;
}

impl FusedBatchNorm for Flex {
    fn fused_batch_norm(
        x: FlexTensor,
        gain: FlexTensor,
        bias: FlexTensor,
        epsilon: f32,
    ) -> FlexTensor {
        let (x, gain, bias) = (
            x.to_contiguous(),
            gain.to_contiguous(),
            bias.to_contiguous(),
        );
        let normed = kernel::forward(numbers(&x), numbers(&gain), numbers(&bias), epsilon);
        tensor(normed.y, &sizes(&x))
    }
}

impl<C: CheckpointStrategy> FusedBatchNorm for Autodiff<Flex, C> {
    fn fused_batch_norm(
        x: FloatTensor<Self>,
        gain: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        epsilon: f32,
    ) -> FloatTensor<Self> {
        let prepared = BatchNormBackward
            .prepare::<C>([x.node(), gain.node(), bias.node()])
            .compute_bound()
            .stateful();
        let x = x.into_primitive().to_contiguous();
        let gain = gain.into_primitive().to_contiguous();
        let bias = bias.into_primitive().to_contiguous();
        let normed = kernel::forward(numbers(&x), numbers(&gain), numbers(&bias), epsilon);
        let y = tensor(normed.y, &sizes(&x));
        match prepared {
            OpsKind::Tracked(prepared) => {
                let moments = tensor(normed.moments, &[2, last_size(&gain)]);
                prepared.finish([x, gain, moments], y)
            }
            OpsKind::UnTracked(prepared) => prepared.finish(y),
        }
    }
}

#[derive(Debug)]
struct BatchNormBackward;

impl Backward<Flex, 3> for BatchNormBackward {
    /// Rows, gains and moments.
    type State = [FlexTensor; 3];

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let dy = gradients.consume::<Flex>(&ops.node).to_contiguous();
        let [x, gain, moments] = ops.state;
        let [of_x, of_gain, of_bias] = ops.parents.map(|parent| parent.map(|node| node.id));
        let found = kernel::backward(numbers(&x), numbers(&gain), numbers(&moments), numbers(&dy));
        let n_columns = last_size(&gain);
        give(gradients, of_x, found.x, &sizes(&x));
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
            numbers_of(1, [6, 18]),
            numbers_of(2, [1, 18]),
            numbers_of(3, [1, 18]),
        ];
        assert_same_gradients(
            inputs,
            |[x, gain, bias]| batch_norm(x, gain.squeeze::<1>(), bias.squeeze::<1>(), 1e-3),
            |[x, gain, bias]| plain(x, gain.squeeze::<1>(), bias.squeeze::<1>(), 1e-3),
        );
    }
}
