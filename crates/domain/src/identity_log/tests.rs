//! The log against an oracle that knows nothing of trees, and against its own replay.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::{Strategy, prop, prop_assert_eq, prop_oneof, proptest};
use uuid::Uuid;

use super::{IdentityChange, IdentityGrounds, IdentityOperation, IdentityRefusal, IdentityState};
use crate::{Actor, ContactId, IdentityId, SystemActor, Timestamp};

const N_CONTACTS: u128 = 8;
const N_IDENTITIES: u128 = 12;

fn contact(n: u128) -> ContactId {
    ContactId(Uuid::from_u128(n))
}

fn identity(n: u128) -> IdentityId {
    IdentityId(Uuid::from_u128(1_000 + n))
}

fn merge(from: u128, into: u128) -> IdentityChange {
    let (from, into) = (contact(from), contact(into));
    IdentityChange::Merge { from, into }
}

fn unmerge(merge: i64, from: u128) -> IdentityChange {
    IdentityChange::Unmerge {
        merge,
        from: contact(from),
        keep_apart: false,
    }
}

fn reject(first: u128, second: u128) -> IdentityChange {
    let (first, second) = (contact(first), contact(second));
    IdentityChange::Reject { first, second }
}

fn link(n: u128, home: u128) -> IdentityChange {
    let (identity, contact) = (identity(n), contact(home));
    IdentityChange::Link { identity, contact }
}

fn operation(seq: i64, change: IdentityChange) -> IdentityOperation {
    IdentityOperation {
        seq,
        change,
        actor: Actor::System(SystemActor::CommandLine),
        at: Timestamp::from_millis(seq),
        grounds: IdentityGrounds::default(),
    }
}

fn state(changes: &[IdentityChange]) -> IdentityState {
    let mut state = IdentityState::default();
    for (seq, change) in (1..).zip(changes) {
        state.apply(seq, change).unwrap();
    }
    state
}

#[test]
fn a_merge_in_the_middle_is_taken_back_and_nothing_else() {
    let log = [link(1, 1), link(2, 2), link(3, 3), link(4, 4)];
    let merges = [merge(2, 1), merge(3, 2 - 1), merge(1, 4)];

    let mut who = state(&[&log[..], &merges[..]].concat());
    who.apply(8, &unmerge(5, 2)).unwrap();

    assert_eq!(who.person_of(identity(2)), Some(contact(2)));
    for n in [1, 3, 4] {
        assert_eq!(who.person_of(identity(n)), Some(contact(4)));
    }
}

#[test]
fn what_is_part_of_a_merged_contact_leaves_with_it() {
    let mut who = state(&[link(1, 1), merge(1, 2), merge(2, 3)]);

    who.apply(4, &unmerge(3, 2)).unwrap();

    assert_eq!(who.person_of(identity(1)), Some(contact(2)));
    assert_eq!(who.members(contact(2)), [contact(2), contact(1)]);
}

#[test]
fn a_cycle_is_refused() {
    let who = state(&[merge(1, 2), merge(2, 3)]);

    assert_eq!(
        who.check(&merge(3, 1)),
        Err(IdentityRefusal::Cycle {
            from: contact(3),
            into: contact(1)
        })
    );
    assert_eq!(
        who.check(&merge(4, 4)),
        Err(IdentityRefusal::Itself {
            contact: contact(4)
        })
    );
}

#[test]
fn a_merged_contact_is_named_with_the_one_that_it_is_part_of() {
    let who = state(&[merge(1, 2), merge(2, 3)]);

    let refused = IdentityRefusal::Merged {
        contact: contact(1),
        into: contact(3),
        merge: 1,
    };
    assert_eq!(who.check(&merge(1, 4)), Err(refused.clone()));
    assert_eq!(who.check(&merge(4, 1)), Err(refused));
}

#[test]
fn never_the_same_holds_for_whole_persons() {
    let mut who = state(&[reject(1, 4), merge(2, 1), merge(5, 4)]);

    let refused = Err(IdentityRefusal::KeptApart {
        first: contact(1),
        second: contact(4),
        decision: 1,
    });
    assert_eq!(who.check(&merge(1, 4)), refused);
    // What is left of the person when the one who is kept apart has gone may be merged.
    who.apply(4, &unmerge(2, 2)).unwrap();
    assert_eq!(who.check(&merge(2, 4)), Ok(()));
    let withdrawn = IdentityChange::Withdraw {
        decision: 1,
        first: contact(4),
        second: contact(1),
    };
    who.apply(5, &withdrawn).unwrap();
    assert_eq!(who.check(&merge(1, 4)), Ok(()));
}

#[test]
fn two_that_are_one_cannot_be_rejected() {
    let who = state(&[merge(1, 2), merge(3, 2)]);

    assert_eq!(
        who.check(&reject(1, 3)),
        Err(IdentityRefusal::Together {
            first: contact(1),
            second: contact(3),
            person: contact(2)
        })
    );
}

#[test]
fn a_split_keeps_apart_and_its_identities_stay_where_they_are_split_off_to() {
    let split = IdentityChange::Split {
        from: contact(1),
        identities: [identity(2)].into(),
        into: contact(3),
    };
    let mut who = state(&[link(1, 1), link(2, 2), merge(2, 1), split]);

    who.apply(5, &unmerge(3, 2)).unwrap();

    assert_eq!(who.person_of(identity(2)), Some(contact(3)));
    assert!(matches!(
        who.check(&merge(3, 1)),
        Err(IdentityRefusal::KeptApart { decision: 4, .. })
    ));
}

#[test]
fn an_unmerge_that_keeps_apart_is_a_decision() {
    let mut who = state(&[merge(1, 2)]);
    let apart = IdentityChange::Unmerge {
        merge: 1,
        from: contact(1),
        keep_apart: true,
    };

    who.apply(2, &apart).unwrap();

    assert!(who.check(&merge(1, 2)).is_err());
    assert_eq!(
        who.check(&apart),
        Err(IdentityRefusal::NotInForce { merge: 1 })
    );
}

/// What somebody may try; most of it is refused.
fn attempts() -> impl Strategy<Value = IdentityChange> {
    let (one, other) = (0..N_CONTACTS, 0..N_CONTACTS);
    let pair = (one, other);
    prop_oneof![
        3 => (0..N_IDENTITIES, 0..N_CONTACTS).prop_map(|(n, home)| link(n, home)),
        6 => pair.clone().prop_map(|(from, into)| merge(from, into)),
        5 => (0..60_i64, 0..N_CONTACTS, prop::bool::ANY).prop_map(|(merge, from, keep_apart)| {
            IdentityChange::Unmerge { merge, from: contact(from), keep_apart }
        }),
        2 => (0..N_CONTACTS, prop::collection::btree_set(0..N_IDENTITIES, 1..3), 0..4_u128)
            .prop_map(|(from, split, new)| IdentityChange::Split {
                from: contact(from),
                identities: split.into_iter().map(identity).collect(),
                into: contact(N_CONTACTS + new),
            }),
        1 => pair.clone().prop_map(|(a, b)| IdentityChange::Confirm {
            first: contact(a), second: contact(b),
        }),
        1 => pair.clone().prop_map(|(a, b)| reject(a, b)),
        1 => (0..60_i64, pair).prop_map(|(decision, (a, b))| IdentityChange::Withdraw {
            decision, first: contact(a), second: contact(b),
        }),
    ]
}

/// Names the merge or the decision that is in force, where the attempt named another one: a number chosen
/// blindly would never be met.
fn aimed(state: &IdentityState, attempt: IdentityChange) -> IdentityChange {
    match attempt {
        IdentityChange::Unmerge {
            merge,
            from,
            keep_apart,
        } => IdentityChange::Unmerge {
            merge: state.merge(from).map_or(merge, |known| known.operation),
            from,
            keep_apart,
        },
        IdentityChange::Withdraw {
            decision,
            first,
            second,
        } => {
            let known = state.decision(first, second);
            IdentityChange::Withdraw {
                decision: known.map_or(decision, |known| known.operation),
                first,
                second,
            }
        }
        other => other,
    }
}

/// Who is whom, found anew from the whole log: merges that were not taken back, one after the other, rename
/// everybody whom they make one.
fn oracle(log: &[IdentityOperation]) -> BTreeMap<IdentityId, ContactId> {
    let undone: BTreeSet<i64> = log
        .iter()
        .filter_map(|it| match it.change {
            IdentityChange::Unmerge { merge, .. } => Some(merge),
            _ => None,
        })
        .collect();
    let mut homes = BTreeMap::new();
    let mut names: BTreeMap<ContactId, ContactId> = BTreeMap::new();
    let mut contacts = BTreeSet::new();
    for it in log {
        match &it.change {
            IdentityChange::Link { identity, contact } => {
                homes.insert(*identity, *contact);
                contacts.insert(*contact);
            }
            IdentityChange::Split {
                identities, into, ..
            } => {
                homes.extend(identities.iter().map(|identity| (*identity, *into)));
                contacts.insert(*into);
            }
            IdentityChange::Merge { from, into } => {
                contacts.extend([*from, *into]);
            }
            _ => {}
        }
    }
    names.extend(contacts.iter().map(|contact| (*contact, *contact)));
    for it in log.iter().filter(|it| !undone.contains(&it.seq)) {
        if let IdentityChange::Merge { from, into } = it.change {
            let (from, into) = (names[&from], names[&into]);
            for name in names.values_mut().filter(|name| **name == from) {
                *name = into;
            }
        }
    }
    homes
        .into_iter()
        .map(|(identity, home)| (identity, names[&home]))
        .collect()
}

proptest! {
    #[test]
    fn the_state_is_the_replay_of_its_log(attempts in prop::collection::vec(attempts(), 1..60)) {
        let mut kept = IdentityState::default();
        let mut log = Vec::new();
        for (seq, attempt) in (0..).zip(attempts) {
            let change = aimed(&kept, attempt);
            let before = kept.clone();
            match kept.apply(seq, &change) {
                Ok(()) => log.push(operation(seq, change)),
                Err(_) => prop_assert_eq!(&kept, &before),
            }
        }

        let replayed = IdentityState::replay(&log).unwrap();
        prop_assert_eq!(
            serde_json::to_vec(&kept).unwrap(),
            serde_json::to_vec(&replayed).unwrap()
        );
        for (identity, person) in oracle(&log) {
            prop_assert_eq!(kept.person_of(identity), Some(person));
        }
    }
}
