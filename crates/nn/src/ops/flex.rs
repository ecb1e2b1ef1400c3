//! Between tensors of the CPU backend and plain slices.

use burn::backend::Flex;
use burn::backend::autodiff::NodeId;
use burn::backend::autodiff::grads::Gradients;
use burn::tensor::{Bytes, DType, Device, Shape, Tensor};
use burn_flex::{FlexTensor, Layout};

/// The numbers of a contiguous tensor, in row-major order.
pub(super) fn numbers(tensor: &FlexTensor) -> &[f32] {
    tensor
        .as_slice::<f32>()
        .expect("operations make their inputs contiguous single-precision numbers first")
}

/// Sizes of a tensor.
pub(super) fn sizes(tensor: &FlexTensor) -> Vec<usize> {
    tensor.layout().shape().to_vec()
}

/// The last size of a tensor.
pub(super) fn last_size(tensor: &FlexTensor) -> usize {
    sizes(tensor).last().copied().unwrap_or(1)
}

/// A tensor of these numbers.
pub(super) fn tensor(numbers: Vec<f32>, sizes: &[usize]) -> FlexTensor {
    let shape = Shape::from(sizes.to_vec());
    FlexTensor::new(
        Bytes::from_elems(numbers),
        Layout::contiguous(shape),
        DType::F32,
    )
}

/// Hands a gradient to an input, where the input wants one.
pub(super) fn give(
    gradients: &mut Gradients,
    input: Option<NodeId>,
    numbers: Vec<f32>,
    sizes: &[usize],
) {
    if let Some(node) = input {
        gradients.register::<Flex>(node, tensor(numbers, sizes));
    }
}

/// Whether a tensor lives where the fused operations are.
pub(super) fn is_on_cpu<const D: usize>(tensor: &Tensor<D>) -> bool {
    tensor.device() == Device::flex()
}
