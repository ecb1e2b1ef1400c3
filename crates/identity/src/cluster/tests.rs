//! Groups: chains are cut, rules hold, order does not matter.

use proptest::prelude::*;
use rapport_learn::{Cancellation, Context, Silent};

use super::*;

fn run(n: usize, edges: &[(u32, u32, f32)], constraints: &Constraints) -> Result<Vec<u32>, IdentityError> {
    let cancel = Cancellation::default();
    let edges: Vec<Edge> = edges
        .iter()
        .map(|&(left, right, weight)| Edge { left, right, weight })
        .collect();
    let params = ClusterParams::default();
    cluster(n, &edges, constraints, &params, &|_, _| -20.0, &Context::new(1, &Silent, &cancel))
}

#[test]
fn a_chain_is_cut_where_its_ends_have_nothing_in_common() {
    let edges = [(0, 1, 9.0), (1, 2, 2.0), (2, 3, 9.0)];

    let found = run(4, &edges, &Constraints::none()).unwrap();

    assert_eq!(found, [0, 0, 1, 1]);
}

#[test]
fn a_weak_pair_is_held_by_the_others_of_its_group() {
    let edges = [(0, 1, 8.0), (0, 2, 8.0), (1, 2, -3.0)];

    assert_eq!(run(4, &edges, &Constraints::none()).unwrap(), [0, 0, 0, 1]);
}

#[test]
fn ids_of_one_source_keep_apart_what_looks_the_same() {
    let never = Constraints::none().never_within_source(&[Some(1), Some(1), Some(2)]);

    let found = run(3, &[(0, 1, 12.0), (0, 2, 5.0), (1, 2, 4.0)], &never).unwrap();

    assert_eq!(found, [0, 1, 0]);
}

#[test]
fn a_verified_key_joins_what_looks_different() {
    let always = Constraints::none().always_by_key(&[Some(7), None, Some(7)]);

    assert_eq!(run(3, &[(0, 2, -9.0)], &always).unwrap(), [0, 1, 0]);
}

#[test]
fn rules_that_contradict_each_other_are_refused() {
    let both = Constraints::none()
        .always_by_key(&[Some(7), Some(7)])
        .never_within_source(&[Some(1), Some(1)]);

    let error = run(2, &[], &both).unwrap_err().to_string();

    assert!(error.contains("records 0 and 1"), "{error}");
}

proptest! {
    #[test]
    fn no_single_join_of_two_groups_would_gain(weights in prop::collection::vec(-6.0_f32..6.0, 28)) {
        let mut pairs = Vec::new();
        for b in 0..8_u32 {
            for a in 0..b {
                pairs.push((a, b, weights[pairs.len()]));
            }
        }

        let found = run(8, &pairs, &Constraints::none()).unwrap();

        for x in 0..8_u32 {
            for y in 0..x {
                // Pairs of components that no edge joins are summed over all of their pairs.
                let gain: f32 = pairs
                    .iter()
                    .filter(|&&(a, b, _)| {
                        let (a, b) = (found[a as usize], found[b as usize]);
                        (a, b) == (x, y) || (a, b) == (y, x)
                    })
                    .map(|&(_, _, weight)| weight)
                    .sum();
                prop_assert!(gain <= 1e-4, "groups {x} and {y} would gain {gain}");
            }
        }
    }
}
