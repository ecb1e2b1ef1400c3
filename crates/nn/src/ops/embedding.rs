//! Rows of a table by their numbers.

use std::sync::Arc;

use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, backend_extension};
use burn::tensor::{Int, Tensor, TensorData};
use burn_flex::FlexTensor;
use rapport_kernels::embedding as kernel;

use super::flex::{give, is_on_cpu, last_size, numbers, sizes, tensor};

/// The rows of `table`, `[n_rows, n_columns]`, that `ids` name: `[n_ids, n_columns]`.
pub fn take_rows(table: Tensor<2>, ids: &Arc<[usize]>) -> Tensor<2> {
    if is_on_cpu(&table) {
        Tensor::from_dispatch(Dispatch::fused_rows(table.into_dispatch(), ids.clone()))
    } else {
        plain(table, ids)
    }
}

fn plain(table: Tensor<2>, ids: &Arc<[usize]>) -> Tensor<2> {
    let ids: Vec<i64> = ids.iter().map(|id| *id as i64).collect();
    let n = ids.len();
    let ids = Tensor::<1, Int>::from_data(TensorData::new(ids, [n]), &table.device());
    table.select(0, ids)
}

#[backend_extension(Flex, Autodiff)]
pub(crate) trait FusedRows: Backend {
    fn fused_rows(table: FloatTensor<Self>, ids: Arc<[usize]>) -> FloatTensor<Self>;
}

impl FusedRows for Flex {
    fn fused_rows(table: FlexTensor, ids: Arc<[usize]>) -> FlexTensor {
        let table = table.to_contiguous();
        let n_columns = last_size(&table);
        tensor(
            kernel::forward(numbers(&table), &ids, n_columns),
            &[ids.len(), n_columns],
        )
    }
}

impl<C: CheckpointStrategy> FusedRows for Autodiff<Flex, C> {
    fn fused_rows(table: FloatTensor<Self>, ids: Arc<[usize]>) -> FloatTensor<Self> {
        let prepared = RowsBackward
            .prepare::<C>([table.node()])
            .compute_bound()
            .stateful();
        let table = table.into_primitive();
        let shape = [sizes(&table)[0], last_size(&table)];
        let rows = Flex::fused_rows(table, ids.clone());
        match prepared {
            OpsKind::Tracked(prepared) => prepared.finish((ids, shape), rows),
            OpsKind::UnTracked(prepared) => prepared.finish(rows),
        }
    }
}

#[derive(Debug)]
struct RowsBackward;

impl Backward<Flex, 1> for RowsBackward {
    type State = (Arc<[usize]>, [usize; 2]);

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let drows = gradients.consume::<Flex>(&ops.node).to_contiguous();
        let (ids, [n_rows, n_columns]) = ops.state;
        let [parent] = ops.parents;
        let dtable = kernel::backward(numbers(&drows), &ids, n_rows, n_columns);
        give(
            gradients,
            parent.map(|node| node.id),
            dtable,
            &[n_rows, n_columns],
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::testing::{assert_same_gradients, numbers_of};

    #[test]
    fn the_fused_form_equals_the_plain_one() {
        let ids: Arc<[usize]> = [2, 0, 2, 3].into();
        assert_same_gradients(
            [numbers_of(1, [5, 3])],
            |[table]| take_rows(table, &ids),
            |[table]| plain(table, &ids),
        );
    }
}
