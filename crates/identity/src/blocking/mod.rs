//! Which pairs are worth a comparison: records that have a key in common, out of many kinds of keys.
//!
//! Every field gives keys: the value, what it sounds like, how it begins, its rare words, its rare runs
//! of letters, parts of a date. Records with one key are a *block*, and a pair of them is a candidate. A
//! block too large to be compared whole is split by a second and then by a third field; what is too large
//! even then is left out and reported. Blocks are taken smallest first, since a rare key tells most, until
//! the pairs reach the budget: work and memory are bounded whatever the data.

mod block;
mod candidates;
mod sound;
mod view;

pub(crate) use block::Blocks;
pub(crate) use candidates::{Candidates, Gatherer};
pub(crate) use view::{Keys, View, keys_of_value, views};

use rapport_learn::Context;

use crate::IdentityError;
use crate::records::Records;

/// Bounds of the search for candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockingParams {
    /// Records of a block that are compared with each other; a larger block is split.
    pub n_of_block_max: usize,
    /// Candidates per record on average; a set of few records may have more.
    pub n_per_record_max: usize,
    /// Records up to which runs of four letters are keys too.
    pub n_with_runs_max: usize,
}

impl Default for BlockingParams {
    /// Blocks of 80, 12 candidates per record, runs of letters up to 200,000 records.
    fn default() -> Self {
        Self {
            n_of_block_max: 80,
            n_per_record_max: 12,
            n_with_runs_max: 200_000,
        }
    }
}

/// Candidates that a set of records may have in any case.
const N_PAIRS_ALWAYS: u64 = 400_000;
/// Candidates up to which a smaller set may have [`N_PER_RECORD_OF_FEW`] per record.
const N_PAIRS_OF_FEW: u64 = 2_400_000;
const N_PER_RECORD_OF_FEW: u64 = 60;

impl BlockingParams {
    /// The most candidates there may be.
    pub(crate) fn budget(&self, n_records: usize) -> u64 {
        let n = n_records as u64;
        let of_few = (n * N_PER_RECORD_OF_FEW).min(N_PAIRS_OF_FEW);
        (n * self.n_per_record_max as u64)
            .max(of_few)
            .max(N_PAIRS_ALWAYS)
    }
}

/// What was looked at and what was not.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BlockingReport {
    /// Kinds of keys, those made by splitting included.
    pub n_kinds: usize,
    /// Blocks with more than one record that are compared.
    pub n_blocks: u64,
    /// Blocks that were too large and were split by another field.
    pub n_split: u64,
    /// Blocks that were too large after three fields, left out.
    pub n_too_large: u64,
    /// Records of the largest block that was left out.
    pub largest_left_out: u64,
    /// Blocks left out because the budget of pairs was spent on smaller ones.
    pub n_over_budget: u64,
    /// The largest block that is compared.
    pub largest: u64,
    /// Pairs in blocks; a pair in several blocks counts several times.
    pub n_pairs_of_blocks: u64,
    /// Pairs compared, each counted once.
    pub n_pairs: u64,
    /// All pairs that there are.
    pub n_pairs_possible: u64,
}

/// Finds the blocks of records.
///
/// # Errors
/// [`IdentityError::Learn`] where the caller stops it.
pub(crate) fn block(
    records: &Records,
    params: &BlockingParams,
    context: &Context<'_>,
) -> Result<(Blocks, BlockingReport), IdentityError> {
    let has_runs = records.n_records() <= params.n_with_runs_max;
    let views = views(&records.columns, has_runs);
    let mut blocks = block::find(records, &views, params, context)?;
    let report = blocks.keep_smallest(params.budget(records.n_records()));
    Ok((blocks, report))
}

#[cfg(test)]
mod tests;
