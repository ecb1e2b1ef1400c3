//! A workspace that outgrows SQLite: its records move, its files stay, and the directory says so.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use rapport_domain::{Currency, IdGenerator, Timestamp};
use rapport_pipelines::migration::{self, MigrateError};
use rapport_pipelines::{Clock, OpenOptions, PipelineError, Workspace, imports, jobs, timeline};
use rapport_store::transfer::TransferError;
use rapport_store::{ListQuery, StoreError, contacts};
use rapport_testing::OrdersFile;
use tempfile::TempDir;

fn now() -> Timestamp {
    rapport_testing::at("2026-01-01T00:00:00Z")
}

async fn open(dir: &Path, database: Option<String>) -> Result<Workspace, PipelineError> {
    let options = OpenOptions {
        database,
        lake: None,
        currency: Currency::GBP,
        region: "GB".to_owned(),
        memory_limit_bytes: 128 * 1024 * 1024,
        clock: Clock::fixed(now()),
        ids: IdGenerator::new(1),
    };
    Workspace::open(dir, options).await
}

async fn import(workspace: &Workspace, name: &str, n_orders: usize) {
    let text = OrdersFile::new(n_orders).csv();
    let upload = imports::upload(workspace, name, name, None, u64::MAX, text.as_bytes());
    let import = upload.await.unwrap().id;
    let job = imports::start(workspace, import).await.unwrap();
    jobs::run_until_over(workspace, job.id, &mut |_| {})
        .await
        .unwrap();
}

#[tokio::test]
async fn a_workspace_goes_on_on_a_server_with_its_files() {
    let dir = TempDir::new().unwrap();
    let Some(address) = rapport_testing::database_of(dir.path()) else {
        return;
    };
    let workspace = open(dir.path(), None).await.unwrap();
    import(&workspace, "orders.csv", 60).await;
    let all = ListQuery::default().sorted("name");
    let before = contacts::list(&workspace.store, &all).await.unwrap().items;
    let entries = timeline::of(&workspace, before[0].contact.id, None, 100);
    let entries = entries.await.unwrap();
    let in_use = migration::migrate(dir.path(), &address, now(), &mut |_| ()).await;
    workspace.store.close().await;
    drop(workspace);

    let tables = migration::migrate(dir.path(), &address, now(), &mut |_| ()).await;
    let tables = tables.unwrap();

    let is_locked = matches!(
        in_use,
        Err(MigrateError::Transfer(TransferError::Store(
            StoreError::Locked { .. }
        )))
    );
    assert!(is_locked, "{in_use:?}");
    let orders = tables.iter().find(|table| table.name == "orders").unwrap();
    assert_eq!(orders.n_rows, 60);
    let as_before = open(dir.path(), None).await;
    let is_told = matches!(as_before, Err(PipelineError::RecordsMoved { .. }));
    assert!(is_told, "{as_before:?}");
    let again = migration::migrate(dir.path(), &address, now(), &mut |_| ()).await;
    assert!(
        matches!(again, Err(MigrateError::MovedBefore { .. })),
        "{again:?}"
    );
    let workspace = open(dir.path(), Some(address)).await.unwrap();
    let after = contacts::list(&workspace.store, &all).await.unwrap().items;
    assert_eq!(after, before);
    let found = timeline::of(&workspace, before[0].contact.id, None, 100);
    assert_eq!(
        found.await.unwrap(),
        entries,
        "the events are where they were"
    );
    import(&workspace, "more.csv", 80).await;
}

#[tokio::test]
async fn nothing_is_written_down_of_a_move_that_failed() {
    let dir = TempDir::new().unwrap();
    open(dir.path(), None).await.unwrap().store.close().await;

    let away = "postgres://ann@127.0.0.1:1/crm";
    let failed = migration::migrate(dir.path(), away, now(), &mut |_| ()).await;

    let is_away = matches!(
        failed,
        Err(MigrateError::Transfer(TransferError::Unreachable { .. }))
    );
    assert!(is_away, "{failed:?}");
    open(dir.path(), None).await.unwrap();
}
