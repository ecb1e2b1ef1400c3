//! Dropout.
//!
//! Source: Srivastava et al. (2014), "Dropout: A Simple Way to Prevent Neural Networks from
//! Overfitting".

use burn::tensor::Tensor;

use crate::Draws;

/// Sets a share of the numbers to zero and scales the others up, while training: `chance` is `None`
/// when not.
pub fn dropout<const D: usize>(x: Tensor<D>, share: f64, chance: &mut Option<Draws>) -> Tensor<D> {
    match chance {
        Some(draws) if share > 0.0 => {
            let kept = draws.dropped(x.dims(), share, &x.device());
            x * kept
        }
        _ => x,
    }
}
