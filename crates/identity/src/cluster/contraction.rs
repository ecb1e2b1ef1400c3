//! Greedy additive edge contraction of one component.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap};

use super::components::Component;
use super::{ClusterParams, Constraints};

/// More than all evidence together: a rule.
const RULE: f64 = 1e9;

/// Weights between the records of a component, as they count.
#[derive(Debug)]
pub(crate) struct Weights {
    /// Per record its neighbors by position.
    of: Vec<BTreeMap<u32, f64>>,
    /// What a pair without an entry counts.
    other: f64,
}

impl Weights {
    /// The weights of a component: of every pair where it is small, else of its edges, every other pair
    /// speaking against.
    pub(super) fn of(
        component: &Component,
        constraints: &Constraints,
        params: &ClusterParams,
        weigh: &dyn Fn(u32, u32) -> f32,
    ) -> Self {
        let records = &component.records;
        let mut weights = Self {
            of: vec![BTreeMap::new(); records.len()],
            other: -f64::from(params.against_max),
        };
        for &(a, b, weight) in &component.edges {
            weights.set(a, b, f64::from(params.bounded(weight)));
        }
        let is_small = records.len() <= params.n_whole_max;
        for (a, &left) in records.iter().enumerate() {
            for (b, &right) in records.iter().enumerate().skip(a + 1) {
                let (a, b) = (a as u32, b as u32);
                if constraints.keeps_apart(left, right) {
                    weights.set(a, b, -RULE);
                } else if is_small && !weights.of[a as usize].contains_key(&b) {
                    weights.set(a, b, f64::from(params.bounded(weigh(left, right))));
                }
            }
        }
        for &(left, right) in constraints.always() {
            let place = |record| records.binary_search(&record).ok();
            if let (Some(a), Some(b)) = (place(left), place(right)) {
                weights.set(a as u32, b as u32, RULE);
            }
        }
        weights
    }

    fn set(&mut self, a: u32, b: u32, weight: f64) {
        self.of[a as usize].insert(b, weight);
        self.of[b as usize].insert(a, weight);
    }
}

/// A join that may be made, as strong as it was when it was noted.
#[derive(Debug, PartialEq)]
struct Join {
    weight: f64,
    a: u32,
    b: u32,
}

impl Eq for Join {}

impl Ord for Join {
    fn cmp(&self, other: &Self) -> Ordering {
        // Of equal joins the one of the first records, so that the result is one.
        self.weight
            .total_cmp(&other.weight)
            .then_with(|| (other.a, other.b).cmp(&(self.a, self.b)))
    }
}

impl PartialOrd for Join {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The group of each record of a component, named by the position of its first record.
pub(crate) fn contract(n_records: usize, weights: Weights) -> Vec<u32> {
    let Weights { mut of, other } = weights;
    let mut group_of: Vec<u32> = (0..n_records as u32).collect();
    let mut members: Vec<Vec<u32>> = (0..n_records as u32).map(|record| vec![record]).collect();
    let mut joins: BinaryHeap<Join> = BinaryHeap::new();
    for (a, neighbors) in of.iter().enumerate() {
        for (&b, &weight) in neighbors.range(a as u32 + 1..) {
            if weight > 0.0 {
                joins.push(Join { weight, a: a as u32, b });
            }
        }
    }
    while let Some(Join { weight, a, b }) = joins.pop() {
        // What was noted before one of the two groups changed is passed over.
        if of[a as usize].get(&b) != Some(&weight) {
            continue;
        }
        let (kept, gone) = (a.min(b), a.max(b));
        let neighbors = std::mem::take(&mut of[gone as usize]);
        let (n_kept, n_gone) = (members[kept as usize].len() as f64, members[gone as usize].len() as f64);
        of[kept as usize].remove(&gone);
        let mut sums = std::mem::take(&mut of[kept as usize]);
        // A neighbor of only one of the two has pairs without an entry with the other.
        for (&neighbor, sum) in &mut sums {
            if !neighbors.contains_key(&neighbor) {
                *sum += other * n_gone * members[neighbor as usize].len() as f64;
            }
        }
        for (&neighbor, &more) in &neighbors {
            of[neighbor as usize].remove(&gone);
            if neighbor != kept {
                let without = other * n_kept * members[neighbor as usize].len() as f64;
                let known = sums.get(&neighbor).copied();
                sums.insert(neighbor, known.map_or(without + more, |sum| sum + more));
            }
        }
        for (&neighbor, &sum) in &sums {
            of[neighbor as usize].insert(kept, sum);
            if sum > 0.0 {
                joins.push(Join { weight: sum, a: kept.min(neighbor), b: kept.max(neighbor) });
            }
        }
        of[kept as usize] = sums;
        let moved = std::mem::take(&mut members[gone as usize]);
        for &record in &moved {
            group_of[record as usize] = kept;
        }
        members[kept as usize].extend(moved);
    }
    group_of
}
