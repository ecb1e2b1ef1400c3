//! Taking back imports in any order: what one leaves because of another goes with that one, and what
//! others claim stays.

use std::collections::{BTreeMap, HashMap};

use rapport_domain::{Company, Contact, Event, EventKind, ImportId, Note, SourceId, Subject};

use super::imports::running;
use super::undo::{commit, finish, next, undo};
use super::{TestStore, now};
use crate::events::{self, ReceivedEvents};
use crate::imports::{ConflictReason, ImportBatch, RecordKind, SeenRecord};
use crate::{StoreError, companies, contacts, notes};

/// An import of one batch.
async fn imported(
    store: &TestStore,
    source: SourceId,
    fill: impl FnOnce(&mut ImportBatch),
) -> ImportId {
    let import = running(store, source).await;
    let mut batch = next(import, 0);
    fill(&mut batch);
    commit(store, batch).await;
    finish(store, import).await;
    import
}

/// Three imports give a contact one title after the other; the contact was there before.
async fn three_titles(store: &TestStore) -> (Contact, [ImportId; 3]) {
    let source = store.source("shop").await;
    let ada = contacts::create(store, store.contact("Ada")).await.unwrap();
    let mut imports = Vec::new();
    for title in ["Engineer", "Director", "Countess"] {
        let mut changed = contacts::find(store, ada.id).await.unwrap().unwrap();
        changed.title = Some(title.to_owned());
        let import = imported(store, source, |batch| {
            batch.changed_contacts = vec![changed];
        });
        imports.push(import.await);
    }
    (ada, [imports[0], imports[1], imports[2]])
}

async fn title(store: &TestStore, contact: &Contact) -> Option<String> {
    let found = contacts::find(store, contact.id).await.unwrap();
    found.unwrap().title
}

#[tokio::test]
async fn a_value_that_several_imports_wrote_is_what_it_was_in_whatever_order_they_are_taken_back() {
    let orders = [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ];
    for order in orders {
        let store = TestStore::open().await;
        let (ada, imports) = three_titles(&store).await;
        let mut left = [Some("Engineer"), Some("Director"), Some("Countess")];

        for idx in order {
            undo(&store, imports[idx]).await;
            left[idx] = None;
            // The title of the latest import that is not taken back.
            let expected = left.iter().rev().find_map(|title| *title);
            assert_eq!(title(&store, &ada).await.as_deref(), expected, "{order:?}");
        }
    }
}

#[tokio::test]
async fn a_value_that_came_back_between_is_restored_to_what_the_import_met() {
    let store = TestStore::open().await;
    let source = store.source("shop").await;
    let ada = contacts::create(&store, store.contact("Ada"))
        .await
        .unwrap();
    let mut imports = Vec::new();
    for title in [Some("Engineer"), None, Some("Engineer")] {
        let mut changed = contacts::find(&store, ada.id).await.unwrap().unwrap();
        changed.title = title.map(str::to_owned);
        let import = imported(&store, source, |batch| {
            batch.changed_contacts = vec![changed];
        });
        imports.push(import.await);
    }

    undo(&store, imports[0]).await;
    undo(&store, imports[2]).await;

    assert_eq!(title(&store, &ada).await, None);
}

#[tokio::test]
async fn a_record_that_another_source_tells_of_stays_until_that_one_goes_too() {
    let store = TestStore::open().await;
    let engines = Company::named(store.id(), "Engines", now());
    let id = engines.id;
    let (shop, fair) = (store.source("shop").await, store.source("fair").await);
    let first = imported(&store, shop, |batch| batch.companies = vec![engines]).await;
    let second = imported(&store, fair, |batch| {
        batch.seen = vec![SeenRecord::of(RecordKind::Companies, id)];
    })
    .await;

    let left = undo(&store, first).await;

    assert_eq!(left.len(), 1);
    assert_eq!(left[0].reason, ConflictReason::ToldAgain);
    assert!(companies::find(&store, id).await.unwrap().is_some());
    assert_eq!(undo(&store, second).await, []);
    assert_eq!(companies::find(&store, id).await.unwrap(), None);
}

#[tokio::test]
async fn what_only_imports_that_were_taken_back_told_of_goes() {
    let store = TestStore::open().await;
    let engines = Company::named(store.id(), "Engines", now());
    let id = engines.id;
    let source = store.source("shop").await;
    let first = imported(&store, source, |batch| batch.companies = vec![engines]).await;
    let second = imported(&store, source, |batch| {
        batch.seen = vec![SeenRecord::of(RecordKind::Companies, id)];
    })
    .await;

    assert_eq!(undo(&store, second).await, []);
    assert_eq!(undo(&store, first).await, []);

    assert_eq!(companies::find(&store, id).await.unwrap(), None);
}

fn seen_page(store: &TestStore, contact: &Contact) -> Event {
    Event {
        id: store.id(),
        source: "Web".to_owned(),
        message_id: "m1".to_owned(),
        customer_id: Some(contact.id),
        kind: EventKind::PageViewed,
        occurred_at: now(),
        received_at: now(),
        order_id: None,
        sku: None,
        category: None,
        quantity: None,
        amount_minor: None,
        currency: None,
        properties: None,
    }
}

async fn send(store: &TestStore, event: Event) {
    let received = ReceivedEvents {
        source_id: store.source("Web").await,
        received_at: now(),
        events: vec![event],
        rejected: BTreeMap::new(),
        n_seen: 1,
        told: HashMap::new(),
        strangers: BTreeMap::new(),
        delivery: None,
    };
    events::receive(store, received).await.unwrap();
}

#[tokio::test]
async fn a_contact_of_whom_events_tell_stays_with_its_reason() {
    let store = TestStore::open().await;
    let source = store.source("shop").await;
    let ada = store.contact("Ada");
    let import = imported(&store, source, |batch| batch.contacts = vec![ada.clone()]).await;
    send(&store, seen_page(&store, &ada)).await;

    let left = undo(&store, import).await;

    assert_eq!(left.len(), 1);
    assert_eq!(left[0].reason, ConflictReason::HasEvents);
    assert!(contacts::find(&store, ada.id).await.unwrap().is_some());
}

#[tokio::test]
async fn a_contact_whom_earlier_events_are_tied_to_stays_and_one_that_is_gone_gets_none() {
    let store = TestStore::open().await;
    let source = store.source("shop").await;
    let ada = store.contact("Ada");
    let import = imported(&store, source, |batch| batch.contacts = vec![ada.clone()]).await;
    let gone = store.contact("Bob").id;

    let there = events::note_contacts(&store, [ada.id, gone].into()).await;
    let left = undo(&store, import).await;

    assert_eq!(there.unwrap(), [ada.id].into());
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].reason, ConflictReason::HasEvents);
}

#[tokio::test]
async fn an_event_of_a_contact_that_is_gone_is_one_of_nobody_known() {
    let store = TestStore::open().await;
    let gone = store.contact("Ada");

    send(&store, seen_page(&store, &gone)).await;

    let waiting = events::list_inbox(&store, 10).await.unwrap();
    let customers: Vec<_> = waiting.iter().map(|it| it.event.customer_id).collect();
    assert_eq!(customers, [None]);
}

#[tokio::test]
async fn a_note_on_what_is_gone_is_refused() {
    let store = TestStore::open().await;
    let note = Note {
        id: store.id(),
        body: "called her".to_owned(),
        subject: Subject::Contact(store.contact("Ada").id),
        author_id: None,
        created_at: now(),
        updated_at: now(),
    };

    let refused = notes::create(&store, note).await;

    let is_refused = matches!(refused, Err(StoreError::BrokenReference { object: "note" }));
    assert!(is_refused, "{refused:?}");
}
