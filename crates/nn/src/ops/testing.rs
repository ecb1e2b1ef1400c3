//! The comparison that every fused operation must stand: values and gradients equal those of the
//! same arithmetic from plain operations.

use burn::tensor::{Tensor, TensorData};
use rand::RngExt;
use rapport_testing::tolerance;

/// Seeded numbers between -1 and 1 on the CPU, differentiable.
pub(crate) fn numbers_of<const D: usize>(seed: u64, sizes: [usize; D]) -> Tensor<D> {
    let mut rng = rapport_learn::rng(seed, "test tensors");
    let n = sizes.iter().product();
    let numbers: Vec<f32> = (0..n).map(|_| rng.random_range(-1.0..1.0)).collect();
    Tensor::from_data(
        TensorData::new(numbers, sizes),
        &crate::device::of_tests().autodiff(),
    )
}

/// Both forms give the same output, and the same gradient by every input.
#[track_caller]
pub(crate) fn assert_same_gradients<const N: usize, const D: usize, const E: usize>(
    inputs: [Tensor<D>; N],
    fused: impl Fn([Tensor<D>; N]) -> Tensor<E>,
    plain: impl Fn([Tensor<D>; N]) -> Tensor<E>,
) {
    let found = outputs_and_gradients(&inputs, fused);
    let expected = outputs_and_gradients(&inputs, plain);
    for (which, (found, expected)) in found.iter().zip(&expected).enumerate() {
        assert_eq!(found.len(), expected.len(), "sizes of {which}");
        for (i, (f, e)) in found.iter().zip(expected).enumerate() {
            let name = if which == 0 {
                "output".to_owned()
            } else {
                format!("gradient {which}")
            };
            let near = (f - e).abs() <= tolerance(2e-5) as f32 * e.abs().max(1.0);
            assert!(near, "{name}, number {i}: {f}, expected {e}");
        }
    }
}

/// The numbers of the output, then of the gradient by each input, for a loss that weighs every
/// number of the output differently.
fn outputs_and_gradients<const N: usize, const D: usize, const E: usize>(
    inputs: &[Tensor<D>; N],
    operation: impl Fn([Tensor<D>; N]) -> Tensor<E>,
) -> Vec<Vec<f32>> {
    let inputs = inputs.clone().map(|input| input.detach().require_grad());
    let output = operation(inputs.clone());
    let weights = numbers_of(99, output.dims());
    let gradients = (output.clone() * weights).sum().backward();
    let mut all = vec![values(output.inner())];
    for input in &inputs {
        let gradient = input.grad(&gradients).expect("every input takes part");
        all.push(values(gradient));
    }
    all
}

/// The numbers of a tensor.
pub(crate) fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor
        .into_data()
        .try_to_vec::<f32>()
        .expect("single-precision numbers")
}
