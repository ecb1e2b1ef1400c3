//! A fixture: a small SQLite file of a past schema, compressed. It is made from today's records by
//! leaving out the tables and columns that the schema did not have yet.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

use super::super::TestStore;
use super::shop;
use crate::connection::close_pool;
use crate::migrations;

pub(super) const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/schemas");

/// Unpacks the fixture of a step as the records of a data directory.
pub(in super::super) fn unpack(step: &str, folder: &Path) -> PathBuf {
    let packed = File::open(path_of(step)).unwrap();
    let file = folder.join("records.sqlite");
    io::copy(
        &mut GzDecoder::new(packed),
        &mut File::create(&file).unwrap(),
    )
    .unwrap();
    file
}

/// Makes the fixture of a step; one that is there stands for what was, and is left alone.
pub(super) async fn make(step: &str, n_steps: u32) {
    let target = path_of(step);
    assert!(!target.exists(), "{} is there already", target.display());
    let store = TestStore::on_sqlite().await;
    shop::fill(&store).await;
    store.close().await;
    let latest = store._directory.path().join("records.sqlite");
    let file = store._directory.path().join("past.sqlite");
    empty_of_step(&file, n_steps).await;
    project(&latest, &file).await;
    let packed = File::create(target).unwrap();
    let mut packed = GzEncoder::new(packed, Compression::best());
    io::copy(&mut File::open(&file).unwrap(), &mut packed).unwrap();
    packed.finish().unwrap();
}

/// A file without rows that has seen the first so many steps.
pub(super) async fn empty_of_step(file: &Path, n_steps: u32) {
    let options = SqliteConnectOptions::new().filename(file);
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options.create_if_missing(true))
        .await
        .unwrap();
    let connection = pool.into();
    migrations::up(&connection, Some(n_steps)).await.unwrap();
    close_pool(&connection).await;
}

/// The steps that a file has seen.
pub(in super::super) async fn applied(file: &Path) -> Vec<String> {
    strings(
        file,
        "SELECT version FROM seaql_migrations ORDER BY version",
    )
    .await
}

/// The statements that made all tables, indices and triggers of a file.
pub(in super::super) async fn definitions(file: &Path) -> Vec<String> {
    let text = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name";
    strings(file, text).await
}

async fn strings(file: &Path, text: &'static str) -> Vec<String> {
    let mut connection = connect(file).await;
    let found = sqlx::query_scalar(text).fetch_all(&mut connection).await;
    connection.close().await.unwrap();
    found.unwrap()
}

async fn connect(file: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(file);
    options.foreign_keys(false).connect().await.unwrap()
}

/// Takes from the latest file what the past one has a place for.
async fn project(latest: &Path, past: &Path) {
    let mut connection = connect(past).await;
    let attach = "ATTACH ? AS latest";
    let attach = sqlx::query(attach).bind(latest.to_str().unwrap());
    attach.execute(&mut connection).await.unwrap();
    let tables = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' \
                  AND substr(name, 1, 7) <> 'sqlite_' AND name <> 'seaql_migrations'";
    let tables: Vec<String> = sqlx::query_scalar(tables)
        .fetch_all(&mut connection)
        .await
        .unwrap();
    for table in tables {
        let columns = sqlx::query_scalar("SELECT name FROM pragma_table_info(?)").bind(&table);
        let columns: Vec<String> = columns.fetch_all(&mut connection).await.unwrap();
        let columns = columns.join("\", \"");
        let copy = format!(
            "INSERT INTO main.\"{table}\" (\"{columns}\") SELECT \"{columns}\" FROM latest.\"{table}\""
        );
        let copy = sqlx::raw_sql(AssertSqlSafe(copy));
        copy.execute(&mut connection).await.unwrap();
    }
    // The clock of whoever makes it is no part of a fixture.
    let tidy = "UPDATE seaql_migrations SET applied_at = 0; DETACH latest; VACUUM";
    sqlx::raw_sql(tidy).execute(&mut connection).await.unwrap();
    let broken = "SELECT count(*) FROM pragma_foreign_key_check";
    let n_broken: i64 = sqlx::query_scalar(broken)
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(n_broken, 0);
    connection.close().await.unwrap();
}

fn path_of(step: &str) -> PathBuf {
    Path::new(FOLDER).join(format!("{step}.sqlite.gz"))
}
