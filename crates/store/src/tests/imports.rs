//! Imports: their states, batches that are written whole or not at all, going on after a kill.

use rapport_domain::{
    Company, ContactId, EntityKind, ImportId, ImportStatus, MatchRule, Note, RejectReason,
    RejectedRow, SourceId, SourceIdentity, Subject,
};
use serde_json::json;

use super::{TestStore, line, now};
use crate::events::EventSegment;
use crate::imports::{self, IdentityKeys, ImportBatch, NewImport, SourceRecord};
use crate::jobs::NewJob;
use crate::{
    ListQuery, Op, StoreError, companies, contacts, events, identities, notes, orders, products,
};

async fn import(store: &TestStore, source: SourceId) -> ImportId {
    let new = NewImport {
        id: store.id(),
        source_id: source,
        file_name: "orders.csv".to_owned(),
        bytes: 1234,
        entity: Some(EntityKind::OrderLines),
        format: json!({"kind": "csv"}),
        mapping: json!({}),
        preview: json!({}),
        columns: vec!["Invoice".to_owned(), "Quantity".to_owned()],
        created_by: None,
    };
    imports::create(store, new, now()).await.unwrap().id
}

pub(super) async fn running(store: &TestStore, source: SourceId) -> ImportId {
    let id = import(store, source).await;
    imports::queue(store, id, job(store, id), now())
        .await
        .unwrap();
    imports::start(store, id, now()).await.unwrap();
    id
}

pub(super) fn job(store: &TestStore, import: ImportId) -> NewJob {
    NewJob {
        id: store.id(),
        kind: "import".to_owned(),
        payload: json!({ "import_id": import }),
        unique_key: Some(format!("import:{import}")),
        run_at: now(),
        attempts_max: 3,
    }
}

pub(super) fn identity(
    store: &TestStore,
    source: SourceId,
    contact: ContactId,
    key: &str,
) -> SourceIdentity {
    SourceIdentity {
        id: store.id(),
        source_id: source,
        profile_key: key.to_owned(),
        email: None,
        phone: None,
        contact_id: contact,
        rule: MatchRule::Created,
        linked_at: now(),
    }
}

fn source_record(store: &TestStore, line: u64, cells: &[&str]) -> SourceRecord {
    SourceRecord {
        id: store.id(),
        line,
        identity_id: None,
        received_at: now(),
        cells: cells.iter().map(|&cell| cell.to_owned()).collect(),
    }
}

pub(super) fn rejected(line: u64) -> RejectedRow {
    RejectedRow {
        line,
        column: Some("Quantity".to_owned()),
        value: Some("x".to_owned()),
        reason: RejectReason::BadNumber,
        message: "write a number".to_owned(),
        cells: vec!["536365".to_owned(), "x".to_owned()],
    }
}

/// A batch with one of everything.
pub(super) async fn full_batch(
    store: &TestStore,
    source: SourceId,
    import: ImportId,
) -> ImportBatch {
    let company = Company::named(store.id(), "Engines", now());
    let mut ada = store.contact("Ada");
    ada.company_id = Some(company.id);
    let identity = identity(store, source, ada.id, "17850");
    let product = store.product("85123A", "Heart holder");
    let mut order = store.order(source, "536365");
    order.contact_id = Some(ada.id);
    let mut bought = line(order.id, 1, 6.0, 255);
    bought.product_id = Some(product.id);
    let mut record = source_record(store, 2, &["536365", "6"]);
    record.identity_id = Some(identity.id);

    let mut batch = ImportBatch::empty(import, 0);
    batch.rows_done = 2;
    batch.bytes_done = 40;
    batch.counts.read = 2;
    batch.counts.accepted = 1;
    batch.counts.rejected = [(RejectReason::BadNumber, 1)].into();
    batch.companies = vec![company];
    batch.contacts = vec![ada];
    batch.identities = vec![identity];
    batch.products = vec![product];
    batch.lines = vec![bought, line(order.id, 2, 2.0, 339)];
    batch.orders = vec![order];
    batch.source_records = vec![record];
    batch.rejected = vec![rejected(3)];
    batch.event_segments = vec![EventSegment {
        path: "events/1.parquet".to_owned(),
        rows: 2,
        bytes: 100,
        bucket: None,
        n_buckets: None,
        min_at: now(),
        max_at: now(),
    }];
    batch
}

#[tokio::test]
async fn an_import_goes_from_ready_to_done() {
    let store = TestStore::open().await;
    let source = store.source("shop").await;
    let id = import(&store, source).await;

    let mapping = json!({"Invoice": "order_id"});
    let mapped = imports::set_mapping(&store, id, EntityKind::Events, &mapping)
        .await
        .unwrap();
    let job = imports::queue(&store, id, job(&store, id), now())
        .await
        .unwrap();
    let started = imports::start(&store, id, now()).await.unwrap();
    imports::set_rows_total(&store, id, 10).await.unwrap();
    let done = imports::finish(&store, id, now()).await.unwrap();

    assert_eq!(
        (mapped.entity, mapped.mapping),
        (Some(EntityKind::Events), mapping.clone())
    );
    assert_eq!(started.job_id, Some(job.id));
    assert_eq!(done.status, ImportStatus::Done);
    assert_eq!(done.source.name, "shop");
    let refused = imports::set_mapping(&store, id, EntityKind::Events, &mapping).await;
    assert!(matches!(refused, Err(StoreError::WrongState { .. })));
    let query = ListQuery::default().with("status", Op::Eq, "done");
    assert_eq!(imports::list(&store, &query).await.unwrap().items, [done]);
}

#[tokio::test]
async fn queueing_twice_is_refused_and_makes_no_second_job() {
    let store = TestStore::open().await;
    let source = store.source("shop").await;
    let id = import(&store, source).await;
    imports::queue(&store, id, job(&store, id), now())
        .await
        .unwrap();

    let again = imports::queue(&store, id, job(&store, id), now()).await;

    assert!(matches!(again, Err(StoreError::WrongState { .. })));
    let jobs = crate::jobs::list(&store, &ListQuery::default())
        .await
        .unwrap();
    assert_eq!(jobs.items.len(), 1);
}

#[tokio::test]
async fn a_batch_writes_one_of_everything() {
    let store = TestStore::open().await;
    let source = store.source("shop").await;
    let id = running(&store, source).await;
    let batch = full_batch(&store, source, id).await;
    let (ada, order) = (batch.contacts[0].clone(), batch.orders[0].clone());

    let committed = imports::commit_batch(&store, batch).await.unwrap();

    assert_eq!((committed.n_orders, committed.n_lines), (1, 2));
    let import = imports::find(&store, id).await.unwrap().unwrap();
    assert_eq!(
        (import.rows_done, import.bytes_done, import.counts.accepted),
        (2, 40, 1)
    );
    let stored = orders::find_row(&store, order.id).await.unwrap().unwrap();
    assert_eq!(
        (stored.order.amount_minor, stored.order.n_lines),
        (6 * 255 + 2 * 339, 2)
    );
    assert_eq!(stored.contact.unwrap().name, "Ada");
    let lines = orders::list_lines(&store, order.id).await.unwrap();
    assert_eq!(lines[0].product.as_ref().unwrap().sku, "85123A");
    let known = identities::list_of(&store, ada.id).await.unwrap();
    assert_eq!(
        (known[0].identity.profile_key.as_str(), known[0].n_records),
        ("17850", 1)
    );
    let records = identities::list_source_records(&store, ada.id, &ListQuery::default())
        .await
        .unwrap();
    let cells = [("Invoice", "536365"), ("Quantity", "6")];
    let cells = cells.map(|(column, value)| (column.to_owned(), value.to_owned()));
    assert_eq!(
        (records.items[0].line, &records.items[0].cells[..]),
        (2, &cells[..])
    );
    let rows = imports::list_rejected(&store, id, &ListQuery::default())
        .await
        .unwrap();
    assert_eq!(rows.items, [rejected(3)]);
    assert_eq!(events::list_segments(&store).await.unwrap()[0].rows, 2);
    for text in ["17850", "engines"] {
        let query = ListQuery {
            search: Some(text.to_owned()),
            ..ListQuery::default()
        };
        let found = contacts::list(&store, &query).await.unwrap();
        assert_eq!(found.items[0].contact.id, ada.id, "{text}");
    }
}

#[tokio::test]
async fn a_batch_with_an_error_leaves_nothing() {
    let store = TestStore::open().await;
    let source = store.source("shop").await;
    let id = running(&store, source).await;
    let mut batch = full_batch(&store, source, id).await;
    let ada = batch.contacts[0].id;
    // The line of an order that is nowhere.
    batch.lines.push(line(store.id(), 1, 1.0, 1));

    let refused = imports::commit_batch(&store, batch).await;

    assert!(
        matches!(refused, Err(StoreError::BrokenReference { .. })),
        "{refused:?}"
    );
    let import = imports::find(&store, id).await.unwrap().unwrap();
    assert_eq!((import.rows_done, import.counts.read), (0, 0));
    assert_eq!(contacts::find(&store, ada).await.unwrap(), None);
    assert!(events::list_segments(&store).await.unwrap().is_empty());
    assert!(
        imports::list_rejected_after(&store, id, 0, 10)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_batch_that_was_written_already_is_refused() {
    let store = TestStore::open().await;
    let source = store.source("shop").await;
    let id = running(&store, source).await;
    let batch = full_batch(&store, source, id).await;
    imports::commit_batch(&store, batch.clone()).await.unwrap();

    let again = imports::commit_batch(&store, batch).await;

    assert!(
        matches!(
            again,
            Err(StoreError::Conflict {
                expected: 0,
                found: 2,
                ..
            })
        ),
        "{again:?}"
    );
}

#[tokio::test]
async fn a_killed_import_goes_on_after_its_last_batch() {
    let store = TestStore::open().await;
    let source = store.source("shop").await;
    let id = running(&store, source).await;
    let first = full_batch(&store, source, id).await;
    let order = first.orders[0].clone();
    imports::commit_batch(&store, first).await.unwrap();

    // Another worker takes over and asks how far the import is.
    let resumed = imports::start(&store, id, now()).await.unwrap();
    let mut second = ImportBatch::empty(id, resumed.rows_done);
    second.rows_done = 3;
    second.counts = resumed.counts.clone();
    second.counts.read += 1;
    second.lines = vec![line(order.id, 3, 1.0, 100)];
    second.source_records = vec![source_record(&store, 4, &["536365", "1"])];
    imports::commit_batch(&store, second).await.unwrap();

    let import = imports::finish(&store, id, now()).await.unwrap();
    assert_eq!(
        (import.rows_done, import.rows_total, import.counts.read),
        (3, Some(3), 3)
    );
    let order = orders::find(&store, order.id).await.unwrap().unwrap();
    assert_eq!((order.n_lines, order.amount_minor), (3, 2208 + 100));
}

#[tokio::test]
async fn a_cancelled_import_takes_no_more_rows() {
    let store = TestStore::open().await;
    let source = store.source("shop").await;
    let id = running(&store, source).await;
    imports::cancel(&store, id, now()).await.unwrap();

    let refused = imports::commit_batch(&store, full_batch(&store, source, id).await).await;

    let expected = "the import is cancelled; this can no longer be done with it";
    assert_eq!(refused.unwrap_err().to_string(), expected);
    let queued = imports::queue(&store, id, job(&store, id), now())
        .await
        .unwrap();
    assert_eq!(queued.kind, "import");
}

#[tokio::test]
async fn lines_that_are_here_already_change_nothing() {
    let store = TestStore::open().await;
    let source = store.source("shop").await;
    let first = running(&store, source).await;
    let batch = full_batch(&store, source, first).await;
    let (order, lines, product) = (
        batch.orders[0].clone(),
        batch.lines.clone(),
        batch.products[0].clone(),
    );
    imports::commit_batch(&store, batch).await.unwrap();

    let known = orders::find_by_external_ids(&store, source, &["536365".to_owned()])
        .await
        .unwrap();
    let existing = orders::existing_lines(&store, &[known["536365"].id])
        .await
        .unwrap();
    assert_eq!(existing[&(order.id, 2)], lines[1]);
    let second = running(&store, source).await;
    let mut batch = ImportBatch::empty(second, 0);
    batch.rows_done = 2;
    batch.orders = vec![order.clone()];
    batch.lines = lines.clone();
    batch.products = vec![product.clone()];
    let unchanged = imports::commit_batch(&store, batch.clone()).await.unwrap();

    assert_eq!((unchanged.n_orders, unchanged.n_lines), (0, 0));
    batch.rows_before = 2;
    batch.lines[1] = line(order.id, 2, 3.0, 339);
    batch.products[0].name = "White heart holder".to_owned();
    let changed = imports::commit_batch(&store, batch).await.unwrap();
    assert_eq!((changed.n_orders, changed.n_lines), (0, 1));
    let order = orders::find(&store, order.id).await.unwrap().unwrap();
    assert_eq!(order.amount_minor, 6 * 255 + 3 * 339);
    let product = products::find(&store, product.id).await.unwrap().unwrap();
    assert_eq!(product.name, "White heart holder");
}

#[tokio::test]
async fn a_persons_edit_wins_over_what_rows_complete() {
    let store = TestStore::open().await;
    let source = store.source("shop").await;
    let id = running(&store, source).await;
    let ada = contacts::create(&store, store.contact("Ada"))
        .await
        .unwrap();
    let bob = contacts::create(&store, store.contact("Bob"))
        .await
        .unwrap();
    let mut edited = ada.clone();
    edited.title = Some("Countess".to_owned());
    contacts::update(&store, edited.clone(), 1).await.unwrap();

    let mut batch = ImportBatch::empty(id, 0);
    batch.changed_contacts = vec![ada.clone(), bob.clone()];
    for contact in &mut batch.changed_contacts {
        contact.title = Some("Customer".to_owned());
    }
    let committed = imports::commit_batch(&store, batch).await.unwrap();

    assert_eq!(committed.n_contacts_kept, 1);
    let ada = contacts::find(&store, ada.id).await.unwrap().unwrap();
    let bob = contacts::find(&store, bob.id).await.unwrap().unwrap();
    assert_eq!(ada.title.as_deref(), Some("Countess"));
    assert_eq!((bob.title.as_deref(), bob.version), (Some("Customer"), 2));
}

#[tokio::test]
async fn rejected_rows_are_paged_and_streamed_in_the_files_order() {
    let store = TestStore::open().await;
    let source = store.source("shop").await;
    let id = running(&store, source).await;
    let mut batch = ImportBatch::empty(id, 0);
    batch.rejected = (2..2002).map(rejected).collect();
    imports::commit_batch(&store, batch).await.unwrap();

    let query = ListQuery {
        limit: 3,
        ..ListQuery::default()
    };
    let first = imports::list_rejected(&store, id, &query).await.unwrap();
    let query = ListQuery {
        cursor: first.next,
        ..query
    };
    let second = imports::list_rejected(&store, id, &query).await.unwrap();
    let streamed = imports::list_rejected_after(&store, id, 1999, 10)
        .await
        .unwrap();

    let lines = |rows: &[RejectedRow]| rows.iter().map(|row| row.line).collect::<Vec<_>>();
    assert_eq!(lines(&first.items), [2, 3, 4]);
    assert_eq!(lines(&second.items), [5, 6, 7]);
    assert_eq!(lines(&streamed), [2000, 2001]);
}

#[tokio::test]
async fn rows_fill_what_is_empty_and_leave_what_is_there() {
    let store = TestStore::open().await;
    let source = store.source("shop").await;
    let id = running(&store, source).await;
    let mut batch = full_batch(&store, source, id).await;
    let (ada, engines) = (batch.contacts[0].clone(), batch.companies[0].clone());
    let shop_view = batch.identities[0].id;
    batch.identities[0].email = "ada@example.com".parse().ok();
    batch.identity_keys = vec![IdentityKeys {
        id: shop_view,
        contact_id: ada.id,
        email: "other@example.com".parse().ok(),
        phone: "+441632960001".parse().ok(),
    }];
    let note = Note {
        id: store.id(),
        body: "Met at the fair".to_owned(),
        subject: Subject::Contact(ada.id),
        author_id: None,
        created_at: now(),
        updated_at: now(),
    };
    batch.notes = vec![note.clone(), note];
    let mut completed = engines.clone();
    completed.industry = Some("Machines".to_owned());
    batch.changed_companies = vec![completed];

    imports::commit_batch(&store, batch).await.unwrap();

    let known = identities::list_of(&store, ada.id).await.unwrap();
    let keys = &known[0].identity;
    assert_eq!(keys.email, "ada@example.com".parse().ok());
    assert_eq!(keys.phone, "+441632960001".parse().ok());
    let noted = notes::list(&store, &ListQuery::default()).await.unwrap();
    assert_eq!(noted.items.len(), 1);
    let found = companies::find_many(&store, &[engines.id]).await.unwrap();
    assert_eq!(found[0].industry.as_deref(), Some("Machines"));
    assert_eq!(found[0].version, 2);
}
