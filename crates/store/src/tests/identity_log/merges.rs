//! Merges and their undoing: records, fields, consents, what was worked out.

use rapport_domain::{
    AuditAction, AuditObject, CompanyId, ConsentStatus, ContactId, CustomField, CustomFieldKind,
    CustomValue, IdentityGrounds, IdentityRefusal, LocalizedText, ObjectKind,
};
use serde_json::{Value as Json, json};

use super::super::audit::{entries, told};
use super::super::now;
use super::super::searches::found;
use super::{World, identity_log};
use crate::identity_log::{Decision, Merge, Unmerge, Verdict};
use crate::{StoreError, companies, contacts, custom_fields, tickets};

#[tokio::test]
async fn a_merge_moves_all_that_hangs_on_a_contact_and_taking_it_back_restores_all() {
    let world = World::open().await;
    let mut ada = world.store.contact("Ada");
    ada.title = Some("Countess".to_owned());
    let ada = world.named(ada).await;
    let mut king = world.store.contact("A. King");
    king.email = Some("king@example.com".parse().unwrap());
    king.title = Some("Analyst".to_owned());
    king.tags = vec!["vip".to_owned()];
    let king = world.named(king).await;
    world.surround(ada.id, ConsentStatus::Granted).await;
    world.surround(king.id, ConsentStatus::Withdrawn).await;
    world.learn(&[ada.clone(), king.clone()]).await;
    let before = world.dump().await;

    let merged = world.merge(king.id, ada.id).await.unwrap();
    let between = world.dump().await;
    let unmerged = world.unmerge(merged.operation).await.unwrap();

    assert_eq!(merged.contact.title.as_deref(), Some("Countess"));
    assert_eq!(merged.contact.email, king.email);
    assert_eq!(merged.contact.tags, ["vip"]);
    assert_eq!(merged.contact.n_orders, 2);
    assert_eq!(merged.contact.total_spent_minor, 200);
    let gone = king.id.to_string();
    assert!(
        between.keys().all(|key| !key.contains(&gone)),
        "{between:?}"
    );
    let names_gone = |row: &crate::codec::Columns| {
        let mut values = row.values();
        values.any(|value| value.as_str() == Some(&gone))
    };
    assert!(!between.values().any(names_gone), "{between:?}");
    assert_eq!(world.dump().await, before);
    assert!(unmerged.kept.is_empty() && unmerged.lost.is_empty());
    assert_eq!(unmerged.contact.version, king.version + 1);
}

#[tokio::test]
async fn a_merge_in_the_middle_of_many_is_taken_back_and_the_others_stay() {
    let world = World::open().await;
    let names = ["Ada", "Bob", "Cleo", "Dan"];
    let mut people = Vec::new();
    for name in names {
        let mut contact = world.store.contact(name);
        contact.title = (name != "Ada").then(|| format!("Title of {name}"));
        people.push(world.named(contact).await);
        world
            .surround(people.last().unwrap().id, ConsentStatus::Granted)
            .await;
    }
    let [ada, bob, cleo, dan] = &people[..] else {
        unreachable!()
    };
    let before = world.dump().await;
    let first = world.merge(bob.id, ada.id).await.unwrap().operation;
    let second = world.merge(cleo.id, ada.id).await.unwrap().operation;
    let third = world.merge(ada.id, dan.id).await.unwrap().operation;

    let unmerged = world.unmerge(first).await.unwrap();

    assert_eq!(unmerged.contact.title.as_deref(), Some("Title of Bob"));
    assert_eq!(unmerged.contact.n_orders, 1);
    let person = unmerged.person.unwrap();
    assert_eq!((person.id, person.n_orders), (dan.id, 3));
    let deals = world.deals_of(dan.id).await;
    assert_eq!((deals, world.deals_of(bob.id).await), (3, 1));
    // Without Bob, Ada would have got her title of Cleo.
    world.unmerge(third).await.unwrap();
    let found = world.find(ada.id).await;
    assert_eq!(found.title.as_deref(), Some("Title of Cleo"));
    world.unmerge(second).await.unwrap();
    assert_eq!(world.dump().await, before);
}

impl World {
    async fn deals_of(&self, contact: ContactId) -> usize {
        let id = contact.to_string();
        let rows = self.dump().await;
        let deals = rows.iter().filter(|(key, _)| key.starts_with("deal "));
        deals
            .filter(|(_, row)| row["contact_id"].as_str() == Some(&id))
            .count()
    }
}

#[tokio::test]
async fn what_somebody_has_changed_since_stays_and_is_told() {
    let world = World::open().await;
    let ada = world.person("Ada").await;
    let mut bob = world.store.contact("Bob");
    bob.title = Some("Smith".to_owned());
    bob.language = Some("en".to_owned());
    let bob = world.named(bob).await;
    let merged = world.merge(bob.id, ada.id).await.unwrap();
    let mut edited = merged.contact.clone();
    edited.title = Some("Baker".to_owned());
    contacts::update(&world.at(15), edited, merged.contact.version)
        .await
        .unwrap();

    let unmerged = world.unmerge(merged.operation).await.unwrap();

    let person = unmerged.person.unwrap();
    assert_eq!(person.title.as_deref(), Some("Baker"));
    assert_eq!(person.language, None);
    let [kept] = &unmerged.kept[..] else {
        panic!("{:?}", unmerged.kept)
    };
    assert_eq!(kept.field, "title");
    assert_eq!(
        (&kept.before, &kept.after, &kept.found),
        (&Json::Null, &json!("Smith"), &json!("Baker"))
    );
    assert_eq!(unmerged.contact.title.as_deref(), Some("Smith"));
}

#[tokio::test]
async fn a_record_that_somebody_has_put_elsewhere_stays_there() {
    let world = World::open().await;
    let (ada, bob, cleo) = (
        world.person("Ada").await,
        world.person("Bob").await,
        world.person("Cleo").await,
    );
    world.surround(bob.id, ConsentStatus::Granted).await;
    let merged = world.merge(bob.id, ada.id).await.unwrap();
    let id = world.ticket_of(ada.id).await;
    let mut ticket = tickets::find(&world.store, id).await.unwrap().unwrap();
    let version = ticket.version;
    ticket.contact_id = Some(cleo.id);
    tickets::update(&world.at(12), ticket, version)
        .await
        .unwrap();
    // Cleo becomes Ada, too: the ticket is hers, and not Bob's any more.
    let second = world.merge(cleo.id, ada.id).await.unwrap();

    world.unmerge(merged.operation).await.unwrap();

    let ticket = tickets::find(&world.store, id).await.unwrap().unwrap();
    assert_eq!(ticket.contact_id, Some(ada.id));
    world.unmerge(second.operation).await.unwrap();
    let ticket = tickets::find(&world.store, id).await.unwrap().unwrap();
    assert_eq!(ticket.contact_id, Some(cleo.id));
}

impl World {
    pub(super) async fn ticket_of(&self, contact: ContactId) -> rapport_domain::TicketId {
        let id = contact.to_string();
        let rows = self.dump().await;
        let mut tickets = rows.iter().filter(|(key, _)| key.starts_with("ticket "));
        let found = tickets.find(|(_, row)| row["contact_id"].as_str() == Some(&id));
        found.unwrap().1["id"].as_str().unwrap().parse().unwrap()
    }
}

#[tokio::test]
async fn an_outdated_copy_of_a_moved_record_is_refused() {
    let world = World::open().await;
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    world.surround(bob.id, ConsentStatus::Granted).await;
    let id = world.ticket_of(bob.id).await;
    let copy = tickets::find(&world.store, id).await.unwrap().unwrap();
    world.merge(bob.id, ada.id).await.unwrap();

    let refused = tickets::update(&world.at(12), copy.clone(), copy.version).await;

    assert!(matches!(refused, Err(StoreError::Conflict { .. })));
}

#[tokio::test]
async fn no_merge_widens_what_a_person_allows() {
    use ConsentStatus::{Granted, Withdrawn};
    let world = World::open().await;
    let (ada, bob, cleo) = (
        world.person("Ada").await,
        world.person("Bob").await,
        world.person("Cleo").await,
    );
    world.consent(ada.id, Granted, 5).await;
    world.consent(bob.id, Withdrawn, 1).await;
    world.consent(cleo.id, Granted, 6).await;

    let of_bob = world.merge(bob.id, ada.id).await.unwrap().operation;
    assert!(!world.allows_marketing(ada.id).await);
    let of_cleo = world.merge(cleo.id, ada.id).await.unwrap().operation;
    assert!(!world.allows_marketing(ada.id).await);

    // Without Bob nobody has withdrawn anything.
    world.unmerge(of_bob).await.unwrap();
    assert!(world.allows_marketing(ada.id).await);
    assert!(!world.allows_marketing(bob.id).await);
    world.unmerge(of_cleo).await.unwrap();
    assert!(world.allows_marketing(cleo.id).await);
}

#[tokio::test]
async fn what_a_person_says_after_the_merge_counts() {
    use ConsentStatus::{Granted, Withdrawn};
    let world = World::open().await;
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    world.consent(ada.id, Granted, 5).await;
    world.consent(bob.id, Withdrawn, 1).await;
    let merged = world.merge(bob.id, ada.id).await.unwrap();

    world.consent(ada.id, Granted, 15).await;

    assert!(world.allows_marketing(ada.id).await);
    world.unmerge(merged.operation).await.unwrap();
    assert!(!world.allows_marketing(bob.id).await);
}

#[tokio::test]
async fn silence_withdraws_nothing() {
    let world = World::open().await;
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    world.consent(ada.id, ConsentStatus::Granted, 5).await;

    world.merge(bob.id, ada.id).await.unwrap();

    assert!(world.allows_marketing(ada.id).await);
}

#[tokio::test]
async fn merges_that_cannot_be_are_refused_with_the_reason() {
    let world = World::open().await;
    let (ada, bob, cleo, dan) = (
        world.person("Ada").await.id,
        world.person("Bob").await.id,
        world.person("Cleo").await.id,
        world.person("Dan").await.id,
    );
    let merge = world.merge(bob, ada).await.unwrap().operation;
    let decision = Decision {
        first: bob,
        second: cleo,
        verdict: Verdict::Different,
        grounds: IdentityGrounds::default(),
    };
    let decided = identity_log::decide(&world.at(11), decision.clone())
        .await
        .unwrap();
    let before = world.dump().await;

    let refusals = [
        (ada, ada, IdentityRefusal::Itself { contact: ada }),
        (
            ada,
            bob,
            IdentityRefusal::Cycle {
                from: ada,
                into: bob,
            },
        ),
        (
            bob,
            dan,
            IdentityRefusal::Merged {
                contact: bob,
                into: ada,
                merge,
            },
        ),
        (
            dan,
            bob,
            IdentityRefusal::Merged {
                contact: bob,
                into: ada,
                merge,
            },
        ),
        // Bob is part of Ada, and never the same as Cleo.
        (
            cleo,
            ada,
            IdentityRefusal::KeptApart {
                first: bob,
                second: cleo,
                decision: decided,
            },
        ),
    ];
    for (from, into, refusal) in refusals {
        let refused = world.merge(from, into).await;
        assert!(
            matches!(&refused, Err(StoreError::Identity(found)) if *found == refusal),
            "{refused:?}"
        );
    }
    let nobody = world.merge(world.store.id(), ada).await;
    assert!(matches!(nobody, Err(StoreError::NotFound { .. })));
    let unsigned = identity_log::merge(&world.store, Merge::of(dan, ada)).await;
    assert!(matches!(unsigned, Err(StoreError::WrongState { .. })));
    let outdated = Merge {
        expected: (Some(7), None),
        ..Merge::of(dan, ada)
    };
    let outdated = identity_log::merge(&world.at(12), outdated).await;
    assert!(matches!(
        outdated,
        Err(StoreError::Conflict { found: 1, .. })
    ));
    assert_eq!(world.dump().await, before);

    let grounds = IdentityGrounds::default();
    identity_log::withdraw(&world.at(13), decided, grounds.clone())
        .await
        .unwrap();
    world.merge(cleo, ada).await.unwrap();
    let twice = identity_log::withdraw(&world.at(14), decided, grounds).await;
    assert!(matches!(
        twice,
        Err(StoreError::Identity(IdentityRefusal::NotDecided { .. }))
    ));
    let together = identity_log::decide(&world.at(15), decision).await;
    assert!(matches!(
        together,
        Err(StoreError::Identity(IdentityRefusal::Together { .. }))
    ));
}

#[tokio::test]
async fn a_merge_is_taken_back_once_and_not_made_again_where_it_is_kept_apart() {
    let world = World::open().await;
    let (ada, bob) = (world.person("Ada").await.id, world.person("Bob").await.id);
    let merge = world.merge(bob, ada).await.unwrap().operation;
    let unmerge = Unmerge {
        keep_apart: true,
        ..Unmerge::of(merge)
    };

    identity_log::unmerge(&world.at(20), unmerge).await.unwrap();

    let twice = world.unmerge(merge).await;
    assert!(matches!(
        twice,
        Err(StoreError::Identity(IdentityRefusal::NotInForce { .. }))
    ));
    let again = world.merge(bob, ada).await;
    assert!(matches!(
        again,
        Err(StoreError::Identity(IdentityRefusal::KeptApart { .. }))
    ));
}

#[tokio::test]
async fn a_unique_value_moves_with_the_merge_and_back() {
    let world = World::open().await;
    let label = LocalizedText::new("Code", "编号");
    let (object, kind) = (ObjectKind::Contact, CustomFieldKind::Text);
    let mut field = CustomField::new(world.store.id(), object, "code", label, kind, now());
    field.is_unique = true;
    let field = custom_fields::create(&world.store, field).await.unwrap();
    custom_fields::arrange_index(&world.store, &field)
        .await
        .unwrap();
    let ada = world.person("Ada").await;
    let mut bob = world.store.contact("Bob");
    let code = CustomValue::Text("B-1".to_owned());
    bob.custom.insert("code".to_owned(), code.clone());
    let bob = world.named(bob).await;

    let merged = world.merge(bob.id, ada.id).await.unwrap();
    let unmerged = world.unmerge(merged.operation).await.unwrap();

    assert_eq!(merged.contact.custom.get("code"), Some(&code));
    assert_eq!(unmerged.contact.custom.get("code"), Some(&code));
    assert!(unmerged.person.unwrap().custom.is_empty());
}

#[tokio::test]
async fn a_company_that_is_gone_does_not_stand_in_the_way() {
    let world = World::open().await;
    let id: CompanyId = world.store.id();
    let company = rapport_domain::Company::named(id, "Engines", now());
    let company = companies::create(&world.by, company).await.unwrap();
    let ada = world.person("Ada").await;
    let mut bob = world.store.contact("Bob");
    bob.company_id = Some(id);
    let bob = world.named(bob).await;
    let merged = world.merge(bob.id, ada.id).await.unwrap();
    companies::delete(&world.by, id, company.version)
        .await
        .unwrap();

    let unmerged = world.unmerge(merged.operation).await.unwrap();

    assert_eq!(unmerged.contact.company_id, None);
    assert_eq!(unmerged.lost.len(), 1, "{:?}", unmerged.lost);
}

#[tokio::test]
async fn the_audit_tells_of_both_and_of_the_fields_that_changed() {
    let world = World::open().await;
    let ada = world.person("Ada").await;
    let mut bob = world.store.contact("Bob");
    bob.title = Some("Smith".to_owned());
    let bob = world.named(bob).await;

    let merged = world.merge(bob.id, ada.id).await.unwrap();
    world.unmerge(merged.operation).await.unwrap();

    let entries = entries(&world.store).await;
    let of = |action| {
        let entries = entries.iter().filter(move |it| it.action == action);
        entries.collect::<Vec<_>>()
    };
    let [of_ada, of_bob] = of(AuditAction::Merged)[..] else {
        panic!("{entries:?}")
    };
    assert_eq!(of_ada.object, AuditObject::Contact);
    assert_eq!(
        (of_ada.object_id, of_ada.about_id),
        (Some(ada.id.into()), Some(bob.id.into()))
    );
    assert_eq!(told(of_ada)["title"], (Json::Null, json!("Smith")));
    assert_eq!(
        (of_bob.object_id, of_bob.about_id),
        (Some(bob.id.into()), Some(ada.id.into()))
    );
    assert_eq!(
        told(of(AuditAction::Unmerged)[0])["title"],
        (json!("Smith"), Json::Null)
    );
    assert!(!of_ada.can_restore() && !of_bob.can_restore());
}

#[tokio::test]
async fn a_person_is_found_by_what_any_of_its_parts_is_called() {
    let world = World::open().await;
    let (ada, bob) = (world.person("Ada").await, world.person("Bob").await);
    let merged = world.merge(bob.id, ada.id).await.unwrap();

    assert_eq!(found(&world.store, "no Bob").await, ["Ada"]);
    world.unmerge(merged.operation).await.unwrap();
    assert_eq!(found(&world.store, "no Bob").await, ["Bob"]);
}
