//! The journal of an import, and taking an import back by it.

use rapport_domain::{
    Company, Contact, EmailAddress, ImportId, ImportStatus, Money, Note, Priority, SourceId,
    Subject, Ticket, TicketChannel, TicketStatus,
};
use sea_orm::{ConnectionTrait as _, EntityTrait as _};
use serde_json::{Value, json};

use super::imports::{full_batch, identity, job, running};
use super::{TestStore, line, now};
use crate::entities::import_change;
use crate::imports::{self, ConflictReason, IdentityKeys, ImportBatch, ImportConflict, RecordKind};
use crate::jobs::NewJob;
use crate::{
    ListQuery, StoreError, companies, contacts, identities, notes, orders, products, tickets,
};

pub(super) fn undo_job(store: &TestStore, import: ImportId) -> NewJob {
    NewJob {
        kind: "undo_import".to_owned(),
        ..job(store, import)
    }
}

pub(super) async fn finish(store: &TestStore, import: ImportId) {
    imports::finish(store, import, now()).await.unwrap();
    store.end_jobs().await;
}

impl TestStore {
    /// Ends all jobs, as their workers would.
    async fn end_jobs(&self) {
        self.enact("UPDATE jobs SET status = 'done'").await;
    }

    pub(super) async fn enact(&self, text: &'static str) {
        self.write(move |tx| {
            Box::pin(async move {
                tx.execute_unprepared(text).await?;
                Ok(())
            })
        })
        .await
        .unwrap();
    }
}

/// Takes an import back and returns what was left.
pub(super) async fn undo(store: &TestStore, import: ImportId) -> Vec<ImportConflict> {
    let job = undo_job(store, import);
    imports::queue_undo(store, import, job, now())
        .await
        .unwrap();
    while imports::undo_batch(store, import, now()).await.unwrap() > 0 {}
    let done = imports::finish_undo(store, import, vec![], vec![], now()).await;
    assert_eq!(done.unwrap().status, ImportStatus::Undone);
    store.end_jobs().await;
    let query = ListQuery::default();
    let page = imports::list_conflicts(store, import, &query).await;
    page.unwrap().items
}

/// A batch that follows on so many rows.
pub(super) fn next(import: ImportId, rows_before: u64) -> ImportBatch {
    let mut batch = ImportBatch::empty(import, rows_before);
    batch.rows_done = rows_before + 1;
    batch
}

pub(super) async fn commit(store: &TestStore, batch: ImportBatch) {
    imports::commit_batch(store, batch).await.unwrap();
}

/// What the journal says of a kind: columns before and after.
async fn journal(store: &TestStore, object: &str) -> Vec<(Value, Value)> {
    let rows = import_change::Entity::find()
        .all(store.reader())
        .await
        .unwrap();
    let json = |text: &str| serde_json::from_str(text).unwrap();
    rows.iter()
        .filter(|row| row.object == object)
        .map(|row| (json(&row.before), json(&row.after)))
        .collect()
}

fn email(text: &str) -> EmailAddress {
    text.parse().unwrap()
}

fn open_ticket(store: &TestStore) -> Ticket {
    Ticket {
        id: store.id(),
        subject: "Broken".to_owned(),
        body: String::new(),
        status: TicketStatus::Open,
        priority: Priority::Normal,
        channel: TicketChannel::Email,
        contact_id: None,
        owner_id: None,
        custom: Default::default(),
        created_at: now(),
        updated_at: now(),
        solved_at: None,
        version: 1,
    }
}

/// Records as they were before an import.
struct Before {
    contact: Contact,
    company: Company,
    source: SourceId,
}

async fn with_records(store: &TestStore) -> Before {
    let source = store.source("shop").await;
    let company = Company::named(store.id(), "Engines", now());
    companies::create(store, company.clone()).await.unwrap();
    let contact = contacts::create(store, store.contact("Ada")).await.unwrap();
    Before {
        contact,
        company,
        source,
    }
}

/// A batch that changes one record of each kind; an import before it made those that are not there
/// yet.
async fn changing_batch(store: &TestStore, before: &Before) -> ImportBatch {
    let first = running(store, before.source).await;
    let mut batch = next(first, 0);
    let known = identity(store, before.source, before.contact.id, "17850");
    let product = store.product("85123A", "Heart holder");
    let order = store.order(before.source, "536365");
    let ticket = open_ticket(store);
    batch.identities = vec![known.clone()];
    batch.products = vec![product.clone()];
    batch.orders = vec![order.clone()];
    batch.lines = vec![line(order.id, 1, 6.0, 255)];
    batch.tickets = vec![imports::ImportedTicket {
        ticket: ticket.clone(),
        external_id: Some("T1".to_owned()),
    }];
    commit(store, batch).await;
    finish(store, first).await;

    let mut batch = next(running(store, before.source).await, 0);
    let mut contact = before.contact.clone();
    contact.title = Some("Countess".to_owned());
    contact.company_id = Some(before.company.id);
    let mut company = before.company.clone();
    company.domain = Some("engines.example".to_owned());
    let mut product = product;
    product.name = "Heart".to_owned();
    product.price = Some(Money::new(255, rapport_domain::Currency::GBP));
    let mut order = order;
    order.contact_id = Some(contact.id);
    let mut ticket = ticket;
    ticket.status = TicketStatus::Solved;
    batch.changed_contacts = vec![contact];
    batch.changed_companies = vec![company];
    batch.identity_keys = vec![IdentityKeys {
        id: known.id,
        email: Some(email("ada@example.com")),
        phone: None,
    }];
    batch.products = vec![product];
    batch.lines = vec![line(order.id, 1, 7.0, 255), line(order.id, 2, 1.0, 10)];
    batch.orders = vec![order];
    batch.changed_tickets = vec![ticket];
    batch
}

#[tokio::test]
async fn a_batch_leaves_what_stood_in_the_columns_that_it_changed() {
    let store = TestStore::open().await;
    let before = with_records(&store).await;
    let batch = changing_batch(&store, &before).await;
    let (contact, company) = (before.contact.id, before.company.id);
    commit(&store, batch).await;

    let expected = [
        (
            "contacts",
            json!({"title": null, "company_id": null}),
            json!({"title": "Countess", "company_id": company}),
        ),
        (
            "companies",
            json!({"domain": null}),
            json!({"domain": "engines.example"}),
        ),
        (
            "identities",
            json!({"email": null}),
            json!({"email": "ada@example.com"}),
        ),
        (
            "products",
            json!({"name": "Heart holder", "price_minor": null, "currency": null}),
            json!({"name": "Heart", "price_minor": 255, "currency": "GBP"}),
        ),
        (
            "orders",
            json!({"contact_id": null}),
            json!({"contact_id": contact}),
        ),
        (
            "order_lines",
            json!({"quantity": 6.0, "amount_minor": 1530}),
            json!({"quantity": 7.0, "amount_minor": 1785}),
        ),
        (
            "tickets",
            json!({"status": "open"}),
            json!({"status": "solved"}),
        ),
    ];
    for (object, before, after) in expected {
        assert_eq!(journal(&store, object).await, [(before, after)], "{object}");
    }
}

#[tokio::test]
async fn a_contact_that_a_person_has_changed_and_that_was_kept_leaves_nothing() {
    let store = TestStore::open().await;
    let before = with_records(&store).await;
    let batch = changing_batch(&store, &before).await;
    let mut edited = before.contact.clone();
    edited.name = "Ada Lovelace".to_owned();
    contacts::update(&store, edited, 1).await.unwrap();

    commit(&store, batch).await;

    assert_eq!(journal(&store, "contacts").await, []);
    assert_eq!(journal(&store, "companies").await.len(), 1);
}

#[tokio::test]
async fn what_an_import_changed_is_as_it_was_before() {
    let store = TestStore::open().await;
    let before = with_records(&store).await;
    let batch = changing_batch(&store, &before).await;
    let (import, order) = (batch.import_id, batch.orders[0].id);
    let ticket = batch.changed_tickets[0].id;
    commit(&store, batch).await;
    finish(&store, import).await;

    let left = undo(&store, import).await;

    assert_eq!(left, []);
    let contact = contacts::find(&store, before.contact.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((contact.title, contact.company_id), (None, None));
    assert_eq!(contact.n_orders, 0);
    let company = companies::find(&store, before.company.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(company.domain, None);
    let skus = ["85123A".to_owned()];
    let product = products::find_by_skus(&store, &skus).await.unwrap();
    assert_eq!(product["85123A"].name, "Heart holder");
    let order = orders::find(&store, order).await.unwrap().unwrap();
    assert_eq!((order.contact_id, order.amount_minor), (None, 1530));
    assert_eq!(order.n_lines, 1);
    let ticket = tickets::find(&store, ticket).await.unwrap().unwrap();
    assert_eq!((ticket.status, ticket.version), (TicketStatus::Open, 1));
    let known = identities::list_of(&store, before.contact.id)
        .await
        .unwrap();
    assert_eq!(known[0].identity.email, None);
}

#[tokio::test]
async fn what_an_import_made_is_gone() {
    let store = TestStore::open().await;
    let source = store.source("shop").await;
    let import = running(&store, source).await;
    let batch = full_batch(&store, source, import).await;
    let (ada, company) = (batch.contacts[0].id, batch.companies[0].id);
    let order = batch.orders[0].id;
    commit(&store, batch).await;
    finish(&store, import).await;

    let left = undo(&store, import).await;

    assert_eq!(left, []);
    assert_eq!(contacts::find(&store, ada).await.unwrap(), None);
    assert_eq!(companies::find(&store, company).await.unwrap(), None);
    assert_eq!(orders::find(&store, order).await.unwrap(), None);
    let skus = ["85123A".to_owned()];
    assert!(
        products::find_by_skus(&store, &skus)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn what_a_person_has_made_of_it_since_stays_and_is_told() {
    let store = TestStore::open().await;
    let before = with_records(&store).await;
    let batch = changing_batch(&store, &before).await;
    let import = batch.import_id;
    commit(&store, batch).await;
    finish(&store, import).await;
    let mut edited = contacts::find(&store, before.contact.id)
        .await
        .unwrap()
        .unwrap();
    edited.title = Some("Programmer".to_owned());
    let version = edited.version;
    contacts::update(&store, edited, version).await.unwrap();

    let left = undo(&store, import).await;

    let contact = contacts::find(&store, before.contact.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(contact.title.as_deref(), Some("Programmer"));
    assert_eq!(contact.company_id, None, "the rest is restored");
    let [conflict] = &left[..] else {
        panic!("{left:?}")
    };
    assert_eq!(conflict.kind, RecordKind::Contacts);
    assert_eq!(conflict.name, "Ada");
    assert_eq!(conflict.reason, ConflictReason::Changed);
    assert_eq!(conflict.field.as_deref(), Some("title"));
    let values = [&conflict.before, &conflict.after, &conflict.found];
    let texts = values.map(|value| value.clone().unwrap());
    assert_eq!(texts, [json!(null), json!("Countess"), json!("Programmer")]);
}

#[tokio::test]
async fn a_contact_on_which_others_hang_something_stays_with_its_identity() {
    let store = TestStore::open().await;
    let source = store.source("shop").await;
    let import = running(&store, source).await;
    let batch = full_batch(&store, source, import).await;
    let (ada, company) = (batch.contacts[0].id, batch.companies[0].id);
    commit(&store, batch).await;
    finish(&store, import).await;
    let note = Note {
        id: store.id(),
        body: "called her".to_owned(),
        subject: Subject::Contact(ada),
        author_id: None,
        created_at: now(),
        updated_at: now(),
    };
    notes::create(&store, note).await.unwrap();

    let left = undo(&store, import).await;

    let told: Vec<_> = left.iter().map(|one| (one.kind, one.reason)).collect();
    let in_use = ConflictReason::InUse;
    assert_eq!(
        told,
        [
            (RecordKind::Contacts, in_use),
            (RecordKind::Companies, in_use)
        ]
    );
    assert_eq!(identities::list_of(&store, ada).await.unwrap().len(), 1);
    assert!(companies::find(&store, company).await.unwrap().is_some());
}

#[tokio::test]
async fn a_contact_that_a_person_has_edited_stays() {
    let store = TestStore::open().await;
    let source = store.source("shop").await;
    let import = running(&store, source).await;
    let batch = full_batch(&store, source, import).await;
    let mut ada = batch.contacts[0].clone();
    commit(&store, batch).await;
    // A later batch of the same import grows the version, too, and is no edit.
    let mut batch = next(import, 2);
    ada.title = Some("Countess".to_owned());
    batch.changed_contacts = vec![ada.clone()];
    commit(&store, batch).await;
    finish(&store, import).await;
    ada.title = Some("Programmer".to_owned());
    contacts::update(&store, ada.clone(), 2).await.unwrap();

    let left = undo(&store, import).await;

    let of_ada = left.iter().filter(|one| one.kind == RecordKind::Contacts);
    let told: Vec<_> = of_ada
        .map(|one| (one.reason, one.field.as_deref()))
        .collect();
    let (changed, edited) = (ConflictReason::Changed, ConflictReason::Edited);
    assert_eq!(told, [(changed, Some("title")), (edited, None)]);
    assert!(contacts::find(&store, ada.id).await.unwrap().is_some());
}

#[tokio::test]
async fn a_contact_that_later_batches_completed_goes_all_the_same() {
    let store = TestStore::open().await;
    let source = store.source("shop").await;
    let import = running(&store, source).await;
    let batch = full_batch(&store, source, import).await;
    let mut ada = batch.contacts[0].clone();
    commit(&store, batch).await;
    let mut batch = next(import, 2);
    ada.title = Some("Countess".to_owned());
    batch.changed_contacts = vec![ada.clone()];
    commit(&store, batch).await;
    finish(&store, import).await;

    assert_eq!(undo(&store, import).await, []);
    assert_eq!(contacts::find(&store, ada.id).await.unwrap(), None);
}

#[tokio::test]
async fn of_two_imports_the_later_one_keeps_its_word_until_it_is_taken_back_too() {
    let store = TestStore::open().await;
    let before = with_records(&store).await;
    let batch = changing_batch(&store, &before).await;
    let (import, order) = (batch.import_id, batch.orders[0].clone());
    commit(&store, batch).await;
    finish(&store, import).await;
    let later = running(&store, before.source).await;
    let mut batch = next(later, 0);
    batch.orders = vec![order.clone()];
    batch.lines = vec![line(order.id, 1, 9.0, 255)];
    commit(&store, batch).await;
    finish(&store, later).await;

    let left = undo(&store, import).await;

    let told: Vec<_> = left.iter().map(|one| (one.kind, one.line_no)).collect();
    let (heads, lines) = (RecordKind::Orders, RecordKind::OrderLines);
    // One whole: the contact of the head, quantity and amount of a line, and a line that was made.
    let whole = [(heads, 0), (lines, 1), (lines, 1), (lines, 2)];
    assert_eq!(told, whole, "{left:?}");
    let stored = orders::find(&store, order.id).await.unwrap().unwrap();
    assert_eq!(stored.contact_id, Some(before.contact.id));
    assert_eq!((stored.n_lines, stored.amount_minor), (2, 9 * 255 + 10));

    undo(&store, later).await;

    let stored = orders::find(&store, order.id).await.unwrap().unwrap();
    assert_eq!((stored.contact_id, stored.n_lines), (None, 1));
    assert_eq!(stored.amount_minor, 6 * 255);
}

#[tokio::test]
async fn an_import_under_way_begun_before_the_journal_or_taken_back_is_refused() {
    let store = TestStore::open().await;
    let source = store.source("shop").await;
    let import = running(&store, source).await;
    let under_way = imports::queue_undo(&store, import, undo_job(&store, import), now()).await;
    finish(&store, import).await;
    undo(&store, import).await;
    let again = imports::queue_undo(&store, import, undo_job(&store, import), now()).await;
    let run = imports::queue(&store, import, job(&store, import), now()).await;
    let old = running(&store, source).await;
    finish(&store, old).await;
    let text = "UPDATE imports SET rows_unjournaled = 7 WHERE status = 'done'";
    store.enact(text).await;
    let old = imports::queue_undo(&store, old, undo_job(&store, old), now()).await;

    for refused in [under_way.map(|_| ()), again.map(|_| ()), run.map(|_| ())] {
        let is_refused = matches!(refused, Err(StoreError::WrongState { .. }));
        assert!(is_refused, "{refused:?}");
    }
    let is_told = matches!(old, Err(StoreError::NotJournaled { rows: 7 }));
    assert!(is_told, "{old:?}");
}

#[tokio::test]
async fn asking_twice_makes_one_job_and_a_failed_undo_leaves_the_import_to_go_on() {
    let store = TestStore::open().await;
    let source = store.source("shop").await;
    let import = running(&store, source).await;
    let batch = full_batch(&store, source, import).await;
    commit(&store, batch).await;
    finish(&store, import).await;
    let first = imports::queue_undo(&store, import, undo_job(&store, import), now()).await;
    let second = imports::queue_undo(&store, import, undo_job(&store, import), now()).await;

    let job = crate::jobs::cancel(&store, first.unwrap().id, now())
        .await
        .unwrap();
    let stopped = imports::find(&store, import).await.unwrap().unwrap();

    assert_eq!(second.unwrap().id, job.id);
    assert_eq!(stopped.status, ImportStatus::Undoing);
    assert_eq!(stopped.undo_job_id, Some(job.id));
    assert_eq!(undo(&store, import).await, []);
}
