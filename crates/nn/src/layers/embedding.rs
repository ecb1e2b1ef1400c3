//! A learned row for each of a number of things.

use std::sync::Arc;

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};

use super::Probes;
use crate::{Draws, ops};

/// A table of learned rows.
#[derive(Module, Debug)]
pub struct Embedding {
    /// `[n_things, n_columns]`
    pub table: Param<Tensor<2>>,
}

impl Embedding {
    /// First rows, normal around zero with the given deviation.
    pub fn init(
        n_things: usize,
        n_columns: usize,
        deviation: f64,
        device: &Device,
        draws: &mut Draws,
    ) -> Self {
        Self {
            table: Param::from_tensor(draws.normal([n_things, n_columns], deviation, device)),
        }
    }

    /// The rows of these things, `[n_ids, n_columns]`.
    pub fn forward(&self, ids: &Arc<[usize]>) -> Tensor<2> {
        ops::take_rows(self.table.val(), ids)
    }
    /// The rows of these things, one per example, with a probe where there are probes.
    pub fn forward_probed(&self, ids: &Arc<[usize]>, probes: &mut Option<Probes>) -> Tensor<2> {
        let rows = self.forward(ids);
        match probes {
            Some(probes) => probes.row(rows),
            None => rows,
        }
    }
}
