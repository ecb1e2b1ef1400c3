//! Opening a database, and what happens to one that cannot be opened or written. These tests are
//! about SQLite's files and always run on it.

use futures::FutureExt as _;
use rapport_domain::{Contact, IdGenerator};
use sea_orm::ConnectionTrait as _;

use super::now;
use crate::{Inspection, ListQuery, Store, StoreConfig, StoreError, contacts, inspect};

fn contact(ids: &IdGenerator, name: &str) -> Contact {
    Contact::named(ids.next(now()), name, now())
}

async fn execute(store: &Store, statement: &'static str) -> Result<(), StoreError> {
    store
        .write(move |tx| {
            async move {
                tx.execute_unprepared(statement).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

#[tokio::test]
async fn what_was_written_is_there_after_opening_again() {
    let directory = tempfile::tempdir().unwrap();
    let config = StoreConfig::in_directory(directory.path());
    let ids = IdGenerator::new(1);

    let store = Store::open(&config).await.unwrap();
    let ada = contacts::create(&store, contact(&ids, "Ada King"))
        .await
        .unwrap();
    drop(store);
    let store = Store::open(&config).await.unwrap();

    assert_eq!(contacts::find(&store, ada.id).await.unwrap(), Some(ada));
    store.ping().await.unwrap();
}

#[tokio::test]
async fn a_second_opener_of_the_directory_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let config = StoreConfig::in_directory(directory.path());
    let _first = Store::open(&config).await.unwrap();

    let second = Store::open(&config).await;

    assert!(
        matches!(second, Err(StoreError::Locked { .. })),
        "{second:?}"
    );
}

#[tokio::test]
async fn a_look_changes_nothing_and_tells_what_opening_would() {
    let directory = tempfile::tempdir().unwrap();
    let config = StoreConfig::in_directory(directory.path());
    let look = async || inspect(&config).await.unwrap();
    assert_eq!(look().await, None);
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);

    let store = Store::open(&config).await.unwrap();
    let found = |is_in_use, pending: &[&str]| {
        let pending = pending.iter().map(|&name| name.to_owned()).collect();
        Some(Inspection { is_in_use, pending })
    };
    assert_eq!(look().await, found(true, &[]));
    let forgotten = "DELETE FROM seaql_migrations WHERE version = 'm0010_search'";
    execute(&store, forgotten).await.unwrap();
    store.close().await;
    drop(store);

    assert_eq!(look().await, found(false, &["m0010_search"]));
    assert_eq!(look().await, found(false, &["m0010_search"]), "still so");
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_refused_and_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let config = StoreConfig::in_directory(directory.path());
    let store = Store::open(&config).await.unwrap();
    let insert = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m0999_robots', 0)";
    execute(&store, insert).await.unwrap();
    drop(store);

    let error = Store::open(&config).await.unwrap_err();

    assert!(matches!(&error, StoreError::NewerSchema { names } if names == &["m0999_robots"]));
    assert!(
        error
            .to_string()
            .contains("install the version that wrote it")
    );
}

#[tokio::test]
async fn a_missing_directory_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let missing = directory.path().join("nowhere");

    let error = Store::open(&StoreConfig::in_directory(&missing))
        .await
        .unwrap_err();

    assert!(matches!(error, StoreError::DirectoryMissing { path } if path == missing));
}

#[tokio::test]
async fn a_file_that_is_no_database_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("records.sqlite");
    std::fs::write(&path, "These are my notes, not a database.".repeat(100)).unwrap();

    let error = Store::open(&StoreConfig::in_directory(directory.path()))
        .await
        .unwrap_err();

    assert!(
        matches!(&error, StoreError::NotADatabase { path: named } if *named == path),
        "{error}"
    );
}

#[tokio::test]
async fn a_full_disk_refuses_a_write_whole_and_later_writes_succeed() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(&StoreConfig::in_directory(directory.path()))
        .await
        .unwrap();
    let ids = IdGenerator::new(1);
    execute(&store, "PRAGMA max_page_count = 1").await.unwrap();

    let mut big = contact(&ids, "Big");
    big.tags = vec!["t".repeat(2_000_000)];
    let error = contacts::create(&store, big).await.unwrap_err();

    assert!(matches!(error, StoreError::DiskFull), "{error:?}");
    execute(&store, "PRAGMA max_page_count = 1000000")
        .await
        .unwrap();
    contacts::create(&store, contact(&ids, "Small"))
        .await
        .unwrap();
    let page = contacts::list(&store, &ListQuery::default()).await.unwrap();
    assert_eq!(page.items.len(), 1);
}

#[tokio::test]
async fn a_database_that_may_not_be_written_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(&StoreConfig::in_directory(directory.path()))
        .await
        .unwrap();
    // It holds from that statement on: what a transaction ends with is refused already.
    let at_once = execute(&store, "PRAGMA query_only = ON").await;

    let error = contacts::create(&store, contact(&IdGenerator::new(1), "Ada")).await;

    assert!(matches!(at_once, Err(StoreError::ReadOnly)), "{at_once:?}");
    assert!(matches!(error, Err(StoreError::ReadOnly)), "{error:?}");
}

#[tokio::test]
async fn writes_that_share_a_commit_fail_and_succeed_on_their_own() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(&StoreConfig::in_directory(directory.path()))
        .await
        .unwrap();
    let ids = IdGenerator::new(1);
    let taken = contact(&ids, "Taken");
    contacts::create(&store, taken.clone()).await.unwrap();

    let writes = (0..200).map(|n| {
        let contact = match n % 10 {
            0 => taken.clone(),
            _ => contact(&ids, &format!("Contact {n}")),
        };
        contacts::create(&store, contact)
    });
    let results = futures::future::join_all(writes).await;

    let n_refused = results
        .iter()
        .filter(|result| matches!(result, Err(StoreError::Duplicate { object: "contact" })))
        .count();
    assert_eq!(n_refused, 20);
    let query = ListQuery {
        limit: 500,
        ..ListQuery::default()
    };
    let page = contacts::list(&store, &query).await.unwrap();
    assert_eq!(page.items.len(), 181);
}

#[tokio::test]
async fn a_closed_store_refuses_and_its_file_is_whole() {
    let directory = tempfile::tempdir().unwrap();
    let config = StoreConfig::in_directory(directory.path());
    let store = Store::open(&config).await.unwrap();
    let ids = IdGenerator::new(1);
    contacts::create(&store, contact(&ids, "Ada"))
        .await
        .unwrap();

    store.close().await;

    let refused = contacts::create(&store, contact(&ids, "Bob")).await;
    assert!(matches!(refused, Err(StoreError::Closed)), "{refused:?}");
    let wal = directory.path().join("records.sqlite-wal");
    assert!(!wal.exists(), "all is in the one file");
}

#[tokio::test]
async fn a_panic_in_one_write_leaves_the_writer_working() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(&StoreConfig::in_directory(directory.path()))
        .await
        .unwrap();

    let broken = store
        .write::<(), _>(|_| async { panic!("a bug") }.boxed())
        .await;

    assert!(matches!(broken, Err(StoreError::Closed)));
    contacts::create(&store, contact(&IdGenerator::new(1), "Ada"))
        .await
        .unwrap();
}
