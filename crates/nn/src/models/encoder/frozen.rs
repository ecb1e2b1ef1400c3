//! An encoder that is only asked: on the CPU its weights are packed once, and each worker takes a few
//! texts through all layers.

use std::sync::Arc;

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use rapport_kernels::encoder as kernel;

use super::{Encoder, TokenBatch};
use crate::layers::{LayerNorm, Linear};

/// An encoder whose weights no longer change.
#[derive(Debug, Clone)]
pub struct FrozenEncoder {
    encoder: Encoder,
    /// On the CPU.
    packed: Option<Arc<kernel::Encoder>>,
}

impl Encoder {
    /// This encoder as it is now, for asking.
    pub fn frozen(&self) -> FrozenEncoder {
        let encoder = self.clone().valid();
        let is_on_cpu = encoder.norm.gain.val().device() == Device::flex();
        FrozenEncoder {
            packed: is_on_cpu.then(|| Arc::new(packed(&encoder))),
            encoder,
        }
    }
}

impl FrozenEncoder {
    /// Every step of every text, `[n_batch * n_steps, d_model]`; zero or anything for padding.
    pub fn forward(&self, batch: &TokenBatch) -> Tensor<2> {
        self.encode(self.encoder.embed(batch), &batch.lengths)
    }

    /// The steps after the last layer, from those before the first.
    pub fn encode(&self, embedded: Tensor<2>, lengths: &Arc<[usize]>) -> Tensor<2> {
        let Some(packed) = &self.packed else {
            return self.encoder.encode(embedded, lengths, &mut None);
        };
        let (sizes, device) = (embedded.dims(), embedded.device());
        let steps = packed.forward(&numbers(embedded), lengths);
        Tensor::from_data(TensorData::new(steps, sizes), &device)
    }
}

/// The numbers of a tensor, row after row.
fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor
        .into_data()
        .try_to_vec::<f32>()
        .expect("an encoder's numbers are of single precision")
}

fn packed(encoder: &Encoder) -> kernel::Encoder {
    let pair = |matrix: &Param<Tensor<2>>, bias: &Param<Tensor<1>>| {
        (numbers(matrix.val()), numbers(bias.val()))
    };
    let linear = |linear: &Linear| pair(&linear.weight, &linear.bias);
    let norm = |norm: &LayerNorm| (numbers(norm.gain.val()), numbers(norm.bias.val()));
    let layers: Vec<_> = encoder
        .layers
        .iter()
        .map(|layer| {
            let attention = [
                linear(&layer.attention.qkv),
                linear(&layer.attention.output),
            ];
            let feed_forward = [linear(&layer.middle), linear(&layer.output)];
            let norms = [norm(&layer.attention_norm), norm(&layer.output_norm)];
            (attention, feed_forward, norms)
        })
        .collect();
    let weights: Vec<kernel::LayerWeights<'_>> = layers
        .iter()
        .map(
            |([qkv, output], [middle, last], [attention_norm, last_norm])| kernel::LayerWeights {
                qkv: (&qkv.0, &qkv.1),
                output: (&output.0, &output.1),
                attention_norm: (&attention_norm.0, &attention_norm.1),
                middle: (&middle.0, &middle.1),
                last: (&last.0, &last.1),
                last_norm: (&last_norm.0, &last_norm.1),
            },
        )
        .collect();
    kernel::Encoder::new(encoder.sizes(), &weights)
}

impl Encoder {
    fn sizes(&self) -> kernel::Sizes {
        let d_model = self.norm.gain.val().dims()[0];
        let first = self.layers.first();
        kernel::Sizes {
            d_model,
            n_heads: first.map_or(1, |layer| layer.attention.n_heads()),
            d_feed_forward: first.map_or(0, |layer| layer.middle.bias.val().dims()[0]),
            epsilon: self.norm.epsilon() as f32,
        }
    }
}
