//! Layer norm and root-mean-square norm over rows.

use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, backend_extension};
use burn::tensor::Tensor;
use burn_flex::FlexTensor;
use rapport_kernels::norm::{self as kernel, Center};

use super::flex::{give, is_on_cpu, last_size, numbers, sizes, tensor};

/// `(x - mean) / sqrt(variance + epsilon) * gain + bias` for each row of `x`, `[n_rows, n_columns]`.
pub fn layer_norm(x: Tensor<2>, gain: Tensor<1>, bias: Tensor<1>, epsilon: f32) -> Tensor<2> {
    if is_on_cpu(&x) {
        fused(x, gain, bias, epsilon, Center::Mean)
    } else {
        plain_layer_norm(x, gain, bias, epsilon)
    }
}

/// `x / sqrt(mean square + epsilon) * gain` for each row of `x`, `[n_rows, n_columns]`.
pub fn rms_norm(x: Tensor<2>, gain: Tensor<1>, epsilon: f32) -> Tensor<2> {
    if is_on_cpu(&x) {
        let bias = Tensor::zeros(gain.dims(), &x.device());
        fused(x, gain, bias, epsilon, Center::Origin)
    } else {
        plain_rms_norm(x, gain, epsilon)
    }
}

fn fused(
    x: Tensor<2>,
    gain: Tensor<1>,
    bias: Tensor<1>,
    epsilon: f32,
    center: Center,
) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::fused_norm(
        x.into_dispatch(),
        gain.into_dispatch(),
        bias.into_dispatch(),
        epsilon,
        center,
    ))
}

fn plain_layer_norm(x: Tensor<2>, gain: Tensor<1>, bias: Tensor<1>, epsilon: f32) -> Tensor<2> {
    let centered = x.clone() - x.mean_dim(1);
    let variance = centered.clone().square().mean_dim(1);
    centered / (variance + epsilon).sqrt() * gain.unsqueeze() + bias.unsqueeze()
}

fn plain_rms_norm(x: Tensor<2>, gain: Tensor<1>, epsilon: f32) -> Tensor<2> {
    let mean_square = x.clone().square().mean_dim(1);
    x / (mean_square + epsilon).sqrt() * gain.unsqueeze()
}

#[backend_extension(Flex, Autodiff)]
pub(crate) trait FusedNorm: Backend {
    fn fused_norm(
        x: FloatTensor<Self>,
        gain: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        epsilon: f32,
        center: Center,
    ) -> FloatTensor<Self>;
}

impl FusedNorm for Flex {
    fn fused_norm(
        x: FlexTensor,
        gain: FlexTensor,
        bias: FlexTensor,
        epsilon: f32,
        center: Center,
    ) -> FlexTensor {
        let (x, gain, bias) = (
            x.to_contiguous(),
            gain.to_contiguous(),
            bias.to_contiguous(),
        );
        let normed = kernel::forward(numbers(&x), numbers(&gain), numbers(&bias), epsilon, center);
        tensor(normed.y, &sizes(&x))
    }
}

impl<C: CheckpointStrategy> FusedNorm for Autodiff<Flex, C> {
    fn fused_norm(
        x: FloatTensor<Self>,
        gain: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        epsilon: f32,
        center: Center,
    ) -> FloatTensor<Self> {
        let prepared = NormBackward
            .prepare::<C>([x.node(), gain.node(), bias.node()])
            .compute_bound()
            .stateful();
        let x = x.into_primitive().to_contiguous();
        let gain = gain.into_primitive().to_contiguous();
        let bias = bias.into_primitive().to_contiguous();
        let normed = kernel::forward(numbers(&x), numbers(&gain), numbers(&bias), epsilon, center);
        let y = tensor(normed.y, &sizes(&x));
        match prepared {
            OpsKind::Tracked(prepared) => {
                let moments = tensor(normed.moments, &[sizes(&x)[0], 2]);
                prepared.finish(
                    State {
                        x,
                        gain,
                        moments,
                        center,
                    },
                    y,
                )
            }
            OpsKind::UnTracked(prepared) => prepared.finish(y),
        }
    }
}

#[derive(Debug, Clone)]
struct State {
    x: FlexTensor,
    gain: FlexTensor,
    moments: FlexTensor,
    center: Center,
}

#[derive(Debug)]
struct NormBackward;

impl Backward<Flex, 3> for NormBackward {
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
            gain,
            moments,
            center,
        } = ops.state;
        let [of_x, of_gain, of_bias] = ops.parents.map(|parent| parent.map(|node| node.id));
        let found = kernel::backward(
            numbers(&x),
            numbers(&gain),
            numbers(&moments),
            numbers(&dy),
            center,
        );
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
    fn the_fused_layer_norm_equals_the_plain_one() {
        let inputs = [
            numbers_of(1, [4, 18]),
            numbers_of(2, [1, 18]),
            numbers_of(3, [1, 18]),
        ];
        assert_same_gradients(
            inputs,
            |[x, gain, bias]| layer_norm(x, gain.squeeze::<1>(), bias.squeeze::<1>(), 1e-5),
            |[x, gain, bias]| plain_layer_norm(x, gain.squeeze::<1>(), bias.squeeze::<1>(), 1e-5),
        );
    }

    #[test]
    fn the_fused_root_mean_square_norm_equals_the_plain_one() {
        assert_same_gradients(
            [numbers_of(1, [4, 18]), numbers_of(2, [1, 18])],
            |[x, gain]| rms_norm(x, gain.squeeze::<1>(), 1e-5),
            |[x, gain]| plain_rms_norm(x, gain.squeeze::<1>(), 1e-5),
        );
    }
}
