//! Whose values a person shows: the rules of the workspace, kept with each merge, so that what is shown is a
//! function of the contacts, the edits and the merges in force.

use std::collections::BTreeMap;

use rapport_domain::{
    AuditObject, Contact, ContactId, CustomValue, FieldOrigin, FieldOrigins, SourceId,
    Survivorship, SurvivorshipField, SurvivorshipRule, SurvivorshipSide, Timestamp,
};

use super::super::audit::{entries, told};
use super::super::{Dice, now};
use super::{World, identity_log};
use crate::identity_log::{Merge, MergedField, Unmerge, Winner};
use crate::{Store, StoreError, contacts, settings};

const RULES: [SurvivorshipRule; 4] = [
    SurvivorshipRule::Survivor,
    SurvivorshipRule::MostRecent,
    SurvivorshipRule::MostTrusted,
    SurvivorshipRule::MostComplete,
];

/// What happened to a contact, in order.
#[derive(Debug, Clone)]
enum Happened {
    /// Another one became part of it.
    Joined {
        merge: i64,
        from: ContactId,
        rules: Survivorship,
    },
    /// Somebody gave it another title.
    Titled { title: String, at: Timestamp },
}

/// What is known of people without asking the log: how they were, and what happened to each.
#[derive(Debug, Default)]
struct Chronicle {
    people: BTreeMap<ContactId, (Contact, SourceId)>,
    happened: BTreeMap<ContactId, Vec<Happened>>,
    /// Merges in force.
    in_force: Vec<i64>,
}

impl Chronicle {
    /// What a contact shows, told anew from the beginning.
    fn tell(&self, of: ContactId) -> (Contact, FieldOrigins) {
        let (contact, source) = &self.people[&of];
        let mut contact = contact.clone();
        let mut origins = FieldOrigins::own(FieldOrigin {
            changed_at: contact.updated_at,
            sources: [*source].into(),
        });
        for happened in self.happened.get(&of).into_iter().flatten() {
            match happened {
                Happened::Titled { title, at } => {
                    contact.title = Some(title.clone());
                    origins.edit(&["title".to_owned()]);
                    origins.own.changed_at = *at;
                }
                Happened::Joined { merge, from, rules } if self.in_force.contains(merge) => {
                    let (gone, of_gone) = self.tell(*from);
                    let side = |contact, origins| SurvivorshipSide { contact, origins };
                    let survived = rules.survive(side(&contact, &origins), side(&gone, &of_gone));
                    (contact, origins) = (survived.contact, survived.origins);
                }
                Happened::Joined { .. } => {}
            }
        }
        (contact, origins)
    }

    async fn check(&self, world: &World, hint: &str) {
        let parts = identity_log::persons_of_parts(&world.store).await.unwrap();
        for id in self.people.keys().filter(|id| !parts.contains_key(id)) {
            let (told, found) = (self.tell(*id).0, world.find(*id).await);
            let shown = |contact: &Contact| {
                let Contact { name, title, .. } = contact.clone();
                (
                    name,
                    title,
                    contact.language.clone(),
                    contact.custom.clone(),
                )
            };
            assert_eq!(shown(&found), shown(&told), "{hint}");
        }
    }
}

fn some_rules(dice: &mut Dice, sources: &[SourceId]) -> Survivorship {
    let mut rule = || RULES[dice.roll(4) as usize];
    let mut rules = Survivorship {
        usual: rule(),
        fields: SurvivorshipField::ALL.map(|field| (field, rule())).into(),
        custom: [("size".to_owned(), rule())].into(),
        trusted: sources.to_vec(),
    };
    let (one, other) = (dice.roll(3) as usize, dice.roll(3) as usize);
    rules.trusted.swap(one, other);
    rules.trusted.truncate(1 + dice.roll(3) as usize);
    rules
}

async fn people(world: &World, dice: &mut Dice, sources: &[SourceId]) -> Chronicle {
    let mut chronicle = Chronicle::default();
    for n in 0..6_u64 {
        let mut contact = world
            .store
            .contact(&format!("{} {n}", "Person ".repeat(n as usize)));
        contact.title = (dice.roll(3) > 0).then(|| "Title ".repeat(1 + dice.roll(4) as usize));
        contact.language = (dice.roll(3) > 0).then(|| format!("l{n}"));
        if dice.roll(3) > 0 {
            let size = CustomValue::Number(n as f64);
            contact.custom = [("size".to_owned(), size)].into();
        }
        contact.updated_at = now().plus_seconds(-(dice.roll(1_000) as i64));
        let contact = contacts::create(&world.by, contact).await.unwrap();
        let source = sources[dice.roll(3) as usize];
        let key = format!("no {n}");
        let identity = super::super::imports::identity(&world.store, source, contact.id, &key);
        world
            .keep::<crate::entities::identity::Entity>(identity.into())
            .await;
        chronicle.people.insert(contact.id, (contact, source));
    }
    chronicle
}

async fn retitle(store: &Store, id: ContactId, title: &str, at: Timestamp) -> bool {
    let Some(mut contact) = contacts::find(store, id).await.unwrap() else {
        return false;
    };
    contact.title = Some(title.to_owned());
    contact.updated_at = at;
    let version = contact.version;
    contacts::update(store, contact, version).await.unwrap();
    true
}

#[tokio::test]
async fn what_a_person_shows_is_told_by_the_contacts_the_edits_and_the_merges_in_force_alone() {
    for seed in 1..=4 {
        let world = World::open().await;
        let sources = [
            world.shop,
            world.store.source("blog").await,
            world.store.source("desk").await,
        ];
        let mut dice = Dice(seed);
        let mut chronicle = people(&world, &mut dice, &sources).await;
        let ids: Vec<ContactId> = chronicle.people.keys().copied().collect();
        let mut n_merged = 0;
        for step in 0..40 {
            let store = world.at(10 + step);
            let (one, other) = (ids[dice.roll(6) as usize], ids[dice.roll(6) as usize]);
            match dice.roll(8) {
                0..4 => {
                    // Each merge keeps the rules of its moment, whatever is set later.
                    let rules = some_rules(&mut dice, &sources);
                    settings::save_survivorship(&world.by, &rules)
                        .await
                        .unwrap();
                    match identity_log::merge(&store, Merge::of(one, other)).await {
                        Ok(merged) => {
                            let merge = merged.operation;
                            chronicle.in_force.push(merge);
                            let joined = Happened::Joined {
                                merge,
                                from: one,
                                rules,
                            };
                            chronicle.happened.entry(other).or_default().push(joined);
                            n_merged += 1;
                        }
                        Err(StoreError::Identity(_) | StoreError::NotFound { .. }) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
                4..6 if !chronicle.in_force.is_empty() => {
                    let which = dice.roll(chronicle.in_force.len() as u64) as usize;
                    let merge = chronicle.in_force.remove(which);
                    identity_log::unmerge(&store, Unmerge::of(merge))
                        .await
                        .unwrap();
                }
                _ => {
                    let (title, at) = (format!("Edited {step}"), now().plus_seconds(step - 500));
                    if retitle(&store, one, &title, at).await {
                        let titled = Happened::Titled { title, at };
                        chronicle.happened.entry(one).or_default().push(titled);
                    }
                }
            }
            let hint = format!("seed {seed}, step {step}");
            chronicle.check(&world, &hint).await;
        }
        assert!(n_merged > 8, "{n_merged}");
    }
}

fn title_by(rule: SurvivorshipRule) -> Survivorship {
    Survivorship {
        fields: [(SurvivorshipField::Title, rule)].into(),
        ..Survivorship::default()
    }
}

async fn titled(world: &World, name: &str, title: &str, seconds: i64) -> ContactId {
    let mut contact = world.store.contact(name);
    contact.title = Some(title.to_owned());
    contact.updated_at = now().plus_seconds(seconds);
    world.named(contact).await.id
}

#[tokio::test]
async fn a_merge_that_was_taken_back_makes_nobody_the_most_recent() {
    let world = World::open().await;
    let old = titled(&world, "Ada", "old", -30).await;
    let new = titled(&world, "Ada King", "new", -10).await;
    let bob = titled(&world, "Bob", "bob", -99).await;
    let rules = title_by(SurvivorshipRule::MostRecent);
    settings::save_survivorship(&world.by, &rules)
        .await
        .unwrap();
    let mistake = world.merge(bob, old).await.unwrap().operation;
    world.unmerge(mistake).await.unwrap();

    let merged = identity_log::merge(&world.at(40), Merge::of(new, old)).await;

    assert_eq!(merged.unwrap().contact.title.as_deref(), Some("new"));
}

#[tokio::test]
async fn a_preview_says_what_the_merge_then_does_and_changes_nothing() {
    let world = World::open().await;
    let ada = titled(&world, "Ada", "old", -30).await;
    let king = titled(&world, "Ada King", "new", -10).await;
    let recent = title_by(SurvivorshipRule::MostRecent);
    let before = world.dump().await;

    let tried = identity_log::preview(&world.store, (king, ada), Some(recent.clone())).await;
    let usual = identity_log::preview(&world.store, (king, ada), None).await;

    assert_eq!(world.dump().await, before);
    let title = |fields: Vec<MergedField>| {
        let mut fields = fields.into_iter();
        let title = fields.find(|merged| merged.field == "title").unwrap();
        (title.winner, title.rule.unwrap())
    };
    assert_eq!(
        title(tried.unwrap()),
        (Winner::Goes, SurvivorshipRule::MostRecent)
    );
    assert_eq!(
        title(usual.unwrap()),
        (Winner::Stays, SurvivorshipRule::Survivor)
    );
    let merge = Merge {
        rules: Some(recent),
        ..Merge::of(king, ada)
    };
    let merged = identity_log::merge(&world.at(10), merge).await.unwrap();
    assert_eq!(merged.contact.title.as_deref(), Some("new"));
}

#[tokio::test]
async fn a_change_of_the_rules_is_in_the_audit_field_by_field() {
    let world = World::open().await;
    let rules = title_by(SurvivorshipRule::MostComplete);

    settings::save_survivorship(&world.by, &rules)
        .await
        .unwrap();

    let entries = entries(&world.store).await;
    let mut of_settings = entries
        .iter()
        .filter(|it| it.object == AuditObject::Setting);
    let changes = told(of_settings.next().unwrap());
    let (_, after) = &changes["survivorship.fields"];
    assert_eq!(after["title"], "most_complete");
}
