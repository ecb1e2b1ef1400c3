//! Fused operations of `rapport-kernels` as operations of the tensor crate, with their own way back.
//!
//! Each file is one operation: what it computes on the CPU, what its gradient is, and the same from
//! plain operations for other devices. The plain form is the oracle of the fused one in tests.

mod adamw;
mod added_norm;
mod attention;
mod batch_norm;
mod blocks;
mod convolution;
mod cross_entropy;
mod embedding;
mod flex;
mod gelu;
mod linear;
mod norm;
mod recurrent;
#[cfg(test)]
pub(crate) mod testing;

pub use adamw::{AdamWStep, adamw_step};
pub use added_norm::added_layer_norm;
pub use attention::{AttentionShape, self_attention};
pub use batch_norm::batch_norm;
pub use blocks::{Block, BlockPlan, blocks};
pub use convolution::pooled_convolution;
pub use cross_entropy::cross_entropy;
pub use embedding::take_rows;
pub use gelu::{gelu, gelu_by_tanh};
pub use linear::linear;
pub use norm::{layer_norm, rms_norm};
pub use recurrent::{Cell, RecurrentWeights, recurrent};

pub use rapport_kernels::recurrent::Direction;

/// The sum of the squares of all numbers.
pub(crate) fn sum_of_squares<const D: usize>(x: burn::tensor::Tensor<D>) -> f32 {
    x.square().sum().into_scalar()
}
