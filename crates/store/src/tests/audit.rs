//! The audit: what is noted, what a check of the chain finds, and what is erased.

use std::collections::BTreeMap;

use futures::FutureExt as _;
use rapport_domain::{
    Actor, ApiKeyId, AuditAction, AuditObject, Author, Contact, ContactId, CustomValue, Note,
    Share, Sharer, Subject, UserId,
};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{TestStore, now};
use crate::audit::{self, AuditEntry, ChainHead, FaultKind, Seen, verify};
use crate::settings::{self, WorkspaceSettings};
use crate::shares::{self, OwnedRecord};
use crate::{ListQuery, Op, Store, StoreError, contacts, notes, users};

/// Somebody who acts some seconds after the suite's present.
pub(super) fn person(n: u128, seconds: i64) -> Author {
    let user = UserId(Uuid::from_u128(n));
    Author::new(Actor::User(user), now().plus_seconds(seconds))
}

impl TestStore {
    /// The store as a person writes it.
    pub(super) fn by(&self, n: u128) -> Store {
        self.in_name_of(person(n, 0))
    }
}

/// All entries, the first one first.
pub(super) async fn entries(store: &Store) -> Vec<AuditEntry> {
    let query = ListQuery {
        sort: crate::Sort::parse_list("id"),
        limit: ListQuery::LIMIT_MAX,
        ..ListQuery::default()
    };
    let page = audit::list(store, &query).await.unwrap();
    page.items.into_iter().map(|row| row.entry).collect()
}

/// The fields that an entry tells, with what stood and what stands there.
fn told(entry: &AuditEntry) -> BTreeMap<String, (Json, Json)> {
    let changes = entry.changes.clone().unwrap().into_iter();
    changes
        .map(|change| (change.column, (change.before, change.after)))
        .collect()
}

/// Does to the database what no function of ours does.
async fn tamper(store: &Store, statement: &str) {
    let statement = statement.to_owned();
    let done = store.write(move |tx| {
        async move {
            tx.execute_unprepared(&statement).await?;
            Ok(())
        }
        .boxed()
    });
    done.await.unwrap();
}

/// A chain of six entries about three contacts.
async fn chained() -> TestStore {
    let store = TestStore::open().await;
    for name in ["Ada", "Ben", "Cleo"] {
        let mut contact = contacts::create(&store.by(1), store.contact(name))
            .await
            .unwrap();
        contact.title = Some("Engineer".to_owned());
        contacts::update(&store.by(2), contact, 1).await.unwrap();
    }
    assert_eq!(verify(&store, None).await.unwrap().fault, None);
    store
}

pub(super) async fn fault(store: &Store) -> Option<(i64, FaultKind)> {
    let verdict = verify(store, None).await.unwrap();
    let fault = verdict.fault?;
    assert_eq!(verdict.n_sound, fault.seq - 1);
    Some((fault.seq, fault.kind))
}

#[tokio::test]
async fn a_change_tells_what_stood_there_and_what_stands_there() {
    let store = TestStore::open().await;
    let mut ada = store.contact("Ada");
    ada.email = Some("ada@example.com".parse().unwrap());
    let mut ada = contacts::create(&store.by(1), ada).await.unwrap();
    ada.email = None;
    let level = CustomValue::Text("gold".to_owned());
    ada.custom.insert("level".to_owned(), level);
    let key = Actor::ApiKey {
        key_id: ApiKeyId(Uuid::from_u128(9)),
        user_id: UserId(Uuid::from_u128(2)),
    };
    let program = store.in_name_of(Author::new(key, now().plus_seconds(5)));
    contacts::update(&program, ada.clone(), 1).await.unwrap();
    contacts::delete(&store.by(1), ada.id, 2).await.unwrap();

    let [made, changed, deleted] = &entries(&store).await[..] else {
        panic!("three entries");
    };

    assert_eq!(made.action, AuditAction::Created);
    assert_eq!(told(made)["name"], (Json::Null, json!("Ada")));
    assert_eq!(changed.action, AuditAction::Updated);
    assert_eq!((changed.actor, changed.at), (key, now().plus_seconds(5)));
    let expected = BTreeMap::from([
        ("custom.level".to_owned(), (Json::Null, json!("gold"))),
        ("email".to_owned(), (json!("ada@example.com"), Json::Null)),
    ]);
    assert_eq!(told(changed), expected);
    assert_eq!(deleted.action, AuditAction::Deleted);
    assert_eq!(told(deleted)["name"], (json!("Ada"), Json::Null));
    for entry in [made, changed, deleted] {
        assert_eq!(entry.object, AuditObject::Contact);
        assert_eq!(entry.object_id, Some(ada.id.into()));
    }
}

#[tokio::test]
async fn a_change_that_did_not_happen_leaves_no_entry() {
    let store = TestStore::open().await;
    let ada = contacts::create(&store.by(1), store.contact("Ada"))
        .await
        .unwrap();

    // Refused, without effect, and by nobody.
    let refused = contacts::update(&store.by(1), ada.clone(), 7).await;
    contacts::update(&store.by(1), ada.clone(), 1)
        .await
        .unwrap();
    contacts::create(&store, store.contact("Ben"))
        .await
        .unwrap();

    assert!(matches!(refused, Err(StoreError::Conflict { .. })));
    assert_eq!(entries(&store).await.len(), 1);
}

#[tokio::test]
async fn what_governs_is_noted_and_secrets_are_not_told() {
    let store = TestStore::open().await;
    let ada = rapport_domain::UserId(store.id());
    let new = users::NewUser {
        id: ada,
        email: "ada@example.com".parse().unwrap(),
        name: "Ada".to_owned(),
        role: rapport_domain::Role::Member,
        language: rapport_domain::Language::En,
        password: "correct horse battery".to_owned(),
    };
    users::create(&store.by(1), new, now()).await.unwrap();
    users::change(&store.by(1), ada, |user| user.name = "Ada K.".to_owned())
        .await
        .unwrap();
    let renamed = WorkspaceSettings {
        name: "Acme".to_owned(),
        ..WorkspaceSettings::default()
    };
    settings::save_workspace(&store.by(1), &renamed)
        .await
        .unwrap();
    settings::save_workspace(&store.by(1), &renamed)
        .await
        .unwrap();
    let contact = contacts::create(&store, store.contact("Ben"))
        .await
        .unwrap();
    let record = OwnedRecord::of(rapport_domain::ObjectKind::Contact, contact.id.into()).unwrap();
    let share = Share {
        with: Sharer::User(ada),
        may_write: true,
    };
    shares::set(&store.by(1), record, vec![(store.id(), share)])
        .await
        .unwrap();

    let entries = entries(&store).await;

    let kinds: Vec<_> = entries.iter().map(|e| (e.action, e.object)).collect();
    assert_eq!(
        kinds,
        [
            (AuditAction::Created, AuditObject::User),
            (AuditAction::Updated, AuditObject::User),
            (AuditAction::Updated, AuditObject::Setting),
            (AuditAction::Shared, AuditObject::Contact),
        ]
    );
    assert!(!told(&entries[0]).contains_key("password_hash"));
    assert_eq!(told(&entries[1])["name"], (json!("Ada"), json!("Ada K.")));
    assert_eq!(
        told(&entries[2])["workspace.name"],
        (Json::Null, json!("Acme"))
    );
    assert_eq!(
        told(&entries[3])["shares"],
        (json!([]), json!(["Ada K. *"]))
    );
}

#[tokio::test]
async fn one_changed_byte_is_named() {
    let store = chained().await;
    for column in ["action = 'shared'", "at = at + 1", "object = 'company'"] {
        let statement = format!("UPDATE audit_entries SET {column} WHERE seq = 3");
        tamper(
            &store,
            "CREATE TABLE kept AS SELECT * FROM audit_entries WHERE seq = 3",
        )
        .await;
        tamper(&store, &statement).await;

        assert_eq!(
            fault(&store).await,
            Some((3, FaultKind::Altered)),
            "{column}"
        );

        let name = column.split(' ').next().unwrap();
        let undo =
            format!("UPDATE audit_entries SET {name} = (SELECT {name} FROM kept) WHERE seq = 3");
        tamper(&store, &undo).await;
        tamper(&store, "DROP TABLE kept").await;
    }
    assert_eq!(fault(&store).await, None);

    let statement =
        "UPDATE audit_entries SET changes = replace(changes, 'Ben', 'Bea') WHERE seq = 3";
    tamper(&store, statement).await;

    assert_eq!(fault(&store).await, Some((3, FaultKind::Altered)));
}

#[tokio::test]
async fn a_removed_entry_is_named_wherever_it_stood() {
    for (seq, kind) in [
        (1, FaultKind::Missing),
        (4, FaultKind::Missing),
        (6, FaultKind::Missing),
    ] {
        let store = chained().await;

        tamper(
            &store,
            &format!("DELETE FROM audit_entries WHERE seq = {seq}"),
        )
        .await;

        assert_eq!(fault(&store).await, Some((seq, kind)));
    }
}

#[tokio::test]
async fn two_entries_that_changed_places_are_named() {
    let store = chained().await;

    tamper(&store, "UPDATE audit_entries SET seq = -2 WHERE seq = 2").await;
    tamper(&store, "UPDATE audit_entries SET seq = 2 WHERE seq = 5").await;
    tamper(&store, "UPDATE audit_entries SET seq = 5 WHERE seq = -2").await;

    // Its place is part of what is hashed: where it stood before it would be sound.
    assert_eq!(
        fault(&store).await,
        Some((2, FaultKind::OutOfOrder { stands_at: 5 }))
    );
}

#[tokio::test]
async fn a_chain_that_was_cut_off_or_written_anew_differs_from_the_head_that_was_kept() {
    let store = chained().await;
    let kept = audit::head(&store).await.unwrap();
    assert_eq!(kept.seq, 6);
    assert_eq!(verify(&store, Some(&kept)).await.unwrap().fault, None);

    // Whoever can write everything can end the chain earlier and no check of it alone will tell.
    tamper(&store, "DELETE FROM audit_entries WHERE seq > 4").await;
    let end = "UPDATE audit_head SET seq = 4, \
               hash = (SELECT hash FROM audit_entries WHERE seq = 4)";
    tamper(&store, end).await;
    assert_eq!(fault(&store).await, None);

    let verdict = verify(&store, Some(&kept)).await.unwrap();
    assert_eq!(verdict.fault.unwrap().kind, FaultKind::Missing);

    let other = ChainHead {
        seq: 3,
        ..kept.clone()
    };
    let verdict = verify(&store, Some(&other)).await.unwrap();
    let fault = verdict.fault.unwrap();
    assert_eq!((fault.seq, fault.kind), (3, FaultKind::NotAsKept));
}

#[tokio::test]
async fn what_is_erased_leaves_the_chain_whole_and_what_only_vanished_does_not() {
    let store = chained().await;
    let ada = entries(&store).await[0].object_id.unwrap();
    let note = Note {
        id: store.id(),
        body: "Ada likes tea".to_owned(),
        subject: Subject::Contact(ada.into()),
        author_id: None,
        created_at: now(),
        updated_at: now(),
    };
    notes::create(&store.by(1), note).await.unwrap();

    let n_erased = audit::erase(&store.by(3), AuditObject::Contact, ada).await;

    assert_eq!(n_erased.unwrap(), 3);
    let all = entries(&store).await;
    let is_told = |entry: &&AuditEntry| entry.changes.is_some();
    let erased: Vec<_> = all.iter().filter(|e| !is_told(e)).map(|e| e.seq).collect();
    assert_eq!(erased, [Some(1), Some(2), Some(7)]);
    assert_eq!(all[7].action, AuditAction::Erased);
    assert_eq!(fault(&store).await, None);

    tamper(
        &store,
        "UPDATE audit_entries SET changes = NULL, salt = NULL WHERE seq = 4",
    )
    .await;
    assert_eq!(fault(&store).await, Some((4, FaultKind::ValuesGone)));
}

#[tokio::test]
async fn an_erasure_takes_a_name_under_it() {
    let store = chained().await;
    let id = entries(&store).await[0].object_id.unwrap();

    let refused = audit::erase(&store, AuditObject::Contact, id).await;

    assert!(matches!(refused, Err(StoreError::WrongState { .. })));
}

#[tokio::test]
async fn who_saw_a_record_can_be_asked() {
    let store = TestStore::open().await;
    let ada = contacts::create(&store, store.contact("Ada"))
        .await
        .unwrap();
    let ben = contacts::create(&store, store.contact("Ben"))
        .await
        .unwrap();
    let seen = |n, id: ContactId| Seen {
        actor: person(n, 0).actor,
        at: now(),
        object: AuditObject::Contact,
        id: id.into(),
    };

    let all = vec![seen(1, ada.id), seen(2, ada.id), seen(1, ben.id)];
    audit::note_seen(&store, all).await.unwrap();

    let query =
        ListQuery::default()
            .with("object_id", Op::Eq, ada.id)
            .with("action", Op::Eq, "viewed");
    let page = audit::list(&store, &query).await.unwrap();
    let who: Vec<_> = page.items.iter().map(|row| row.entry.actor).collect();
    assert_eq!(who, [person(2, 0).actor, person(1, 0).actor]);
    assert_eq!(page.items[0].title.as_deref(), Some("Ada"));
    assert_eq!(fault(&store).await, None);
}

#[tokio::test]
async fn many_writers_at_once_leave_one_chain_without_a_gap() {
    let store = TestStore::open().await;
    let mut writers = Vec::new();
    for n in 1..=6 {
        let by = store.by(n);
        let names: Vec<Contact> = (0..15)
            .map(|i| store.contact(&format!("{n} {i}")))
            .collect();
        writers.push(tokio::spawn(async move {
            for contact in names {
                let mut contact = contacts::create(&by, contact).await.unwrap();
                contact.title = Some("Engineer".to_owned());
                contacts::update(&by, contact, 1).await.unwrap();
                audit::seal(&by).await.unwrap();
            }
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }

    let verdict = verify(&store, None).await.unwrap();

    assert_eq!((verdict.n_sound, verdict.fault), (6 * 15 * 2, None));
}

#[tokio::test]
async fn what_waits_when_the_program_ends_is_chained_by_the_next() {
    let store = TestStore::open().await;
    contacts::create(&store.by(1), store.contact("Ada"))
        .await
        .unwrap();
    assert_eq!(entries(&store).await[0].seq, None);

    let verdict = verify(&store, None).await.unwrap();

    assert_eq!((verdict.n_sound, verdict.fault), (1, None));
    assert_eq!(entries(&store).await[0].seq, Some(1));
}
