//! Rows of which some columns become numbers between -1 and 1 and some blocks become probabilities.

use std::sync::Arc;

use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, backend_extension};
use burn::tensor::activation::softmax;
use burn::tensor::{Tensor, TensorData};
use burn_flex::FlexTensor;
use rapport_kernels::blocks as kernel;

use super::flex::{give, is_on_cpu, numbers, sizes, tensor};

pub use rapport_kernels::blocks::Block;

/// How rows become blocks.
#[derive(Debug, Clone)]
pub struct BlockPlan {
    /// The blocks of a row, in their order, without gaps.
    pub blocks: Arc<[Block]>,
    /// Added to logits before their softmax, `(n_rows, n_columns)`: Gumbel noise draws from the
    /// probabilities, none gives the probabilities themselves.
    pub noise: Arc<[f32]>,
    /// Logits are divided by it; near 0 all but one probability vanish.
    pub temperature: f32,
}

/// Hyperbolic tangents and softmaxes of the blocks of each row: `[n_rows, n_columns]` to the same.
pub fn blocks(x: Tensor<2>, plan: &BlockPlan) -> Tensor<2> {
    if is_on_cpu(&x) {
        Tensor::from_dispatch(Dispatch::fused_blocks(x.into_dispatch(), plan.clone()))
    } else {
        plain(x, plan)
    }
}

fn plain(x: Tensor<2>, plan: &BlockPlan) -> Tensor<2> {
    let [n_rows, n_columns] = x.dims();
    let noise = TensorData::new(plan.noise.to_vec(), [n_rows, n_columns]);
    let noise = Tensor::<2>::from_data(noise, &x.device());
    let noisy = (x.clone() + noise) / plan.temperature;
    let parts = plan.blocks.iter().map(|block| match block {
        Block::Tanh(range) => x.clone().slice([0..n_rows, range.clone()]).tanh(),
        Block::Softmax(range) => softmax(noisy.clone().slice([0..n_rows, range.clone()]), 1),
    });
    Tensor::cat(parts.collect(), 1)
}

#[backend_extension(Flex, Autodiff)]
pub(crate) trait FusedBlocks: Backend {
    fn fused_blocks(x: FloatTensor<Self>, plan: BlockPlan) -> FloatTensor<Self>;
}

fn forward(x: &FlexTensor, plan: &BlockPlan) -> FlexTensor {
    let sizes = sizes(x);
    let y = kernel::forward(
        numbers(x),
        &plan.noise,
        &plan.blocks,
        sizes[1],
        plan.temperature,
    );
    tensor(y, &sizes)
}

impl FusedBlocks for Flex {
    fn fused_blocks(x: FlexTensor, plan: BlockPlan) -> FlexTensor {
        forward(&x.to_contiguous(), &plan)
    }
}

impl<C: CheckpointStrategy> FusedBlocks for Autodiff<Flex, C> {
    fn fused_blocks(x: FloatTensor<Self>, plan: BlockPlan) -> FloatTensor<Self> {
        let prepared = BlocksBackward
            .prepare::<C>([x.node()])
            .compute_bound()
            .stateful();
        let y = forward(&x.into_primitive().to_contiguous(), &plan);
        match prepared {
            OpsKind::Tracked(prepared) => prepared.finish((y.clone(), plan), y),
            OpsKind::UnTracked(prepared) => prepared.finish(y),
        }
    }
}

#[derive(Debug)]
struct BlocksBackward;

impl Backward<Flex, 1> for BlocksBackward {
    type State = (FlexTensor, BlockPlan);

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let dy = gradients.consume::<Flex>(&ops.node).to_contiguous();
        let (y, plan) = ops.state;
        let [parent] = ops.parents;
        let sizes = sizes(&y);
        let dx = kernel::backward(
            numbers(&y),
            numbers(&dy),
            &plan.blocks,
            sizes[1],
            plan.temperature,
        );
        give(gradients, parent.map(|node| node.id), dx, &sizes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::testing::{assert_same_gradients, numbers_of, values};

    #[test]
    fn the_fused_form_equals_the_plain_one() {
        let plan = BlockPlan {
            blocks: [
                Block::Softmax(0..3),
                Block::Tanh(3..5),
                Block::Softmax(5..9),
            ]
            .into(),
            noise: values(numbers_of::<2>(7, [4, 9])).into(),
            temperature: 0.4,
        };
        assert_same_gradients(
            [numbers_of(1, [4, 9])],
            |[x]| blocks(x, &plan),
            |[x]| plain(x, &plan),
        );
    }
}
