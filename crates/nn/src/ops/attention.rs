//! Self-attention of many heads.

use std::sync::Arc;

use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, backend_extension};
use burn::tensor::{Tensor, TensorData};
use burn_flex::FlexTensor;
use rapport_kernels::attention::{self as kernel, Mask, Shape};

use super::flex::{give, is_on_cpu, numbers, sizes, tensor};

/// Heads of an attention, and which steps may look at which.
#[derive(Debug, Clone)]
pub struct AttentionShape {
    /// Heads of queries.
    pub n_heads: usize,
    /// Heads of keys and values, a divisor of `n_heads`.
    pub n_kv_heads: usize,
    /// Steps of each text that are no padding. Padding neither looks nor is looked at; its output
    /// is zero.
    pub lengths: Arc<[usize]>,
    /// Whether a step sees itself and earlier ones only.
    pub causal: bool,
}

/// `softmax(Q K' / sqrt(d_head)) V` for every head.
///
/// - `qkv`: `[n_batch * n_steps, (n_heads + 2 n_kv_heads) * d_head]`, each row the queries, then the
///   keys, then the values of all their heads; `n_batch` is the number of lengths.
/// - returns `[n_batch * n_steps, n_heads * d_head]`
pub fn self_attention(qkv: Tensor<2>, shape: &AttentionShape) -> Tensor<2> {
    if is_on_cpu(&qkv) {
        let kernel_shape = kernel_shape(&qkv.dims(), shape);
        Tensor::from_dispatch(Dispatch::fused_attention(
            qkv.into_dispatch(),
            kernel_shape,
            shape.lengths.clone(),
            shape.causal,
        ))
    } else {
        plain(qkv, shape)
    }
}

fn kernel_shape(dims: &[usize], shape: &AttentionShape) -> Shape {
    Shape {
        n_batch: shape.lengths.len(),
        n_steps: dims[0] / shape.lengths.len(),
        n_heads: shape.n_heads,
        n_kv_heads: shape.n_kv_heads,
        d_head: dims[1] / (shape.n_heads + 2 * shape.n_kv_heads),
    }
}

fn plain(qkv: Tensor<2>, shape: &AttentionShape) -> Tensor<2> {
    let Shape {
        n_batch,
        n_steps,
        n_heads,
        n_kv_heads,
        d_head,
    } = kernel_shape(&qkv.dims(), shape);
    let group = n_heads / n_kv_heads;
    // [n_batch, n_heads, n_steps, d_head]; keys and values once for each head that they serve.
    let heads = |from: usize, n: usize, each: usize| {
        let part = qkv
            .clone()
            .slice([0..n_batch * n_steps, from * d_head..(from + n) * d_head]);
        part.reshape([n_batch, n_steps, n, 1, d_head])
            .repeat_dim(3, each)
            .reshape([n_batch, n_steps, n * each, d_head])
            .swap_dims(1, 2)
    };
    let queries = heads(0, n_heads, 1);
    let keys = heads(n_heads, n_kv_heads, group);
    let values = heads(n_heads + n_kv_heads, n_kv_heads, group);
    let device = qkv.device();
    let (seen, kept) = masks(shape, n_steps);
    let seen = TensorData::new(seen, [n_batch, 1, n_steps, n_steps]);
    let kept = TensorData::new(kept, [n_batch * n_steps, 1]);
    let scores = queries.matmul(keys.swap_dims(2, 3)) / (d_head as f32).sqrt();
    let scores = scores + Tensor::<4>::from_data(seen, &device);
    let attended = burn::tensor::activation::softmax(scores, 3).matmul(values);
    let rows = attended
        .swap_dims(1, 2)
        .reshape([n_batch * n_steps, n_heads * d_head]);
    rows * Tensor::<2>::from_data(kept, &device)
}

/// What is added to each score so that only what may be seen is seen, and which steps are no
/// padding.
fn masks(shape: &AttentionShape, n_steps: usize) -> (Vec<f32>, Vec<f32>) {
    // Far below any score, and still a number: a row that sees nothing must not become NaN.
    const UNSEEN: f32 = -1e9;
    let mut seen = Vec::new();
    let mut kept = Vec::new();
    for &length in shape.lengths.iter() {
        for query in 0..n_steps {
            kept.push(f32::from(u8::from(query < length)));
            for key in 0..n_steps {
                let visible = key < length && (!shape.causal || key <= query);
                seen.push(if visible { 0.0 } else { UNSEEN });
            }
        }
    }
    (seen, kept)
}

#[backend_extension(Flex, Autodiff)]
pub(crate) trait FusedAttention: Backend {
    fn fused_attention(
        qkv: FloatTensor<Self>,
        shape: Shape,
        lengths: Arc<[usize]>,
        causal: bool,
    ) -> FloatTensor<Self>;
}

impl FusedAttention for Flex {
    fn fused_attention(
        qkv: FlexTensor,
        shape: Shape,
        lengths: Arc<[usize]>,
        causal: bool,
    ) -> FlexTensor {
        let qkv = qkv.to_contiguous();
        let mask = Mask {
            lengths: Some(&lengths),
            causal,
        };
        let attended = kernel::forward(numbers(&qkv), &shape, mask);
        tensor(
            attended.y,
            &[shape.n_batch * shape.n_steps, shape.d_model()],
        )
    }
}

impl<C: CheckpointStrategy> FusedAttention for Autodiff<Flex, C> {
    fn fused_attention(
        qkv: FloatTensor<Self>,
        shape: Shape,
        lengths: Arc<[usize]>,
        causal: bool,
    ) -> FloatTensor<Self> {
        let prepared = AttentionBackward
            .prepare::<C>([qkv.node()])
            .compute_bound()
            .stateful();
        let qkv = qkv.into_primitive().to_contiguous();
        let mask = Mask {
            lengths: Some(&lengths),
            causal,
        };
        let attended = kernel::forward(numbers(&qkv), &shape, mask);
        let y = tensor(
            attended.y,
            &[shape.n_batch * shape.n_steps, shape.d_model()],
        );
        match prepared {
            OpsKind::Tracked(prepared) => {
                let state = State {
                    qkv,
                    y: y.clone(),
                    log_sums: attended.log_sums.into(),
                    shape,
                    lengths,
                    causal,
                };
                prepared.finish(state, y)
            }
            OpsKind::UnTracked(prepared) => prepared.finish(y),
        }
    }
}

#[derive(Debug, Clone)]
struct State {
    qkv: FlexTensor,
    y: FlexTensor,
    log_sums: Arc<[f32]>,
    shape: Shape,
    lengths: Arc<[usize]>,
    causal: bool,
}

#[derive(Debug)]
struct AttentionBackward;

impl Backward<Flex, 1> for AttentionBackward {
    type State = State;

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let dy = gradients.consume::<Flex>(&ops.node).to_contiguous();
        let State {
            qkv,
            y,
            log_sums,
            shape,
            lengths,
            causal,
        } = ops.state;
        let [parent] = ops.parents;
        let mask = Mask {
            lengths: Some(&lengths),
            causal,
        };
        let dqkv = kernel::backward(
            numbers(&qkv),
            numbers(&y),
            &log_sums,
            numbers(&dy),
            &shape,
            mask,
        );
        give(gradients, parent.map(|node| node.id), dqkv, &sizes(&qkv));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::testing::{assert_same_gradients, numbers_of};

    #[track_caller]
    fn check(n_kv_heads: usize, lengths: [usize; 3], causal: bool) {
        let (n_heads, n_steps, d_head) = (4, 5, 3);
        let shape = AttentionShape {
            n_heads,
            n_kv_heads,
            lengths: lengths.into(),
            causal,
        };
        let columns = (n_heads + 2 * n_kv_heads) * d_head;
        assert_same_gradients(
            [numbers_of(1, [3 * n_steps, columns])],
            |[qkv]| self_attention(qkv, &shape),
            |[qkv]| plain(qkv, &shape),
        );
    }

    #[test]
    fn the_fused_form_equals_the_plain_one() {
        check(4, [5, 5, 5], false);
        check(4, [5, 2, 1], false);
        check(4, [5, 2, 1], true);
        check(2, [5, 5, 3], true);
    }
}
