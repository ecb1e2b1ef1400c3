//! Taking back imports that told what sources call companies, and records of which events have told.

use rapport_domain::{Company, CompanyId, ImportId, SourceId, Timestamp};
use uuid::Uuid;

use super::imports::{full_batch, running};
use super::undo::{commit, finish, next, undo};
use super::{TestStore, line, now};
use crate::company_keys::{self, CompanyKey};
use crate::events::{self, Settlement};
use crate::imports::{ConflictReason, ImportBatch, RecordKind, SeenRecord};
use crate::orders::TotalsScope;
use crate::{companies, orders};

fn key(store: &TestStore, source: SourceId, name: &str, company: CompanyId) -> CompanyKey {
    CompanyKey {
        id: store.id::<CompanyId>().into(),
        source_id: source,
        external_id: name.to_owned(),
        company_id: company,
    }
}

/// An import of these batches, each filled by one of the functions.
async fn imported(
    store: &TestStore,
    source: SourceId,
    fill: Vec<Box<dyn FnOnce(&mut ImportBatch) + Send>>,
) -> ImportId {
    let import = running(store, source).await;
    for (idx, fill) in fill.into_iter().enumerate() {
        let mut batch = next(import, idx as u64);
        fill(&mut batch);
        commit(store, batch).await;
    }
    finish(store, import).await;
    import
}

/// A company of two batches: the first one makes it under one key, the second gives it another.
async fn acme(store: &TestStore, source: SourceId) -> (Company, ImportId) {
    let company = Company::named(store.id(), "Acme", now());
    let [one, two] = ["1", "2"].map(|name| key(store, source, name, company.id));
    let made = company.clone();
    let import = imported(
        store,
        source,
        vec![
            Box::new(|batch| {
                batch.companies = vec![made];
                batch.company_keys = vec![one];
            }),
            Box::new(|batch| batch.company_keys = vec![two]),
        ],
    );
    (company, import.await)
}

/// What a source calls a company, of the names that the tests give.
async fn names(store: &TestStore, source: SourceId) -> Vec<String> {
    let asked = ["1", "2", "3"].map(str::to_owned);
    let found = company_keys::find(store, source, &asked).await.unwrap();
    let mut names: Vec<String> = found.into_iter().map(|key| key.external_id).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_company_that_a_person_has_edited_keeps_its_keys_of_all_batches() {
    let store = TestStore::open().await;
    let source = store.source("crm").await;
    let (mut company, import) = acme(&store, source).await;
    company.name = "Acme Holding".to_owned();
    companies::update(&store, company.clone(), 1).await.unwrap();

    let left = undo(&store, import).await;

    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(left[0].reason, ConflictReason::Edited);
    assert_eq!(names(&store, source).await, ["1", "2"]);
}

#[tokio::test]
async fn a_company_that_goes_takes_its_keys_along() {
    let store = TestStore::open().await;
    let source = store.source("crm").await;
    let (company, import) = acme(&store, source).await;

    assert_eq!(undo(&store, import).await, []);

    assert_eq!(companies::find(&store, company.id).await.unwrap(), None);
    assert!(names(&store, source).await.is_empty());
}

#[tokio::test]
async fn keys_of_a_company_that_a_later_import_tells_of_pass_to_that_one() {
    let store = TestStore::open().await;
    let source = store.source("crm").await;
    let (company, first) = acme(&store, source).await;
    let seen = SeenRecord::of(RecordKind::Companies, company.id);
    let second = imported(
        &store,
        store.source("erp").await,
        vec![Box::new(move |batch| batch.seen = vec![seen])],
    )
    .await;

    undo(&store, first).await;
    assert_eq!(names(&store, source).await, ["1", "2"]);
    assert_eq!(undo(&store, second).await, []);

    assert_eq!(companies::find(&store, company.id).await.unwrap(), None);
    assert!(names(&store, source).await.is_empty());
}

#[tokio::test]
async fn a_key_of_a_company_that_was_there_before_stays_while_a_later_import_tells_of_it() {
    let store = TestStore::open().await;
    let source = store.source("crm").await;
    let company = Company::named(store.id(), "Acme", now());
    let company = companies::create(&store, company).await.unwrap();
    let [first, again] =
        [["1", "2"], ["1", "3"]].map(|names| names.map(|it| key(&store, source, it, company.id)));
    let fill = |keys: [CompanyKey; 2]| -> Vec<Box<dyn FnOnce(&mut ImportBatch) + Send>> {
        vec![Box::new(move |batch| batch.company_keys = keys.to_vec())]
    };
    let first = imported(&store, source, fill(first)).await;
    let second = imported(&store, source, fill(again)).await;

    let left = undo(&store, first).await;
    let reasons: Vec<_> = left.iter().map(|it| (it.kind, it.reason)).collect();
    assert_eq!(
        reasons,
        [(RecordKind::CompanyKeys, ConflictReason::ToldAgain)]
    );
    assert_eq!(names(&store, source).await, ["1", "3"]);
    assert_eq!(undo(&store, second).await, []);

    assert!(names(&store, source).await.is_empty());
    assert!(companies::find(&store, company.id).await.unwrap().is_some());
}

/// Events tell of records that are there.
async fn told(store: &TestStore, source: SourceId, seen: Vec<SeenRecord>, at: Timestamp) {
    let mut batch = ImportBatch::empty(ImportId(Uuid::nil()), 0);
    batch.seen = seen;
    let settlement = Settlement {
        seqs: Vec::new(),
        source_id: source,
        batch,
        contacts: [].into(),
        freed: Vec::new(),
        events: Vec::new(),
        totals: TotalsScope::none(),
        settled_at: at,
    };
    events::settle(store, settlement).await.unwrap();
}

#[tokio::test]
async fn an_order_and_a_company_of_which_events_tell_stay_whole_and_are_nobodys() {
    let store = TestStore::open().await;
    let source = store.source("shop").await;
    let first = running(&store, source).await;
    let batch = full_batch(&store, source, first).await;
    let (order, company) = (batch.orders[0].clone(), batch.companies[0].clone());
    commit(&store, batch).await;
    finish(&store, first).await;
    // The first import, then the events, then the second import.
    store
        .enact("UPDATE imports SET started_at = started_at - 2000000")
        .await;
    let seen = vec![
        SeenRecord::of(RecordKind::Orders, order.id),
        SeenRecord::of(RecordKind::Companies, company.id),
    ];
    told(&store, source, seen, now().plus_seconds(-1)).await;
    let before = orders::find(&store, order.id).await.unwrap().unwrap();
    let more = line(order.id, 3, 2.0, 100);
    let second = imported(
        &store,
        source,
        vec![Box::new(|batch| batch.lines = vec![more])],
    )
    .await;

    let left = undo(&store, first).await;
    let of_order = left.iter().find(|it| it.kind == RecordKind::Orders);
    assert_eq!(
        of_order.map(|it| it.reason),
        Some(ConflictReason::HasEvents)
    );
    let of_lines = left.iter().filter(|it| it.kind == RecordKind::OrderLines);
    assert_eq!(of_lines.count(), 2);
    assert_eq!(undo(&store, second).await, []);

    let after = orders::find(&store, order.id).await.unwrap().unwrap();
    assert_eq!(
        (after.n_lines, after.amount_minor),
        (before.n_lines, before.amount_minor)
    );
    assert!(companies::find(&store, company.id).await.unwrap().is_some());
}
