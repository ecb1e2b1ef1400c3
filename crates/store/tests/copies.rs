//! Copies of the records on SQLite and, where `RAPPORT_TEST_POSTGRES` names a server, of one there.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use rapport_domain::{Contact, IdGenerator, Timestamp};
use rapport_store::backup::{self, CopyError, CopyKind};
use rapport_store::{Store, StoreConfig, StoreError, contacts};
use sqlx::Connection as _;
use tempfile::TempDir;

fn now() -> Timestamp {
    "2026-11-27T03:15:00Z".parse().unwrap()
}

async fn add(store: &Store, ids: &IdGenerator, name: &str) {
    let contact = Contact::named(ids.next(now()), name, now());
    contacts::create(store, contact).await.unwrap();
}

#[tokio::test]
async fn a_copy_holds_what_was_committed_and_is_a_database_of_its_own() {
    let dir = TempDir::new().unwrap();
    let config = StoreConfig::in_directory(dir.path());
    let store = Store::open(&config).await.unwrap();
    let ids = IdGenerator::new(1);
    add(&store, &ids, "Ada King").await;
    let copy = dir.path().join("copy.sqlite");

    let contents = backup::copy(&config, &copy).await.unwrap();
    add(&store, &ids, "Ben Lee").await;

    let found = backup::examine(&copy).await.unwrap();
    assert_eq!(found.contents, contents);
    assert_eq!(found.complaints, Vec::<String>::new());
    assert_eq!(contents.tables["contacts"], 1);
    assert!(!contents.tables.keys().any(|table| table.contains("fts")));
    assert!(contents.schema.contains(&"m0001_users".to_owned()));
    let in_use = backup::examine_records(&config).await.unwrap().contents;
    assert_eq!(in_use.tables["contacts"], 2);
    let names = std::fs::read_dir(dir.path()).unwrap();
    let beside = names.filter(|name| {
        let name = name.as_ref().unwrap().file_name();
        name.to_string_lossy().starts_with("copy.sqlite-")
    });
    assert_eq!(beside.count(), 0, "a look makes no files");
}

#[tokio::test]
async fn there_is_nothing_to_copy_where_there_is_no_database() {
    let dir = TempDir::new().unwrap();
    let config = StoreConfig::in_directory(dir.path());

    let error = backup::copy(&config, &dir.path().join("copy"))
        .await
        .unwrap_err();

    assert!(matches!(error, CopyError::NoRecords { .. }), "{error}");
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_not_copied() {
    let dir = TempDir::new().unwrap();
    let config = StoreConfig::in_directory(dir.path());
    drop(Store::open(&config).await.unwrap());
    let file = dir.path().join("records.sqlite");
    let address = format!("sqlite://{}", file.display());
    let mut connection = sqlx::SqliteConnection::connect(&address).await.unwrap();
    let insert = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m0999_robots', 0)";
    sqlx::query(insert).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();

    let error = backup::copy(&config, &dir.path().join("copy"))
        .await
        .unwrap_err();

    let is_newer = matches!(&error, CopyError::Store(StoreError::NewerSchema { .. }));
    assert!(is_newer, "{error}");
    assert!(!dir.path().join("copy").exists());
}

#[tokio::test]
async fn a_server_is_copied_and_filled_again() {
    let dir = TempDir::new().unwrap();
    let Some(address) = rapport_testing::database_of(dir.path()) else {
        return;
    };
    let config = StoreConfig::postgres(&address);
    let store = Store::open(&config).await.unwrap();
    let ids = IdGenerator::new(1);
    add(&store, &ids, "Ada King").await;
    let archive = dir.path().join(CopyKind::of(&config).file_name());

    let contents = backup::copy(&config, &archive).await.unwrap();
    add(&store, &ids, "Ben Lee").await;
    let namespace = contents.namespace.clone().unwrap();
    backup::check_archive(&archive).await.unwrap();
    let taken = backup::restore(&address, &archive, &namespace)
        .await
        .unwrap_err();
    let other = backup::restore(&address, &archive, "elsewhere")
        .await
        .unwrap_err();
    store.close().await;
    let mut connection = sqlx::PgConnection::connect(&address).await.unwrap();
    let drop_all = format!("DROP SCHEMA \"{namespace}\" CASCADE");
    sqlx::raw_sql(sqlx::AssertSqlSafe(drop_all))
        .execute(&mut connection)
        .await
        .unwrap();
    let restored = backup::restore(&address, &archive, &namespace)
        .await
        .unwrap();

    assert_eq!(contents.tables["contacts"], 1);
    assert!(matches!(taken, CopyError::NotEmpty { .. }), "{taken}");
    assert!(matches!(other, CopyError::OtherNamespace { .. }), "{other}");
    assert_eq!(restored, contents);
    let store = Store::open(&config).await.unwrap();
    add(&store, &ids, "Cem Öz").await;
}
