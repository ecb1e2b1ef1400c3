//! Candidates record by record, so that no list of pairs is ever held.

use super::Blocks;

/// The blocks of each record.
#[derive(Debug)]
pub(crate) struct Candidates<'b> {
    blocks: &'b Blocks,
    ends: Vec<u32>,
    of_records: Vec<u32>,
}

/// What one thread needs to tell whether it saw a record already.
#[derive(Debug)]
pub(crate) struct Gatherer {
    /// For each record the last one that it was a candidate of.
    seen_for: Vec<u32>,
    found: Vec<u32>,
}

impl Gatherer {
    pub(crate) fn new(n_records: usize) -> Self {
        Self {
            seen_for: vec![u32::MAX; n_records],
            found: Vec::new(),
        }
    }
}

impl<'b> Candidates<'b> {
    pub(crate) fn new(blocks: &'b Blocks, n_records: usize) -> Self {
        let mut ends = vec![0_u32; n_records + 1];
        for &record in &blocks.records {
            ends[record as usize + 1] += 1;
        }
        for at in 0..n_records {
            ends[at + 1] += ends[at];
        }
        let mut next = ends.clone();
        let mut of_records = vec![0; blocks.records.len()];
        for block in 0..blocks.n_blocks() {
            for &record in blocks.get(block) {
                let place = &mut next[record as usize];
                of_records[*place as usize] = block as u32;
                *place += 1;
            }
        }
        Self {
            blocks,
            ends,
            of_records,
        }
    }

    /// Records before this one that share a block with it, each once, ascending within a block.
    pub(crate) fn before<'g>(&self, record: u32, gatherer: &'g mut Gatherer) -> &'g [u32] {
        gatherer.found.clear();
        let at = record as usize;
        let of_record = &self.of_records[self.ends[at] as usize..self.ends[at + 1] as usize];
        for &block in of_record {
            for &other in self.blocks.get(block as usize) {
                if other >= record {
                    break;
                }
                let seen_for = &mut gatherer.seen_for[other as usize];
                if *seen_for != record {
                    *seen_for = record;
                    gatherer.found.push(other);
                }
            }
        }
        &gatherer.found
    }
}
