//! Merges whose records are erased or deleted, or whose import is taken back.

use rapport_domain::{AuditObject, ConsentStatus, IdentityRefusal};

use super::super::imports::{full_batch, identity, running};
use super::super::undo::{commit, finish, next, undo};
use super::{World, identity_log};
use crate::identity_log::{Merge, Unmerge};
use crate::imports::ConflictReason;
use crate::{StoreError, audit, contacts, tickets};

#[tokio::test]
async fn a_merge_of_somebody_who_was_erased_is_explained_and_taken_back_in_part() {
    let world = World::open().await;
    let ada = world.person("Ada").await;
    let mut bob = world.store.contact("Bob");
    bob.title = Some("Smith".to_owned());
    let bob = world.named(bob).await;
    world.surround(bob.id, ConsentStatus::Granted).await;
    let mut merge = Merge::of(bob.id, ada.id);
    merge.grounds.reason = Some("Bob told me".to_owned());
    let merged = identity_log::merge(&world.at(10), merge)
        .await
        .unwrap()
        .operation;
    audit::erase(&world.at(15), AuditObject::Contact, ada.id.into())
        .await
        .unwrap();

    let row = identity_log::expect(&world.store, merged).await.unwrap();
    let refused = world.unmerge(merged).await;
    let in_part = Unmerge {
        in_part: true,
        ..Unmerge::of(merged)
    };
    let unmerged = identity_log::unmerge(&world.at(20), in_part).await.unwrap();

    assert_eq!((row.operation.grounds.reason, row.name), (None, None));
    assert!(row.erased_at.is_some());
    let Err(StoreError::Identity(IdentityRefusal::Incomplete { merge, lost })) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!((merge, lost.len()), (merged, 1), "{lost:?}");
    // What a source calls the person is all that is left of the name.
    assert_eq!(unmerged.contact.name, "no Bob");
    assert_eq!(unmerged.contact.title, None);
    assert_eq!(unmerged.contact.n_orders, 1);
    let ticket = world.ticket_of(bob.id).await;
    let ticket = tickets::find(&world.store, ticket).await.unwrap().unwrap();
    assert_eq!(ticket.contact_id, Some(bob.id));
    assert_eq!(unmerged.lost, lost);
}

#[tokio::test]
async fn a_merge_into_somebody_who_was_deleted_is_explained_and_taken_back_in_part() {
    let world = World::open().await;
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    world.surround(bob.id, ConsentStatus::Granted).await;
    let merged = world.merge(bob.id, ada.id).await.unwrap();
    contacts::delete(&world.at(12), ada.id, merged.contact.version)
        .await
        .unwrap();

    let refused = world.unmerge(merged.operation).await;
    let in_part = Unmerge {
        in_part: true,
        ..Unmerge::of(merged.operation)
    };
    let unmerged = identity_log::unmerge(&world.at(20), in_part).await.unwrap();

    assert!(matches!(
        refused,
        Err(StoreError::Identity(IdentityRefusal::Incomplete { .. }))
    ));
    assert_eq!(unmerged.contact.name, "Bob");
    assert_eq!(unmerged.person, None);
    // The order that nobody had any more is Bob's again; his identity went with Ada.
    assert_eq!(unmerged.contact.n_orders, 1);
    assert!(
        unmerged.lost.iter().any(|it| it.contains("identity")),
        "{:?}",
        unmerged.lost
    );
}

#[tokio::test]
async fn a_ticket_that_was_deleted_since_is_told() {
    let world = World::open().await;
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    world.surround(bob.id, ConsentStatus::Granted).await;
    let merged = world.merge(bob.id, ada.id).await.unwrap().operation;
    let id = world.ticket_of(ada.id).await;
    let ticket = tickets::find(&world.store, id).await.unwrap().unwrap();
    tickets::delete(&world.at(12), id, ticket.version)
        .await
        .unwrap();

    let refused = world.unmerge(merged).await.unwrap_err();

    assert_eq!(
        refused.to_string(),
        format!(
            "operation {merged} cannot be taken back whole: 1 of the kind ticket are deleted; \
             take it back in part to get the rest"
        )
    );
}

#[tokio::test]
async fn an_import_leaves_a_contact_that_somebody_has_merged_and_takes_it_back_once_it_is_parted() {
    let world = World::open().await;
    let ben = world.person("Ben").await;
    let import = running(&world.store, world.shop).await;
    let batch = full_batch(&world.store, world.shop, import).await;
    let ada = batch.contacts[0].id;
    let key = batch.identities[0].id;
    commit(&world.store, batch).await;
    let mut second = next(import, 2);
    let eve = world.store.contact("Eve");
    second.identities = vec![identity(&world.store, world.shop, eve.id, "17851")];
    second.contacts = vec![eve.clone()];
    commit(&world.store, second).await;
    finish(&world.store, import).await;
    let of_eve = world.merge(eve.id, ben.id).await.unwrap().operation;
    world.merge(ada, ben.id).await.unwrap();
    world.unmerge(of_eve).await.unwrap();

    let left = undo(&world.store, import).await;

    let of_contacts = left.iter().filter(|it| it.reason == ConflictReason::Edited);
    let of_contacts: Vec<_> = of_contacts.map(|it| it.record_id).collect();
    assert_eq!(of_contacts, [uuid::Uuid::from(ada)], "{left:?}");
    // Eve's merge was taken back: she is as the import made her, and goes with it.
    assert_eq!(contacts::find(&world.store, eve.id).await.unwrap(), None);
    let state = identity_log::state(&world.store).await.unwrap();
    assert_eq!(state[&key], (ada, ben.id));
}
