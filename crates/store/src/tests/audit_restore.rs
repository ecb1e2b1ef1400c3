//! Changes that are set back: one by one, against what was changed since, and all of many random ones.

use std::collections::BTreeMap;

use rapport_domain::{
    AuditObject, Company, Contact, CustomValue, Note, Priority, Subject, Task, TaskStatus,
    Timestamp,
};
use serde_json::json;
use uuid::Uuid;

use super::audit::{entries, fault, person};
use super::{Dice, TestStore, now};
use crate::audit::{self, AuditEntry, RestoreRefusal, Restored};
use crate::settings::{self, WorkspaceSettings};
use crate::{ListQuery, Store, StoreError, companies, contacts, notes, tasks};

async fn restore(store: &Store, entry: &AuditEntry) -> Result<Restored, RestoreRefusal> {
    audit::restore(store, entry, now().plus_seconds(60)).await
}

#[tokio::test]
async fn a_change_is_set_back_as_a_change_of_its_own() {
    let store = TestStore::open().await;
    let mut ada = store.contact("Ada");
    ada.tags = vec!["vip".to_owned()];
    let mut ada = contacts::create(&store.by(1), ada).await.unwrap();
    ada.tags = Vec::new();
    ada.title = Some("Countess".to_owned());
    contacts::update(&store.by(1), ada.clone(), 1)
        .await
        .unwrap();
    let change = entries(&store).await[1].clone();

    let restored = restore(&store.by(2), &change).await;

    assert_eq!(restored.unwrap(), Restored::Changed);
    let now = contacts::find(&store, ada.id).await.unwrap().unwrap();
    assert_eq!((now.tags, now.title), (vec!["vip".to_owned()], None));
    assert_eq!(now.version, 3);
    let last = entries(&store).await[2].clone();
    assert_eq!(last.restores, Some(change.id));
    assert_eq!(last.actor, person(2, 0).actor);
    // What sets back can be set back.
    assert_eq!(
        restore(&store.by(1), &last).await.unwrap(),
        Restored::Changed
    );
}

#[tokio::test]
async fn a_field_that_was_changed_since_is_named_and_nothing_is_set_back() {
    let store = TestStore::open().await;
    let mut ada = contacts::create(&store.by(1), store.contact("Ada"))
        .await
        .unwrap();
    ada.title = Some("Countess".to_owned());
    ada.city_is("London");
    let mut ada = contacts::update(&store.by(1), ada, 1).await.unwrap();
    let change = entries(&store).await[1].clone();
    ada.title = Some("Programmer".to_owned());
    contacts::update(&store.by(2), ada.clone(), 2)
        .await
        .unwrap();

    let refused = restore(&store.by(1), &change).await;

    let Err(RestoreRefusal::ChangedSince(fields)) = refused else {
        panic!("{refused:?}");
    };
    let fields: Vec<_> = fields.iter().map(|f| (&*f.column, &f.found)).collect();
    assert_eq!(fields, [("title", &json!("Programmer"))]);
    let now = contacts::find(&store, ada.id).await.unwrap().unwrap();
    assert_eq!(now.address.city.as_deref(), Some("London"));
}

trait City {
    fn city_is(&mut self, city: &str);
}

impl City for Contact {
    fn city_is(&mut self, city: &str) {
        self.address.city = Some(city.to_owned());
    }
}

#[tokio::test]
async fn what_was_filled_since_a_record_was_made_stands_against_its_deletion() {
    let store = TestStore::open().await;
    let mut ada = contacts::create(&store.by(1), store.contact("Ada"))
        .await
        .unwrap();
    let made = entries(&store).await[0].clone();
    // As an import does it: nobody's name is under it.
    ada.title = Some("Countess".to_owned());
    let level = CustomValue::Number(2.0);
    ada.custom.insert("level".to_owned(), level);
    contacts::update(&store, ada.clone(), 1).await.unwrap();

    let refused = restore(&store.by(1), &made).await;

    let Err(RestoreRefusal::ChangedSince(fields)) = refused else {
        panic!("{refused:?}");
    };
    let fields: Vec<_> = fields.iter().map(|f| (&*f.column, &f.expected)).collect();
    let empty = json!(null);
    assert_eq!(fields, [("custom.level", &empty), ("title", &empty)]);
    assert!(contacts::find(&store, ada.id).await.unwrap().is_some());
}

#[tokio::test]
async fn versions_go_on_where_a_record_is_made_anew_and_only_its_last_deletion_is_set_back() {
    let store = TestStore::open().await;
    let by = store.by(1);
    let ada = contacts::create(&by, store.contact("Ada")).await.unwrap();
    contacts::delete(&by, ada.id, 1).await.unwrap();
    let first = entries(&store).await[1].clone();
    restore(&by, &first).await.unwrap();
    let mut again = contacts::find(&store, ada.id).await.unwrap().unwrap();
    assert_eq!(again.version, 2);
    again.title = Some("Countess".to_owned());
    contacts::update(&by, again, 2).await.unwrap();
    contacts::delete(&by, ada.id, 3).await.unwrap();

    let old = restore(&by, &first).await;

    assert!(
        matches!(old, Err(RestoreRefusal::ChangedSince(_))),
        "{old:?}"
    );
    let last = entries(&store).await.pop().unwrap();
    restore(&by, &last).await.unwrap();
    let now = contacts::find(&store, ada.id).await.unwrap().unwrap();
    assert_eq!((now.title.as_deref(), now.version), (Some("Countess"), 4));
}

#[tokio::test]
async fn what_cannot_be_set_back_says_so() {
    let store = TestStore::open().await;
    let ada = contacts::create(&store.by(1), store.contact("Ada"))
        .await
        .unwrap();
    contacts::delete(&store.by(1), ada.id, 1).await.unwrap();
    settings::save_workspace(&store.by(1), &WorkspaceSettings::default())
        .await
        .unwrap();
    let [made, deleted, setting] = &entries(&store).await[..] else {
        panic!("three entries");
    };

    let gone = restore(&store.by(1), made).await;
    let of_setting = restore(&store.by(1), setting).await;
    restore(&store.by(1), deleted).await.unwrap();
    let twice = restore(&store.by(1), deleted).await;

    assert!(matches!(gone, Err(RestoreRefusal::Gone)), "{gone:?}");
    let is_no_record = matches!(of_setting, Err(RestoreRefusal::NotRestorable));
    assert!(is_no_record && !setting.can_restore(), "{of_setting:?}");
    assert!(
        matches!(twice, Err(RestoreRefusal::ThereAlready)),
        "{twice:?}"
    );
    audit::erase(&store.by(1), AuditObject::Contact, ada.id.into())
        .await
        .unwrap();
    let erased = audit::expect(&store, deleted.id).await.unwrap();
    let refused = restore(&store.by(1), &erased).await;
    assert!(matches!(refused, Err(RestoreRefusal::NotRestorable)));
    let unknown = audit::expect(&store, 999).await;
    assert!(matches!(unknown, Err(StoreError::NotFound { .. })));
}

/// All records of the kinds that the random edits touch, but for when and how often they were written.
async fn state(store: &Store) -> BTreeMap<Uuid, String> {
    let query = ListQuery {
        limit: ListQuery::LIMIT_MAX,
        ..ListQuery::default()
    };
    let mut state = BTreeMap::new();
    let epoch = Timestamp::from_millis(0);
    for row in contacts::list(store, &query).await.unwrap().items {
        let mut one = row.contact;
        (one.version, one.updated_at) = (0, epoch);
        state.insert(one.id.into(), format!("{one:?}"));
    }
    for row in companies::list(store, &query).await.unwrap().items {
        let mut one = row.company;
        (one.version, one.updated_at) = (0, epoch);
        state.insert(one.id.into(), format!("{one:?}"));
    }
    for row in tasks::list(store, &query).await.unwrap().items {
        let mut one = row.task;
        (one.version, one.updated_at) = (0, epoch);
        state.insert(one.id.into(), format!("{one:?}"));
    }
    for row in notes::list(store, &query).await.unwrap().items {
        let mut one = row.note;
        one.updated_at = epoch;
        state.insert(one.id.into(), format!("{one:?}"));
    }
    state
}

/// A random edit: something made, changed or deleted.
async fn edit(test: &TestStore, store: &Store, dice: &mut Dice) {
    let query = ListQuery::default();
    let words = ["Ada", "Ben", "Cleo", "李雷", ""];
    let pick = |n: usize, dice: &mut Dice| usize::try_from(dice.roll(n as u64)).unwrap();
    let first = words[pick(words.len(), dice)].to_owned();
    let second = words[pick(words.len(), dice)].to_owned();
    let people = contacts::list(store, &query).await.unwrap().items;
    let kind = dice.roll(10);
    match kind {
        0 | 1 => {
            let mut contact = test.contact(&format!("Dr {first}"));
            contact.title = Some(second).filter(|text| !text.is_empty());
            contacts::create(store, contact).await.unwrap();
        }
        2 | 3 if !people.is_empty() => {
            let mut one = people[pick(people.len(), dice)].contact.clone();
            one.title = Some(first).filter(|text| !text.is_empty());
            one.tags = vec![second].into_iter().filter(|t| !t.is_empty()).collect();
            let level = CustomValue::Number(dice.roll(3) as f64);
            one.custom.insert("level".to_owned(), level);
            if dice.roll(3) == 0 {
                one.custom.clear();
            }
            let version = one.version;
            contacts::update(store, one, version).await.unwrap();
        }
        4 if !people.is_empty() => {
            let one = &people[pick(people.len(), dice)].contact;
            contacts::delete(store, one.id, one.version).await.unwrap();
        }
        5 => {
            let company = Company::named(test.id(), format!("{first} & Co"), now());
            companies::create(store, company).await.unwrap();
        }
        6 => {
            let task = Task {
                id: test.id(),
                title: format!("Call {first}"),
                status: TaskStatus::Open,
                priority: Priority::High,
                due_on: Some(now().date()),
                subject: None,
                owner_id: None,
                custom: Default::default(),
                created_at: now(),
                updated_at: now(),
                done_at: None,
                version: 1,
            };
            tasks::create(store, task).await.unwrap();
        }
        7 => {
            let all = tasks::list(store, &query).await.unwrap().items;
            if let Some(row) = all.first() {
                let mut task = row.task.clone();
                task.status = TaskStatus::Done;
                task.done_at = Some(now());
                let version = task.version;
                tasks::update(store, task, version).await.unwrap();
            }
        }
        8 if !people.is_empty() => {
            let note = Note {
                id: test.id(),
                body: format!("About {first}"),
                subject: Subject::Contact(people[0].contact.id),
                author_id: None,
                created_at: now(),
                updated_at: now(),
            };
            notes::create(store, note).await.unwrap();
        }
        _ => {
            let all = notes::list(store, &query).await.unwrap().items;
            if let Some(row) = all.first() {
                let mut note = row.note.clone();
                note.body = format!("{} {second}!", note.body);
                notes::update(store, note).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn random_edits_set_back_from_the_last_one_on_end_where_they_began() {
    for seed in 0..6 {
        let store = TestStore::open().await;
        let mut dice = Dice(seed);
        for _ in 0..10 {
            edit(&store, &store, &mut dice).await;
        }
        let begun = state(&store).await;
        for _ in 0..40 {
            let by = store.by(1 + u128::from(dice.roll(3)));
            edit(&store, &by, &mut dice).await;
        }
        let edits = entries(&store).await;
        assert!(edits.len() > 20, "{} edits", edits.len());

        for entry in edits.iter().rev() {
            let by = store.by(1 + u128::from(dice.roll(3)));
            let restored = restore(&by, entry).await;
            restored.unwrap_or_else(|refusal| panic!("seed {seed}: {refusal}: {entry:?}"));
        }

        assert_eq!(state(&store).await, begun, "seed {seed}");
        assert_eq!(fault(&store).await, None, "seed {seed}");
    }
}
