//! Random operations: the tables say what the log replays to, and when all is taken back all is as before.

use std::collections::{BTreeMap, BTreeSet};

use rapport_domain::{
    ConsentStatus, ContactId, IdentityChange, IdentityGrounds, IdentityId, IdentityState,
};

use super::super::Dice;
use super::{World, identity_log};
use crate::StoreError;
use crate::identity_log::{Decision, Merge, Unmerge, Verdict};

/// The state that links and the log replay to, and what the tables say.
async fn check(world: &World, links: &[(IdentityId, ContactId)], people: &[ContactId]) {
    let mut replayed = IdentityState::default();
    for (identity, contact) in links {
        let (identity, contact) = (*identity, *contact);
        replayed
            .apply(0, &IdentityChange::Link { identity, contact })
            .unwrap();
    }
    for operation in identity_log::log(&world.store).await.unwrap() {
        replayed.apply(operation.seq, &operation.change).unwrap();
    }
    let kept = identity_log::state(&world.store).await.unwrap();
    let kept: BTreeMap<IdentityId, ContactId> = kept
        .into_iter()
        .map(|(identity, (_, person))| (identity, person))
        .collect();
    let replayed_people: BTreeMap<IdentityId, ContactId> = links
        .iter()
        .map(|(identity, _)| (*identity, replayed.person_of(*identity).unwrap()))
        .collect();
    assert_eq!(kept, replayed_people);
    let of_parts = identity_log::persons_of_parts(&world.store).await.unwrap();
    for contact in people {
        let person = of_parts.get(contact).copied().unwrap_or(*contact);
        assert_eq!(person, replayed.person(*contact));
        let merged = identity_log::merged_into(&world.store, *contact)
            .await
            .unwrap();
        let merge = replayed.merge(*contact);
        assert_eq!(
            merged.map(|it| (it.into, it.operation, it.person)),
            merge.map(|it| (it.into, it.operation, replayed.person(*contact)))
        );
        let parts = identity_log::parts(&world.store, *contact).await.unwrap();
        let mut parts: Vec<ContactId> = parts.iter().map(|part| part.contact).collect();
        parts.push(*contact);
        let mut members = replayed.members(*contact);
        parts.sort();
        members.sort();
        assert_eq!(parts, members);
    }
}

#[tokio::test]
async fn random_merges_in_any_order_taken_back_in_any_other_leave_all_as_it_was() {
    for seed in [1, 2] {
        let world = World::open().await;
        let mut dice = Dice(seed);
        let mut people = Vec::new();
        for n in 0..6_u64 {
            let mut contact = world.store.contact(&format!("Person {n}"));
            contact.title = (dice.roll(2) == 0).then(|| format!("Title {n}"));
            contact.language = (dice.roll(2) == 0).then(|| format!("l{n}"));
            contact.tags = vec![format!("t{}", dice.roll(3))];
            people.push(world.named(contact).await.id);
        }
        for (contact, status) in people
            .iter()
            .zip([ConsentStatus::Granted, ConsentStatus::Withdrawn])
        {
            world.surround(*contact, status).await;
        }
        let state = identity_log::state(&world.store).await.unwrap();
        let links: Vec<(IdentityId, ContactId)> = state
            .into_iter()
            .map(|(id, (home, _))| (id, home))
            .collect();
        let before = world.dump().await;

        let (mut in_force, mut n_done) = (BTreeSet::new(), 0);
        for step in 0..40 {
            let store = world.at(10 + step);
            let of = |roll: u64| people[roll as usize];
            let (one, other) = (of(dice.roll(6)), of(dice.roll(6)));
            let done = match dice.roll(8) {
                0..4 => identity_log::merge(&store, Merge::of(one, other))
                    .await
                    .map(|merged| {
                        in_force.insert(merged.operation);
                    }),
                4..6 => match in_force.iter().nth(dice.roll(4) as usize).copied() {
                    Some(merge) => {
                        in_force.remove(&merge);
                        identity_log::unmerge(&store, Unmerge::of(merge))
                            .await
                            .map(drop)
                    }
                    None => Ok(()),
                },
                6 => decide(&store, one, other, Verdict::Same).await,
                _ => match decide(&store, one, other, Verdict::Different).await {
                    // Not for long, so that merges stay possible.
                    Ok(()) => {
                        let last = identity_log::log(&store).await.unwrap().pop().unwrap().seq;
                        identity_log::withdraw(&store, last, IdentityGrounds::default())
                            .await
                            .map(drop)
                    }
                    refused => refused,
                },
            };
            match done {
                Ok(()) => n_done += 1,
                Err(StoreError::Identity(_) | StoreError::NotFound { .. }) => {}
                Err(error) => panic!("{error}"),
            }
            check(&world, &links, &people).await;
        }
        assert!(n_done > 15, "{n_done}");
        let mut rest: Vec<i64> = in_force.into_iter().collect();
        while !rest.is_empty() {
            let merge = rest.swap_remove(dice.roll(rest.len() as u64) as usize);
            world.unmerge(merge).await.unwrap();
        }

        assert_eq!(world.dump().await, before, "seed {seed}");
    }
}

async fn decide(
    store: &crate::Store,
    first: ContactId,
    second: ContactId,
    verdict: Verdict,
) -> Result<(), StoreError> {
    let decision = Decision {
        first,
        second,
        verdict,
        grounds: IdentityGrounds::default(),
    };
    identity_log::decide(store, decision).await.map(drop)
}
