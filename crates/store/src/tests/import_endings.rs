//! Imports and their jobs end together, whatever ends them.

use std::time::Duration;

use futures::FutureExt as _;
use rapport_domain::{ImportId, ImportStatus, JobStatus, Order};
use sea_orm::ConnectionTrait as _;

use super::imports::{job, running};
use super::undo::undo_job;
use super::{TestStore, line, now};
use crate::imports::ImportBatch;
use crate::jobs::{self, LeasedJob};
use crate::sql::{self, Sql};
use crate::{StoreError, contacts, imports};

/// An import that a worker reads, with its lease.
async fn leased(store: &TestStore) -> (ImportId, LeasedJob) {
    let source = store.source("shop").await;
    let id = running(store, source).await;
    let lease = Duration::from_secs(60);
    let leased = jobs::claim(store, &["import"], now(), lease).await;
    (id, leased.unwrap().unwrap())
}

async fn status_of(store: &TestStore, id: ImportId) -> (ImportStatus, Option<String>) {
    let import = imports::find(store, id).await.unwrap().unwrap();
    (import.status, import.error)
}

#[tokio::test]
async fn an_import_whose_job_waits_for_another_attempt_can_be_cancelled() {
    let store = TestStore::open().await;
    let (id, leased) = leased(&store).await;
    jobs::fail(&store, &leased, "the disk is full", now())
        .await
        .unwrap();
    assert_eq!(status_of(&store, id).await.0, ImportStatus::Running);

    let cancelled = imports::cancel(&store, id, now()).await.unwrap();

    assert_eq!(cancelled.status, ImportStatus::Cancelled);
    let job = jobs::find(&store, leased.job.id).await.unwrap().unwrap();
    assert_eq!(job.status, JobStatus::Cancelled);
}

#[tokio::test]
async fn an_import_being_read_ends_when_its_worker_hears_that_it_was_cancelled() {
    let store = TestStore::open().await;
    let (id, leased) = leased(&store).await;

    let asked = imports::cancel(&store, id, now()).await.unwrap();
    jobs::acknowledge_cancel(&store, &leased, now())
        .await
        .unwrap();

    assert_eq!(asked.status, ImportStatus::Running);
    assert_eq!(status_of(&store, id).await, (ImportStatus::Cancelled, None));
    let twice = imports::cancel(&store, id, now()).await;
    assert!(matches!(twice, Err(StoreError::WrongState { .. })));
}

#[tokio::test]
async fn an_import_fails_with_its_job_and_can_be_started_again() {
    let store = TestStore::open().await;
    let (id, leased) = leased(&store).await;

    jobs::give_up(&store, &leased, "no such column", now())
        .await
        .unwrap();

    let (status, error) = status_of(&store, id).await;
    assert_eq!(
        (status, error.as_deref()),
        (ImportStatus::Failed, Some("no such column"))
    );
    let again = imports::queue(&store, id, job(&store, id), now())
        .await
        .unwrap();
    assert_ne!(again.id, leased.job.id);
    assert_eq!(status_of(&store, id).await, (ImportStatus::Queued, None));
}

#[tokio::test]
async fn an_import_whose_worker_dies_at_its_last_attempt_fails_with_its_job() {
    let store = TestStore::open().await;
    let (id, mut leased) = leased(&store).await;
    let lease = Duration::from_secs(60);
    let mut at = now();
    while leased.job.attempts < leased.job.attempts_max {
        at = at.plus_seconds(61);
        let next = jobs::claim(&store, &["import"], at, lease).await;
        leased = next.unwrap().unwrap();
    }

    let next = jobs::claim(&store, &["import"], at.plus_seconds(61), lease).await;

    assert_eq!(next.unwrap(), None);
    let (status, error) = status_of(&store, id).await;
    assert_eq!(status, ImportStatus::Failed);
    assert!(error.unwrap().contains("no attempt is left"));
}

#[tokio::test]
async fn what_a_half_read_import_adds_up_to_is_right_however_it_ends() {
    let store = TestStore::open().await;
    let (id, leased) = leased(&store).await;
    let source = store.source("shop").await;
    let ada = contacts::create(&store, store.contact("Ada")).await;
    let ada = ada.unwrap().id;
    let mut batch = ImportBatch::empty(id, 0);
    let order = Order {
        contact_id: Some(ada),
        ..store.order(source, "1")
    };
    batch.lines.push(line(order.id, 1, 2.0, 1_000));
    batch.orders.push(order);
    batch.rows_done = 1;
    imports::commit_batch(&store, batch).await.unwrap();
    // The server goes down: the job waits for the next worker.
    jobs::release(&store, &leased, now()).await.unwrap();

    imports::cancel(&store, id, now()).await.unwrap();

    let ada = contacts::find(&store, ada).await.unwrap().unwrap();
    assert_eq!((ada.n_orders, ada.total_spent_minor), (1, 2_000));
}

#[tokio::test]
async fn an_import_left_running_behind_a_job_that_is_over_is_set_right() {
    let store = TestStore::open().await;
    let (id, leased) = leased(&store).await;
    // As versions before wrote it: the job's end without the import's.
    let job = leased.job.id;
    store
        .write(move |tx| {
            async move {
                let text = "UPDATE jobs SET status = 'failed', error = 'gone' WHERE id = ?";
                let sql = Sql::of(tx.get_database_backend(), text, [sql::id(job)]);
                Ok(sql.execute(tx).await?)
            }
            .boxed()
        })
        .await
        .unwrap();
    assert_eq!(status_of(&store, id).await.0, ImportStatus::Running);

    jobs::reconcile(&store, now()).await.unwrap();

    let (status, error) = status_of(&store, id).await;
    assert_eq!(
        (status, error.as_deref()),
        (ImportStatus::Failed, Some("gone"))
    );
}

#[tokio::test]
async fn an_import_is_not_taken_back_while_another_of_its_source_is_read() {
    let store = TestStore::open().await;
    let (import, leased) = leased(&store).await;
    imports::finish(&store, import, now()).await.unwrap();
    jobs::complete(&store, &leased, None, now()).await.unwrap();
    let source = store.source("shop").await;
    let next_file = running(&store, source).await;

    let held_up = imports::queue_undo(&store, import, undo_job(&store, import), now()).await;
    imports::finish(&store, next_file, now()).await.unwrap();
    let elsewhere = store.source("desk").await;
    running(&store, elsewhere).await;

    assert!(matches!(held_up, Err(StoreError::WrongState { .. })));
    let queued = imports::queue_undo(&store, import, undo_job(&store, import), now()).await;
    assert!(queued.is_ok(), "{queued:?}");
}
