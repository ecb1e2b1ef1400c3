//! The AdamW step.

use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, backend_extension};
use burn::tensor::Tensor;
use burn_flex::FlexTensor;
pub use rapport_kernels::adamw::Step as AdamWStep;

use super::flex::{is_on_cpu, numbers};

/// Parameters and both moments after one step. None of them may be tracked.
pub fn adamw_step<const D: usize>(
    parameters: Tensor<D>,
    gradients: Tensor<D>,
    moments: [Tensor<D>; 2],
    step: &AdamWStep,
) -> (Tensor<D>, [Tensor<D>; 2]) {
    let [first, second] = moments;
    if !is_on_cpu(&parameters) {
        return plain(parameters, gradients, first, second, step);
    }
    let (parameters, (first, second)) = Dispatch::fused_adamw(
        parameters.into_dispatch(),
        gradients.into_dispatch(),
        first.into_dispatch(),
        second.into_dispatch(),
        *step,
    );
    let moments = [Tensor::from_dispatch(first), Tensor::from_dispatch(second)];
    (Tensor::from_dispatch(parameters), moments)
}

fn plain<const D: usize>(
    parameters: Tensor<D>,
    gradients: Tensor<D>,
    first: Tensor<D>,
    second: Tensor<D>,
    step: &AdamWStep,
) -> (Tensor<D>, [Tensor<D>; 2]) {
    let time = step.time as i32;
    let first = first * step.beta_1 + gradients.clone() * (1.0 - step.beta_1);
    let second = second * step.beta_2 + gradients.square() * (1.0 - step.beta_2);
    let first_scale = step.learning_rate / (1.0 - step.beta_1.powi(time));
    let second_scale = 1.0 / (1.0 - step.beta_2.powi(time)).sqrt();
    let spread = second.clone().sqrt() * second_scale + step.epsilon;
    let kept = parameters * (1.0 - step.learning_rate * step.weight_decay);
    (kept - first.clone() / spread * first_scale, [first, second])
}

#[backend_extension(Flex, Autodiff)]
pub(crate) trait FusedAdamW: Backend {
    fn fused_adamw(
        parameters: FloatTensor<Self>,
        gradients: FloatTensor<Self>,
        first: FloatTensor<Self>,
        second: FloatTensor<Self>,
        step: AdamWStep,
    ) -> (FloatTensor<Self>, (FloatTensor<Self>, FloatTensor<Self>));
}

impl FusedAdamW for Flex {
    fn fused_adamw(
        parameters: FlexTensor,
        gradients: FlexTensor,
        first: FlexTensor,
        second: FlexTensor,
        step: AdamWStep,
    ) -> (FlexTensor, (FlexTensor, FlexTensor)) {
        let gradients = gradients.to_contiguous();
        // In place where nobody else holds the numbers, which is so in training.
        let mut parameters = own(parameters);
        let mut first = own(first);
        let mut second = own(second);
        rapport_kernels::adamw::step(
            parameters.storage_mut(),
            numbers(&gradients),
            first.storage_mut(),
            second.storage_mut(),
            &step,
        );
        (parameters, (first, second))
    }
}

/// The tensor with its numbers in row-major order and nothing around them.
fn own(tensor: FlexTensor) -> FlexTensor {
    let fits = tensor.as_slice::<f32>().map(<[f32]>::len) == Some(tensor.storage::<f32>().len());
    if fits { tensor } else { tensor.to_contiguous() }
}

impl<C: CheckpointStrategy> FusedAdamW for Autodiff<Flex, C> {
    fn fused_adamw(
        _parameters: FloatTensor<Self>,
        _gradients: FloatTensor<Self>,
        _first: FloatTensor<Self>,
        _second: FloatTensor<Self>,
        _step: AdamWStep,
    ) -> (FloatTensor<Self>, (FloatTensor<Self>, FloatTensor<Self>)) {
        unreachable!("an optimizer's step is not differentiated: its tensors are untracked")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::testing::{numbers_of, values};

    #[test]
    fn the_fused_step_equals_the_plain_one() {
        let step = AdamWStep {
            time: 3,
            learning_rate: 0.01,
            beta_1: 0.9,
            beta_2: 0.99,
            epsilon: 1e-8,
            weight_decay: 0.1,
        };
        let [p, g, m] = [1, 2, 3].map(|seed| numbers_of::<2>(seed, [5, 7]).inner());
        let v = numbers_of::<2>(4, [5, 7]).inner().square();

        let (found, found_moments) =
            adamw_step(p.clone(), g.clone(), [m.clone(), v.clone()], &step);
        let (expected, expected_moments) = plain(p, g, m, v, &step);

        let all = |p: Tensor<2>, [m, v]: [Tensor<2>; 2]| [values(p), values(m), values(v)].concat();
        let found = all(found, found_moments);
        for (f, e) in found.iter().zip(all(expected, expected_moments)) {
            assert!((f - e).abs() < 1e-6, "{f}, expected {e}");
        }
    }
}
