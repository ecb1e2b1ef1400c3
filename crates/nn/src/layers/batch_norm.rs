//! Normalization of columns over a batch.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};

use crate::ops;

const EPSILON: f64 = 1e-5;

/// Batch norm with gain and bias.
///
/// While training it takes means and variances from the batch. For use they are set once, from many
/// rows ([`settle`](Self::settle)), so that what becomes of a row does not depend on its neighbors.
#[derive(Module, Debug)]
pub struct BatchNorm {
    /// `[n_columns]`
    pub gain: Param<Tensor<1>>,
    /// `[n_columns]`
    pub bias: Param<Tensor<1>>,
    /// Settled means, `[n_columns]`.
    mean: Param<Tensor<1>>,
    /// Settled variances, `[n_columns]`.
    variance: Param<Tensor<1>>,
}

/// Where means and variances come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moments {
    /// From the rows at hand.
    OfBatch,
    /// As they were settled.
    Settled,
}

impl BatchNorm {
    /// Gains of one and biases of zero.
    pub fn init(n_columns: usize, device: &Device) -> Self {
        let fixed = |x: Tensor<1>| Param::from_tensor(x).set_require_grad(false);
        Self {
            gain: Param::from_tensor(Tensor::ones([n_columns], device)),
            bias: Param::from_tensor(Tensor::zeros([n_columns], device)),
            mean: fixed(Tensor::zeros([n_columns], device)),
            variance: fixed(Tensor::ones([n_columns], device)),
        }
    }

    /// `[n_rows, n_columns]` to the same.
    pub fn forward(&self, x: Tensor<2>, moments: Moments) -> Tensor<2> {
        match moments {
            Moments::OfBatch => {
                ops::batch_norm(x, self.gain.val(), self.bias.val(), EPSILON as f32)
            }
            Moments::Settled => {
                let scale = self.gain.val() / (self.variance.val() + EPSILON).sqrt();
                let shift = self.bias.val() - self.mean.val() * scale.clone();
                x * scale.unsqueeze() + shift.unsqueeze()
            }
        }
    }

    /// The same layer with the means and variances of these rows, `[n_rows, n_columns]`.
    #[must_use]
    pub fn settle(self, x: &Tensor<2>) -> Self {
        let mean = x.clone().mean_dim(0);
        let variance = (x.clone() - mean.clone()).square().mean_dim(0);
        Self {
            mean: self.mean.map(|_| mean.squeeze_dim(0)),
            variance: self.variance.map(|_| variance.squeeze_dim(0)),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Draws;
    use crate::ops::testing::values;

    #[test]
    fn settled_on_a_batch_it_does_what_it_did_in_training() {
        let device = crate::device::of_tests();
        let x: Tensor<2> = Draws::new(1, "rows").normal([50, 3], 2.0, &device) + 5.0;
        let layer = BatchNorm::init(3, &device);

        let in_training = values(layer.forward(x.clone(), Moments::OfBatch));
        let settled = layer.settle(&x);
        let alone = values(settled.forward(x.slice([7..8, 0..3]), Moments::Settled));

        for (alone, among_others) in alone.iter().zip(&in_training[21..24]) {
            assert!((alone - among_others).abs() < 1e-5);
        }
    }
}
