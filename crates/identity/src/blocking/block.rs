//! Blocks: records that have a key in common, found by sorting.

use rapport_learn::{Context, map_parts};

use super::view::{Keys, View};
use super::{BlockingParams, BlockingReport};
use crate::IdentityError;
use crate::hash;
use crate::records::Records;

/// A key and a record that has it.
type Entry = (u64, u32);

/// Blocks that are compared, and what was left out.
#[derive(Debug, Default)]
pub(crate) struct Blocks {
    /// Records of all blocks, block after block, ascending within each.
    pub(crate) records: Vec<u32>,
    /// Where each block ends.
    pub(crate) ends: Vec<u32>,
    n_records: usize,
    report: BlockingReport,
}

impl Blocks {
    pub(crate) fn n_blocks(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn start(&self, block: usize) -> usize {
        if block == 0 { 0 } else { self.ends[block - 1] as usize }
    }

    pub(crate) fn get(&self, block: usize) -> &[u32] {
        &self.records[self.start(block)..self.ends[block] as usize]
    }

    /// Leaves out the largest blocks until the pairs in blocks are within the budget.
    pub(super) fn keep_smallest(&mut self, budget: u64) -> BlockingReport {
        let largest = (0..self.n_blocks()).map(|block| self.get(block).len()).max().unwrap_or(0);
        let mut n_of_size = vec![0_u64; largest + 1];
        for block in 0..self.n_blocks() {
            n_of_size[self.get(block).len()] += 1;
        }
        let mut n_pairs = 0;
        let mut kept = 0;
        for (size, &n_blocks) in n_of_size.iter().enumerate() {
            let more = n_blocks * pairs_within(size as u64);
            // Pairs in several blocks are compared once; two thirds of them repeat, as it turns out.
            if n_pairs + more > 3 * budget {
                break;
            }
            n_pairs += more;
            kept = size;
        }
        let mut report = std::mem::take(&mut self.report);
        report.n_pairs_of_blocks = n_pairs;
        report.n_pairs_possible = pairs_within(self.n_records as u64);
        if kept < largest {
            report.n_over_budget = n_of_size[kept + 1..].iter().sum();
            self.retain(kept);
        }
        report.n_blocks = self.n_blocks() as u64;
        report.largest = kept as u64;
        report
    }

    fn retain(&mut self, size_max: usize) {
        let (mut records, mut ends) = (Vec::new(), Vec::new());
        for block in 0..self.n_blocks() {
            let of_block = self.get(block);
            if of_block.len() <= size_max {
                records.extend_from_slice(of_block);
                ends.push(records.len() as u32);
            }
        }
        (self.records, self.ends) = (records, ends);
    }

    fn append(&mut self, found: &mut Sorted) {
        let base = self.records.len() as u32;
        self.records.append(&mut found.records);
        self.ends.extend(found.ends.iter().map(|end| base + end));
        found.ends.clear();
    }
}

pub(super) const fn pairs_within(n: u64) -> u64 {
    n * n.saturating_sub(1) / 2
}

/// Entries of one kind of key, sorted into blocks.
#[derive(Default)]
struct Sorted {
    records: Vec<u32>,
    ends: Vec<u32>,
    /// Entries of blocks that are too large.
    large: Vec<Entry>,
    n_large: u64,
    largest: u64,
}

impl Sorted {
    fn of(mut entries: Vec<Entry>, size_max: usize) -> Self {
        entries.sort_unstable();
        entries.dedup();
        let mut sorted = Self::default();
        for block in entries.chunk_by(|a, b| a.0 == b.0) {
            if block.len() > size_max {
                sorted.n_large += 1;
                sorted.largest = sorted.largest.max(block.len() as u64);
                sorted.large.extend_from_slice(block);
            } else if block.len() > 1 {
                sorted.records.extend(block.iter().map(|&(_, record)| record));
                sorted.ends.push(sorted.records.len() as u32);
            }
        }
        // In the order of records, as splitting walks them.
        sorted.large.sort_unstable_by_key(|&(key, record)| (record, key));
        sorted
    }
}

/// A kind of key, of one view or several together, and its entries in blocks that are too large.
struct Large {
    views: Vec<usize>,
    entries: Vec<Entry>,
}

/// Finds all blocks: by one view, and what is too large by two and then by three.
pub(super) fn find(
    records: &Records,
    views: &[View],
    params: &BlockingParams,
    context: &Context<'_>,
) -> Result<Blocks, IdentityError> {
    let size_max = params.n_of_block_max;
    let mut blocks = Blocks {
        n_records: records.n_records(),
        ..Blocks::default()
    };
    context.proceed()?;
    let found = map_parts(context.threads, views.iter(), |view| {
        Sorted::of(entries(records, view), if view.is_splitter { 0 } else { size_max })
    });
    let kinds = (0..views.len()).map(|view| vec![view]);
    let mut singles = collect(&mut blocks, kinds.zip(found));
    singles.retain(|large| views[large.views[0]].is_split);
    let splitter = Splitter {
        views,
        singles: &singles,
        size_max,
    };
    let pairs = splitter.split(&mut blocks, &singles, context)?;
    let left_over = splitter.split(&mut blocks, &pairs, context)?;
    for large in &left_over {
        let sizes = sizes(&large.entries);
        blocks.report.n_too_large += sizes.len() as u64;
        let largest = sizes.into_iter().max().unwrap_or(0);
        blocks.report.largest_left_out = blocks.report.largest_left_out.max(largest);
    }
    Ok(blocks)
}

/// Every record's keys of one view.
fn entries(records: &Records, view: &View) -> Vec<Entry> {
    let keys = Keys::of(records, view);
    let n_fields = records.columns.len();
    let codes = records.codes.iter().skip(view.field).step_by(n_fields);
    let mut entries = Vec::with_capacity(records.n_records());
    for (record, &code) in codes.enumerate() {
        entries.extend(keys.get(code).iter().map(|&key| (key, record as u32)));
    }
    entries
}

/// Takes blocks over and hands back the kinds that have larger ones.
fn collect(blocks: &mut Blocks, found: impl Iterator<Item = (Vec<usize>, Sorted)>) -> Vec<Large> {
    let mut large = Vec::new();
    for (views, mut sorted) in found {
        blocks.report.n_kinds += 1;
        blocks.append(&mut sorted);
        if !sorted.large.is_empty() {
            large.push(Large {
                views,
                entries: sorted.large,
            });
        }
    }
    large
}

/// Sizes of blocks whose entries stand in the order of records.
fn sizes(entries: &[Entry]) -> Vec<u64> {
    let mut keys: Vec<u64> = entries.iter().map(|&(key, _)| key).collect();
    keys.sort_unstable();
    keys.chunk_by(|a, b| a == b).map(|block| block.len() as u64).collect()
}

struct Splitter<'s> {
    views: &'s [View],
    /// Kinds of one view that have large blocks.
    singles: &'s [Large],
    size_max: usize,
}

impl Splitter<'_> {
    /// Splits large blocks by every view of another field in which their records' blocks are large too
    /// (where they are small, their pairs are candidates already).
    fn split(
        &self,
        blocks: &mut Blocks,
        large: &[Large],
        context: &Context<'_>,
    ) -> Result<Vec<Large>, IdentityError> {
        context.proceed()?;
        let pairs: Vec<(&Large, &Large)> = large
            .iter()
            .flat_map(|left| self.singles.iter().map(move |right| (left, right)))
            .filter(|(left, right)| self.is_useful(left, right))
            .collect();
        let found = map_parts(context.threads, pairs.iter(), |&(left, right)| {
            Sorted::of(self.joined(left, right), self.size_max)
        });
        blocks.report.n_split += large.iter().map(|large| sizes(&large.entries).len() as u64).sum::<u64>();
        let kinds = pairs.iter().map(|(left, right)| [&left.views[..], &right.views[..]].concat());
        Ok(collect(blocks, kinds.zip(found)))
    }

    /// Each set of views once, no two of one field, not only of views that are too common.
    fn is_useful(&self, left: &Large, right: &Large) -> bool {
        let by = right.views[0];
        let fields = |&view: &usize| self.views[view].field != self.views[by].field;
        let is_later = left.views.iter().all(|&view| view < by);
        let is_common = |&view: &usize| self.views[view].is_splitter;
        is_later && left.views.iter().all(fields) && !(left.views.iter().all(is_common) && is_common(&by))
    }

    /// Keys of records that have both, by walking both in the order of records.
    fn joined(&self, left: &Large, right: &Large) -> Vec<Entry> {
        let is_exchangeable = left.views.len() == 1
            && self.views[left.views[0]].is_exchangeable_with(&self.views[right.views[0]]);
        let mut joined = Vec::new();
        let mut rest = right.entries.as_slice();
        for &(key, record) in &left.entries {
            let skipped = rest.iter().take_while(|entry| entry.1 < record).count();
            rest = &rest[skipped..];
            for &(other, _) in rest.iter().take_while(|entry| entry.1 == record) {
                let both = if is_exchangeable {
                    hash::pair(key.min(other), key.max(other))
                } else {
                    hash::pair(key, other)
                };
                joined.push((both, record));
            }
        }
        joined
    }
}
