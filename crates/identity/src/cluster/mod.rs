//! From pairs to people: groups that the evidence supports as a whole.
//!
//! Taking everything that hangs together as one person makes chains: A is like B, B is like C, and A and C
//! have nothing in common. Correlation clustering looks for the partition with the greatest sum of weights
//! within groups instead, so that what speaks against a pair counts as well as what speaks for it. Within
//! each connected component pairs of groups are joined greedily, the strongest first, until no join gains.
//!
//! # Source
//! Bansal, Blum & Chawla (2004), "Correlation Clustering"; Keuper et al. (2015), "Efficient Decomposition of
//! Image and Mesh Graphs by Lifted Multicuts" (greedy additive edge contraction).

mod components;
mod constraints;
mod contraction;

pub(crate) use components::components;
pub use constraints::Constraints;
pub(crate) use contraction::{Weights, contract};

use rapport_learn::{Context, map_parts};

use crate::IdentityError;

/// A pair of records and the bits that speak for one person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// The record that stands first.
    pub left: u32,
    /// The other.
    pub right: u32,
    /// Log odds in bits.
    pub weight: f32,
}

/// How pairs make groups.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClusterParams {
    /// Bits above which a pair holds records together.
    pub threshold: f32,
    /// A pair speaks for at most this many bits: no pair alone outvotes a group.
    pub for_max: f32,
    /// A pair speaks against at most this many bits.
    pub against_max: f32,
    /// Records of a component up to which every pair in it is weighed, candidate or not.
    pub n_whole_max: usize,
}

impl Default for ClusterParams {
    fn default() -> Self {
        Self {
            threshold: 0.0,
            for_max: 12.0,
            against_max: 6.0,
            n_whole_max: 400,
        }
    }
}

impl ClusterParams {
    /// A weight as it counts.
    pub(crate) fn bounded(&self, weight: f32) -> f32 {
        (weight - self.threshold).clamp(-self.against_max, self.for_max)
    }
}

/// The group of each record, numbered in the order of their first records.
///
/// `weigh` gives the bits of a pair that is no edge.
pub(crate) fn cluster(
    n_records: usize,
    edges: &[Edge],
    constraints: &Constraints,
    params: &ClusterParams,
    weigh: &(dyn Fn(u32, u32) -> f32 + Sync),
    context: &Context<'_>,
) -> Result<Vec<u32>, IdentityError> {
    context.proceed()?;
    let joining = edges.iter().filter(|edge| edge.weight > params.threshold);
    let joining = joining.map(|edge| (edge.left, edge.right)).chain(constraints.always().iter().copied());
    let found = components(n_records, joining, edges);
    let parts: Vec<_> = found.iter().collect();
    let groups = map_parts(context.threads, parts.into_iter(), |component| {
        let weights = Weights::of(component, constraints, params, weigh);
        contract(component.records.len(), weights)
    });
    let mut label_of: Vec<u32> = (0..n_records as u32).collect();
    for (component, groups) in found.iter().zip(&groups) {
        for (record, &group) in component.records.iter().zip(groups) {
            // The first record of a group stands for it.
            label_of[*record as usize] = component.records[group as usize];
        }
    }
    constraints.hold(&label_of)?;
    Ok(numbered(&label_of))
}

/// Labels 0, 1, 2 … in the order in which groups first stand.
pub(crate) fn numbered(first_of: &[u32]) -> Vec<u32> {
    let mut number_of = vec![u32::MAX; first_of.len()];
    let mut next = 0;
    let mut numbers = Vec::with_capacity(first_of.len());
    for &first in first_of {
        let number = &mut number_of[first as usize];
        if *number == u32::MAX {
            *number = next;
            next += 1;
        }
        numbers.push(*number);
    }
    numbers
}

#[cfg(test)]
mod tests;
