//! Cross-entropy of logits with known classes.

use std::sync::Arc;

use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, backend_extension};
use burn::tensor::{Int, Tensor, TensorData};
use burn_flex::FlexTensor;
use rapport_kernels::softmax as kernel;

use super::flex::{give, is_on_cpu, last_size, numbers, tensor};

/// The loss of each row in nats: `logits` `[n_rows, n_classes]`, one class per row, to `[n_rows]`.
pub fn cross_entropy(logits: Tensor<2>, classes: &Arc<[usize]>) -> Tensor<1> {
    if is_on_cpu(&logits) {
        Tensor::from_dispatch(Dispatch::fused_cross_entropy(
            logits.into_dispatch(),
            classes.clone(),
        ))
    } else {
        plain(logits, classes)
    }
}

fn plain(logits: Tensor<2>, classes: &Arc<[usize]>) -> Tensor<1> {
    let n = classes.len();
    let classes: Vec<i64> = classes.iter().map(|class| *class as i64).collect();
    let classes = Tensor::<2, Int>::from_data(TensorData::new(classes, [n, 1]), &logits.device());
    let log_probabilities = burn::tensor::activation::log_softmax(logits, 1);
    log_probabilities.gather(1, classes).neg().reshape([n])
}

#[backend_extension(Flex, Autodiff)]
pub(crate) trait FusedCrossEntropy: Backend {
    fn fused_cross_entropy(logits: FloatTensor<Self>, classes: Arc<[usize]>) -> FloatTensor<Self>;
}

impl FusedCrossEntropy for Flex {
    fn fused_cross_entropy(logits: FlexTensor, classes: Arc<[usize]>) -> FlexTensor {
        let logits = logits.to_contiguous();
        let (losses, _) = kernel::cross_entropy(numbers(&logits), &classes, last_size(&logits));
        tensor(losses, &[classes.len()])
    }
}

impl<C: CheckpointStrategy> FusedCrossEntropy for Autodiff<Flex, C> {
    fn fused_cross_entropy(logits: FloatTensor<Self>, classes: Arc<[usize]>) -> FloatTensor<Self> {
        let prepared = CrossEntropyBackward
            .prepare::<C>([logits.node()])
            .compute_bound()
            .stateful();
        let logits = logits.into_primitive().to_contiguous();
        let n_classes = last_size(&logits);
        let (losses, probabilities) = kernel::cross_entropy(numbers(&logits), &classes, n_classes);
        let n_rows = classes.len();
        let losses = tensor(losses, &[n_rows]);
        match prepared {
            OpsKind::Tracked(prepared) => {
                let probabilities = tensor(probabilities, &[n_rows, n_classes]);
                prepared.finish((probabilities, classes), losses)
            }
            OpsKind::UnTracked(prepared) => prepared.finish(losses),
        }
    }
}

#[derive(Debug)]
struct CrossEntropyBackward;

impl Backward<Flex, 1> for CrossEntropyBackward {
    type State = (FlexTensor, Arc<[usize]>);

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let weights = gradients.consume::<Flex>(&ops.node).to_contiguous();
        let (probabilities, classes) = ops.state;
        let [parent] = ops.parents;
        let n_classes = last_size(&probabilities);
        let dlogits = kernel::cross_entropy_backward(
            numbers(&probabilities).to_vec(),
            &classes,
            numbers(&weights),
            n_classes,
        );
        give(
            gradients,
            parent.map(|node| node.id),
            dlogits,
            &[classes.len(), n_classes],
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::testing::{assert_same_gradients, numbers_of};

    #[test]
    fn the_fused_form_equals_the_plain_one() {
        let classes: Arc<[usize]> = [4, 0, 2].into();
        assert_same_gradients(
            [numbers_of(1, [3, 5])],
            |[logits]| cross_entropy(logits, &classes),
            |[logits]| plain(logits, &classes),
        );
    }
}
