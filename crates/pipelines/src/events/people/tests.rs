//! Contacts from events as stories.

use std::path::Path;
use std::sync::atomic::Ordering;

use rapport_domain::{Contact, ContactId, Currency, JobStatus};
use rapport_ingest::events::{Terms, read_batch};
use rapport_store::{companies, contacts, orders, sources};
use rapport_testing::killed_at_wait;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::super::{flush, link_known, take_in};
use super::*;
use crate::killed::{hand_clock, open};
use crate::{imports, jobs};

/// Kills of one story: what follows on its last waits is files written anew, as elsewhere.
const KILLS: usize = 12;

/// A workspace, and a source that sends events to it.
struct Shop {
    workspace: Workspace,
    source: Source,
}

impl Shop {
    async fn open(dir: &Path) -> Self {
        Self::of(open(dir, hand_clock().0).await).await
    }

    async fn of(workspace: Workspace) -> Self {
        let now = workspace.clock.now();
        let id = workspace.ids.next(now);
        let source = sources::find_or_create(&workspace.store, "Web", id, now);
        Self {
            source: source.await.unwrap(),
            workspace,
        }
    }

    /// Sends messages, which get keys by their places where they have none.
    async fn send(&self, batch: Value) {
        let terms = Terms {
            received_at: self.workspace.clock.now(),
            currency: Currency::GBP,
        };
        let body = json!({ "batch": batch }).to_string();
        let events = read_batch(body.as_bytes(), &terms).unwrap().events;
        let n_events = events.len() as u64;
        let taken = take_in(&self.workspace, &self.source, events);
        assert_eq!(taken.await.unwrap().n_stored, n_events);
    }

    async fn settle(&self) {
        settle_people(&self.workspace).await.unwrap();
        link_known(&self.workspace).await.unwrap();
    }

    /// The contact that the source calls so.
    async fn contact(&self, name: &str) -> Option<Contact> {
        let key = PersonKey {
            external_id: Some(name.to_owned()),
            ..PersonKey::default()
        };
        let store = &self.workspace.store;
        let found = identities::resolve(store, self.source.id, &[key]).await;
        let contact = found.unwrap()[0]?.contact_id;
        contacts::find(store, contact).await.unwrap()
    }

    /// Number of events of a contact, of files and of the inbox.
    async fn n_events(&self, contact: ContactId) -> usize {
        let snapshot = self.workspace.events().await.unwrap();
        snapshot
            .history(contact, None, &[], 100)
            .await
            .unwrap()
            .len()
    }
}

#[tokio::test]
async fn who_is_identified_becomes_a_contact_and_is_completed_and_never_overwritten() {
    let dir = TempDir::new().unwrap();
    let shop = Shop::open(dir.path()).await;

    shop.send(
        json!([{ "type": "identify", "userId": "u1", "traits": { "email": "ada@example.com" } }]),
    )
    .await;
    shop.settle().await;
    let mut ada = shop.contact("u1").await.unwrap();
    assert_eq!(ada.name, "ada@example.com");
    ada.title = Some("Countess".to_owned());
    let version = ada.version;
    contacts::update(&shop.workspace.store, ada, version)
        .await
        .unwrap();
    shop.send(json!([{ "type": "identify", "userId": "u1", "traits": {
        "name": "Ada King", "title": "Ms", "email": "other@example.com", "phone": "+447911123456" } }]))
        .await;
    shop.settle().await;

    let ada = shop.contact("u1").await.unwrap();
    assert_eq!(
        (ada.name.as_str(), ada.title.as_deref()),
        ("Ada King", Some("Countess"))
    );
    assert_eq!(ada.email.unwrap().as_str(), "ada@example.com");
    assert_eq!(ada.phone.unwrap().to_string(), "+447911123456");
    assert!(
        events::list_told(&shop.workspace.store, 9)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn the_earlier_events_of_a_browser_that_becomes_known_are_the_contacts() {
    let dir = TempDir::new().unwrap();
    let (clock, hand) = hand_clock();
    let shop = Shop::of(open(dir.path(), clock).await).await;
    let seen = |id: &str| json!({ "type": "page", "anonymousId": id });
    shop.send(json!([seen("x"), seen("x"), seen("other")]))
        .await;
    flush(&shop.workspace).await.unwrap();
    shop.send(json!([seen("x")])).await;

    shop.send(json!([{ "type": "identify", "userId": "u1", "anonymousId": "x" }]))
        .await;
    shop.settle().await;
    shop.send(json!([seen("x")])).await;

    let ada = shop.contact("u1").await.unwrap();
    assert_eq!(shop.n_events(ada.id).await, 5);
    hand.fetch_add(120_000_000, Ordering::SeqCst);
    shop.settle().await;
    assert_eq!(shop.n_events(ada.id).await, 5);
    assert!(
        events::list_known(&shop.workspace.store, None, 9)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn whoever_events_name_is_linked_once_a_contact_has_the_address() {
    let dir = TempDir::new().unwrap();
    let shop = Shop::open(dir.path()).await;
    shop.send(json!([{ "type": "track", "event": "Seen", "userId": "u1",
        "context": { "traits": { "email": "ada@example.com" } } }]))
        .await;
    shop.settle().await;
    assert!(shop.contact("u1").await.is_none());

    let now = shop.workspace.clock.now();
    let mut ada = Contact::named(shop.workspace.ids.next(now), "Ada", now);
    ada.email = "ada@example.com".parse().ok();
    let ada = contacts::create(&shop.workspace.store, ada).await.unwrap();
    shop.settle().await;
    shop.send(json!([{ "type": "track", "event": "Seen", "userId": "u1" }]))
        .await;

    assert_eq!(shop.n_events(ada.id).await, 2);
}

#[tokio::test]
async fn an_alias_joins_two_ids_and_two_known_people_stay_two() {
    let dir = TempDir::new().unwrap();
    let shop = Shop::open(dir.path()).await;
    let alias = |from: &str, to: &str| json!({ "type": "alias", "previousId": from, "userId": to });

    shop.send(json!([
        { "type": "identify", "userId": "old", "traits": { "name": "Ada" } },
        alias("old", "new"),
        { "type": "identify", "userId": "new", "traits": { "title": "Countess" } },
        { "type": "identify", "userId": "bob", "traits": { "name": "Bob" } },
        alias("bob", "new"),
    ]))
    .await;
    shop.settle().await;

    let ada = shop.contact("new").await.unwrap();
    assert_eq!(
        (ada.name.as_str(), ada.title.as_deref()),
        ("Ada", Some("Countess"))
    );
    assert_eq!(shop.contact("old").await.unwrap().id, ada.id);
    assert_ne!(shop.contact("bob").await.unwrap().id, ada.id);
}

#[tokio::test]
async fn a_group_makes_the_company_or_finds_it_by_its_domain() {
    let dir = TempDir::new().unwrap();
    let shop = Shop::open(dir.path()).await;
    let group = |user: &str, traits: Value| json!({ "type": "group", "userId": user, "groupId": "g", "traits": traits });

    shop.send(json!([group(
        "u1",
        json!({ "name": "Initech", "website": "https://initech.com" })
    ),]))
        .await;
    shop.settle().await;
    shop.send(json!([group("u2", json!({ "domain": "www.initech.com" }))]))
        .await;
    shop.settle().await;

    let employers = [shop.contact("u1").await, shop.contact("u2").await];
    let [first, second] = employers.map(|contact| contact.unwrap().company_id.unwrap());
    assert_eq!(first, second);
    let company = companies::find(&shop.workspace.store, first).await.unwrap();
    assert_eq!(company.unwrap().name, "Initech");
}

#[tokio::test]
async fn a_completed_order_is_an_order_with_its_lines_and_counts_once() {
    let dir = TempDir::new().unwrap();
    let shop = Shop::open(dir.path()).await;
    let order = |key: &str| {
        json!({ "type": "track", "event": "Order Completed", "userId": "u1",
        "messageId": key, "properties": { "order_id": "1001", "currency": "GBP", "products": [
            { "sku": "A", "price": 10, "quantity": 2 }, { "sku": "B", "price": 1.5 }] } })
    };

    // By the browser and by the server at once, and again later.
    shop.send(json!([order("m1"), order("m2")])).await;
    shop.settle().await;
    shop.send(json!([order("m3")])).await;
    shop.settle().await;

    let ada = shop.contact("u1").await.unwrap();
    assert_eq!((ada.n_orders, ada.total_spent_minor), (1, 2_150));
    let snapshot = shop.workspace.events().await.unwrap();
    let history = snapshot.history(ada.id, None, &[], 100).await.unwrap();
    let lines = history
        .iter()
        .filter(|event| event.kind.as_str() == "product_ordered");
    assert_eq!(
        lines.map(|event| event.amount_minor.unwrap()).sum::<i64>(),
        2_150
    );
}

#[tokio::test]
async fn an_order_that_events_told_of_stays_when_the_file_that_made_it_is_taken_back() {
    let dir = TempDir::new().unwrap();
    let clock = hand_clock().0;
    let shop = Shop::of(open(dir.path(), clock).await).await;
    let workspace = &shop.workspace;
    let file = rapport_testing::OrdersFile::new(2).csv();
    let upload = imports::upload(workspace, "a.csv", "Web", None, u64::MAX, file.as_bytes());
    let import = upload.await.unwrap().id;
    let job = imports::start(workspace, import).await.unwrap();
    jobs::run_until_over(workspace, job.id, &mut |_| {})
        .await
        .unwrap();
    let order = json!({ "type": "track", "event": "Order Completed", "userId": "u1",
        "properties": { "order_id": "536000", "currency": "GBP",
            "products": [{ "sku": "A", "price": 10, "quantity": 2 }] } });
    shop.send(json!([order])).await;
    shop.settle().await;
    let lines_of = async |number: &str| {
        let numbers = [number.to_owned()];
        let found = orders::find_by_external_ids(&workspace.store, shop.source.id, &numbers).await;
        let id = found.unwrap().get(number)?.id;
        Some(
            orders::list_lines(&workspace.store, id)
                .await
                .unwrap()
                .len(),
        )
    };
    let before = lines_of("536000").await;

    let job = imports::undo(workspace, import).await.unwrap();
    let job = jobs::run_until_over(workspace, job.id, &mut |_| {}).await;

    assert_eq!(job.unwrap().status, JobStatus::Done);
    assert!(before.is_some_and(|n_lines| n_lines > 0));
    assert_eq!(lines_of("536000").await, before);
    assert_eq!(lines_of("536001").await, None);
}

#[tokio::test]
async fn settling_that_is_killed_at_any_of_its_waits_makes_each_contact_once() {
    let dir = TempDir::new().unwrap();
    let (clock, hand) = hand_clock();
    let mut n_waits = 0;
    let mut is_done = false;
    while !is_done && n_waits < KILLS {
        n_waits += 1;
        let shop = Shop::of(open(dir.path(), clock.clone()).await).await;
        let user = format!("u{n_waits}");
        shop.send(json!([
            { "type": "page", "anonymousId": user },
            { "type": "identify", "userId": user, "anonymousId": user },
        ]))
        .await;

        is_done = killed_at_wait(n_waits, settle_people(&shop.workspace))
            .await
            .is_some();

        shop.workspace.store.close().await;
        drop(shop);
        // So late that whoever is linked may be forgotten.
        hand.fetch_add(120_000_000, Ordering::SeqCst);
        let shop = Shop::of(open(dir.path(), clock.clone()).await).await;
        shop.settle().await;
        let contact = shop.contact(&user).await.unwrap();
        assert_eq!(shop.n_events(contact.id).await, 2, "wait {n_waits}");
        shop.workspace.store.close().await;
    }
    assert!(n_waits > 1, "it never waited, so it was never killed");
}
