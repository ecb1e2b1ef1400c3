//! Splits, whose part a contact is, the log of a person, and who may do what.

use std::collections::BTreeSet;
use std::sync::Arc;

use rapport_domain::{
    Access, Actor, IdentityChange, IdentityGrounds, IdentityRefusal, Role, RolePolicy,
    Survivorship, SurvivorshipField, SurvivorshipRule, UserId,
};
use uuid::Uuid;

use super::super::audit::person;
use super::{World, identity_log};
use crate::identities::{self, PersonKey};
use crate::identity_log::{Merge, Split};
use crate::{Store, StoreError, contacts};

#[tokio::test]
async fn what_became_of_a_merged_contact_can_be_told() {
    let world = World::open().await;
    let (ada, bob, cleo) = (
        world.person("Ada").await.id,
        world.person("Bob").await.id,
        world.person("Cleo").await.id,
    );
    let first = world.merge(bob, ada).await.unwrap().operation;
    world.merge(ada, cleo).await.unwrap();

    let told = identity_log::merged_into(&world.store, bob)
        .await
        .unwrap()
        .unwrap();

    assert_eq!((told.operation, told.into, told.person), (first, ada, cleo));
    let rows = identities::list_of(&world.store, cleo).await.unwrap();
    let parts: BTreeSet<_> = rows.iter().map(|row| row.part).collect();
    assert_eq!(parts, [None, Some(ada), Some(bob)].into());
    assert_eq!(contacts::find(&world.store, bob).await.unwrap(), None);
    assert_eq!(
        identity_log::merged_into(&world.store, cleo).await.unwrap(),
        None
    );
}

#[tokio::test]
async fn the_log_of_a_person_tells_who_did_what_why_and_when() {
    let world = World::open().await;
    let (ada, bob) = (world.person("Ada").await.id, world.person("Bob").await.id);
    let grounds = IdentityGrounds {
        reason: Some("same phone".to_owned()),
        rule: Some("review".to_owned()),
        model_version: Some("match-3".to_owned()),
        score: Some(0.97),
    };
    let merge = Merge {
        grounds: grounds.clone(),
        ..Merge::of(bob, ada)
    };
    let seq = identity_log::merge(&world.at(10), merge)
        .await
        .unwrap()
        .operation;

    let rows = identity_log::list(&world.store, ada).await.unwrap();
    world.unmerge(seq).await.unwrap();
    let later = identity_log::list(&world.store, bob).await.unwrap();

    let [row] = &rows[..] else { panic!("{rows:?}") };
    assert_eq!(row.operation.grounds, grounds);
    assert_eq!(row.operation.actor, Actor::User(UserId(Uuid::from_u128(1))));
    assert_eq!(row.operation.at, person(1, 10).at);
    assert_eq!(row.name.as_deref(), Some("Bob"));
    assert_eq!(later.len(), 2);
    assert_eq!(later[1].undone_by, Some(later[0].operation.seq));
    assert!(matches!(
        later[0].operation.change,
        IdentityChange::Unmerge { merge, from, .. } if merge == seq && from == bob
    ));
}

#[tokio::test]
async fn survivorship_follows_the_rules_that_are_asked_for() {
    let world = World::open().await;
    let blog = world.store.source("blog").await;
    let mut ada = world.store.contact("Ada");
    ada.title = Some("Countess".to_owned());
    let ada = world.named(ada).await;
    let mut bob = world.store.contact("Bob");
    bob.title = Some("Smith".to_owned());
    let bob = contacts::create(&world.by, bob).await.unwrap();
    let mut identity = super::super::imports::identity(&world.store, blog, bob.id, "b");
    identity.source_id = blog;
    world
        .keep::<crate::entities::identity::Entity>(identity.into())
        .await;
    let rules = Survivorship {
        fields: [(SurvivorshipField::Title, SurvivorshipRule::MostTrusted)].into(),
        trusted: vec![blog, world.shop],
        ..Survivorship::default()
    };
    let merge = Merge {
        rules: Some(rules),
        ..Merge::of(bob.id, ada.id)
    };

    let merged = identity_log::merge(&world.at(10), merge).await.unwrap();

    assert_eq!(merged.contact.title.as_deref(), Some("Smith"));
}

#[tokio::test]
async fn a_split_makes_a_contact_of_identities_which_is_not_the_same_again() {
    let world = World::open().await;
    let ada = world.person("Ada").await;
    let blog = world.store.source("blog").await;
    let mut other = super::super::imports::identity(&world.store, blog, ada.id, "bob");
    other.email = Some("bob@example.com".parse().unwrap());
    let id = other.id;
    world
        .keep::<crate::entities::identity::Entity>(other.into())
        .await;
    let mut order = world.store.order(blog, "B-1");
    order.contact_id = Some(ada.id);
    order.amount_minor = 30;
    world
        .keep::<crate::entities::order::Entity>(order.into())
        .await;
    world.total(ada.id).await;
    let into = world.store.contact("Bob");
    let bob = into.id;
    let split = Split {
        from: ada.id,
        identities: vec![id],
        into,
        grounds: IdentityGrounds::default(),
    };

    let parted = identity_log::split(&world.at(10), split.clone())
        .await
        .unwrap();

    assert_eq!(
        parted.contact.email.as_ref().unwrap().as_str(),
        "bob@example.com"
    );
    assert_eq!(
        (parted.contact.n_orders, parted.contact.total_spent_minor),
        (1, 30)
    );
    assert_eq!(
        (parted.left.n_orders, parted.left.total_spent_minor),
        (1, 100)
    );
    assert_eq!(parted.n_ambiguous, 0);
    let again = world.merge(bob, ada.id).await;
    assert!(matches!(
        again,
        Err(StoreError::Identity(IdentityRefusal::KeptApart { decision, .. })) if decision == parted.operation
    ));
    let twice = identity_log::split(
        &world.at(11),
        Split {
            into: world.store.contact("B"),
            ..split
        },
    )
    .await;
    assert!(matches!(
        twice,
        Err(StoreError::Identity(IdentityRefusal::NotOf { .. }))
    ));
    // Taken back like any merge of two that were kept apart.
    let grounds = IdentityGrounds::default();
    identity_log::withdraw(&world.at(12), parted.operation, grounds)
        .await
        .unwrap();
    let merged = world.merge(bob, ada.id).await.unwrap();
    assert_eq!(merged.contact.n_orders, 2);
}

#[tokio::test]
async fn a_person_is_recognized_by_the_address_of_a_part_until_that_is_parted() {
    let world = World::open().await;
    let mut ada = world.store.contact("Ada");
    ada.email = Some("ada@example.com".parse().unwrap());
    let ada = world.named(ada).await.id;
    let mut bob = world.store.contact("Bob");
    bob.email = Some("bob@example.com".parse().unwrap());
    let bob = world.named(bob).await.id;
    let key = PersonKey {
        email: Some("bob@example.com".parse().unwrap()),
        ..PersonKey::default()
    };
    let known = async || {
        let keys = [key.clone()];
        let found = identities::resolve(&world.store, world.shop, &keys).await;
        found.unwrap()[0].unwrap().contact_id
    };

    let merged = world.merge(bob, ada).await.unwrap();

    assert_eq!(merged.contact.email.unwrap().as_str(), "ada@example.com");
    assert_eq!(known().await, ada);
    world.unmerge(merged.operation).await.unwrap();
    assert_eq!(known().await, bob);
}

#[tokio::test]
async fn what_came_since_by_a_source_of_one_alone_leaves_with_it() {
    let world = World::open().await;
    let ada = world.person("Ada").await.id;
    let blog = world.store.source("blog").await;
    let bob = contacts::create(&world.by, world.store.contact("Bob"))
        .await
        .unwrap()
        .id;
    let identity = super::super::imports::identity(&world.store, blog, bob, "b");
    world
        .keep::<crate::entities::identity::Entity>(identity.into())
        .await;
    let merged = world.merge(bob, ada).await.unwrap().operation;
    for (source, number) in [(blog, "B-1"), (world.shop, "S-1")] {
        let mut order = world.store.order(source, number);
        order.id = world.store.ids.next(super::super::now().plus_seconds(15));
        order.contact_id = Some(ada);
        world
            .keep::<crate::entities::order::Entity>(order.into())
            .await;
    }
    world.total(ada).await;

    let unmerged = world.unmerge(merged).await.unwrap();

    assert_eq!(unmerged.contact.n_orders, 1);
    assert_eq!(unmerged.person.unwrap().n_orders, 2);
    assert_eq!(unmerged.n_ambiguous, 0);
}

#[tokio::test]
async fn an_order_of_a_source_that_knows_both_stays_and_is_counted() {
    let world = World::open().await;
    let ada = world.person("Ada").await;
    let other = world.identity(ada.id, "another").await;
    let split = Split {
        from: ada.id,
        identities: vec![other.into()],
        into: world.store.contact("Bob"),
        grounds: IdentityGrounds::default(),
    };

    let parted = identity_log::split(&world.at(10), split).await.unwrap();

    assert_eq!(parted.n_ambiguous, 1);
    assert_eq!(parted.left.n_orders, 1);
}

impl World {
    /// The store as a colleague sees it who has all rights over what is the colleague's own.
    fn colleague(&self, user: UserId) -> Store {
        use rapport_domain::{ObjectKind, Reach};
        let mut policy = RolePolicy::of(Role::Member);
        let grant = policy.objects.entry(ObjectKind::Contact).or_default();
        grant.read = Reach::All;
        grant.write = Reach::Own;
        grant.delete = Reach::Own;
        let access = Access::alone(user, policy);
        let mut author = person(1, 10);
        author.actor = Actor::User(user);
        self.store.as_seen_by(Arc::new(access)).in_name_of(author)
    }
}

#[tokio::test]
async fn who_merges_may_change_the_one_and_delete_the_other() {
    let world = World::open().await;
    let mut ada = world.store.contact("Ada");
    ada.owner_id = Some(world.user);
    let ada = world.named(ada).await;
    let bob = world.person("Bob").await;
    let mut cleo = world.store.contact("Cleo");
    cleo.owner_id = Some(world.user);
    let cleo = world.named(cleo).await;
    let store = world.colleague(world.user);

    for (from, into) in [(bob.id, ada.id), (ada.id, bob.id)] {
        let refused = identity_log::merge(&store, Merge::of(from, into)).await;
        assert!(
            matches!(refused, Err(StoreError::NotAllowed { .. })),
            "{refused:?}"
        );
    }
    let merged = identity_log::merge(&store, Merge::of(cleo.id, ada.id))
        .await
        .unwrap();
    let others = world.colleague(UserId(Uuid::from_u128(77)));
    let unmerge = identity_log::Unmerge::of(merged.operation);
    let refused = identity_log::unmerge(&others, unmerge.clone()).await;
    assert!(
        matches!(refused, Err(StoreError::NotAllowed { .. })),
        "{refused:?}"
    );
    let unmerged = identity_log::unmerge(&store, unmerge).await.unwrap();
    assert_eq!(unmerged.contact.owner_id, Some(world.user));
}
