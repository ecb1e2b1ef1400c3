//! How likely two contacts are one person before anything is compared, given which sources know each.
//!
//! Where nearly all whom the sales team knows have an account in the shop, somebody whom only the sales team
//! knows is likelier to be one of those whom only the shop knows than two customers of the shop are to be one.
//! How likely is fitted like the prior of all pairs, by expectation maximization, for each two sets of sources.

use std::collections::{BTreeMap, BTreeSet};

use rapport_domain::SourceId;
use rapport_identity::Edge;

/// Sets of sources that are told apart; whom further ones know counts as known by none.
const N_SETS_MAX: usize = 64;
/// Matches that are thought to be seen, as frequent as among all pairs: few pairs do not move far.
const N_THOUGHT: f64 = 0.25;
const N_ROUNDS: usize = 8;

/// Bits that speak for a pair because of the sources that know its contacts.
#[derive(Debug)]
pub(super) struct Overlap {
    /// `(n_contacts,)`
    set_of: Vec<usize>,
    /// For two sets, the lesser number first.
    bits: BTreeMap<(usize, usize), f64>,
}

impl Overlap {
    /// From the sources that know each contact, the pairs that were kept, and the share of all pairs that match.
    pub(super) fn of(known_by: &[BTreeSet<SourceId>], edges: &[Edge], prior: f64) -> Self {
        let mut overlap = Self {
            set_of: sets_of(known_by),
            bits: BTreeMap::new(),
        };
        let mut n_of = vec![0.0_f64; N_SETS_MAX + 1];
        for &set in &overlap.set_of {
            n_of[set] += 1.0;
        }
        for _ in 0..N_ROUNDS {
            let mut matches: BTreeMap<(usize, usize), f64> = BTreeMap::new();
            for edge in edges {
                let sets = overlap.sets(edge.left, edge.right);
                let bits = f64::from(edge.weight) + overlap.bits.get(&sets).unwrap_or(&0.0);
                *matches.entry(sets).or_default() += 1.0 / (1.0 + (-bits).exp2());
            }
            let fitted = matches.into_iter().map(|((a, b), n_matches)| {
                let n_pairs = match a == b {
                    true => n_of[a] * (n_of[a] - 1.0) / 2.0,
                    false => n_of[a] * n_of[b],
                };
                let share = (n_matches + N_THOUGHT) / (n_pairs + N_THOUGHT / prior);
                ((a, b), log_odds(share.min(0.5)) - log_odds(prior))
            });
            overlap.bits = fitted.collect();
        }
        overlap
    }

    /// Bits for two contacts, by their places.
    pub(super) fn bits(&self, left: u32, right: u32) -> f64 {
        let sets = self.sets(left, right);
        self.bits.get(&sets).copied().unwrap_or(0.0)
    }

    fn sets(&self, left: u32, right: u32) -> (usize, usize) {
        let (a, b) = (self.set_of[left as usize], self.set_of[right as usize]);
        (a.min(b), a.max(b))
    }
}

/// A number for the set of sources that know each.
fn sets_of(known_by: &[BTreeSet<SourceId>]) -> Vec<usize> {
    let mut numbers: BTreeMap<&BTreeSet<SourceId>, usize> = BTreeMap::new();
    let number = known_by.iter().map(|sources| {
        let next = numbers.len() + 1;
        match numbers.get(sources) {
            Some(&number) => number,
            None if sources.is_empty() || next > N_SETS_MAX => 0,
            None => {
                numbers.insert(sources, next);
                next
            }
        }
    });
    number.collect()
}

fn log_odds(share: f64) -> f64 {
    (share / (1.0 - share)).log2()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn whom_one_source_alone_knows_is_sought_in_the_other_one() {
        let source = |number: u128| SourceId(Uuid::from_u128(number));
        let (shop, sales) = (source(1), source(2));
        // Two of the sales team's alone, a thousand of the shop's alone, as many of both.
        let mut known_by = vec![BTreeSet::from([sales]); 2];
        known_by.extend(vec![BTreeSet::from([shop]); 1_000]);
        known_by.extend(vec![BTreeSet::from([shop, sales]); 1_000]);
        let edge = |left, right, weight| Edge {
            left,
            right,
            weight,
        };
        let edges = [edge(0, 7, 4.0), edge(1, 900, 4.0), edge(8, 9, -4.0)];

        let overlap = Overlap::of(&known_by, &edges, 1e-5);

        assert!(overlap.bits(0, 7) > 3.0 && overlap.bits(7, 1) > 3.0);
        // Among the half million pairs of the shop's alone there is hardly a match.
        assert!(overlap.bits(8, 9) < 0.0);
        assert!(overlap.bits(1_500, 1_600).abs() < 1e-9);
    }
}
