//! Upgrades that are killed: the database stays what the version before left.

use std::env;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

use rapport_testing::killed_at_wait;
use sea_orm::DatabaseConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use tempfile::TempDir;

use super::schemas::{applied, definitions, n_steps, unpack};
use crate::connection::{close_pool, postgres};
use crate::{Store, StoreConfig, migrations, transfer};

/// A schema with several steps to go.
const BEFORE: &str = "m0012_registry";
/// Names the file to a process that upgrades it in order to die.
const FILE: &str = "RAPPORT_TEST_UPGRADE_FILE";
/// Tells it after which statement, counted from 1, or to die at the commit.
const DEATH: &str = "RAPPORT_TEST_UPGRADE_DEATH";
const AT_COMMIT: &str = "commit";
/// This test, to be run again as that process.
const NAME: &str = "tests::upgrades::an_upgrade_that_is_killed_leaves_the_version_before";

#[tokio::test]
async fn an_upgrade_that_is_killed_leaves_the_version_before() {
    if let (Ok(file), Ok(death)) = (env::var(FILE), env::var(DEATH)) {
        return upgrade_and_die(Path::new(&file), &death).await;
    }
    let folder = TempDir::new().unwrap();
    let file = unpack(BEFORE, folder.path());
    let (steps, tables) = (applied(&file).await, definitions(&file).await);
    let check_before = async |death: &str| {
        // The old program opens what it knows: its own steps and nothing else.
        assert_eq!(applied(&file).await, steps, "killed at {death}");
        assert_eq!(definitions(&file).await, tables, "killed at {death}");
    };

    let mut n_killed = 0;
    while is_killed(&file, &(n_killed + 1).to_string()) {
        n_killed += 1;
        check_before(&n_killed.to_string()).await;
    }
    // The one that lived through its last statement has upgraded the file.
    assert!(n_killed > 20, "only {n_killed} statements were seen");
    assert_eq!(applied(&file).await, migrations::names());
    unpack(BEFORE, folder.path());
    assert!(is_killed(&file, AT_COMMIT));
    check_before(AT_COMMIT).await;

    let config = StoreConfig::in_directory(folder.path());
    let store = Store::open(&config).await.unwrap();
    store.close().await;
    assert_eq!(applied(&file).await, migrations::names());
}

/// Upgrades a file in a process of its own that may die of it.
fn is_killed(file: &Path, death: &str) -> bool {
    let status = Command::new(env::current_exe().unwrap())
        .args([NAME, "--exact", "--quiet"])
        .env(FILE, file)
        .env(DEATH, death)
        .output()
        .unwrap()
        .status;
    // A process that fails ends with a code; one that is killed has none.
    assert!(status.success() || status.code().is_none(), "{status}");
    !status.success()
}

async fn upgrade_and_die(file: &Path, death: &str) {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .foreign_keys(true);
    let dies_at_commit = death == AT_COMMIT;
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                if dies_at_commit {
                    let mut handle = connection.lock_handle().await?;
                    handle.set_commit_hook(|| std::process::abort());
                }
                Ok(())
            })
        })
        .connect_with(options)
        .await
        .unwrap();
    let mut connection = DatabaseConnection::from(pool);
    if let Ok(last) = death.parse::<u64>() {
        let n_done = AtomicU64::new(0);
        connection.set_metric_callback(move |_| {
            if n_done.fetch_add(1, Ordering::Relaxed) + 1 == last {
                std::process::abort();
            }
        });
    }
    migrations::migrate(&connection).await.unwrap();
    close_pool(&connection).await;
}

#[tokio::test]
async fn an_upgrade_of_a_server_that_is_given_up_leaves_the_version_before() {
    let folder = TempDir::new().unwrap();
    let Some(address) = rapport_testing::database_of(folder.path()) else {
        return;
    };
    let file = unpack(BEFORE, folder.path());
    let before = Some(n_steps(BEFORE));
    transfer::move_all(&file, &address, before, &mut |_| ())
        .await
        .unwrap();
    let steps = applied(&file).await;

    let mut n_killed = 0;
    loop {
        let connection = postgres::connect(&address).await.unwrap();
        let done = killed_at_wait(n_killed + 1, migrations::migrate(&connection)).await;
        close_pool(&connection).await;
        if let Some(done) = done {
            done.unwrap();
            break;
        }
        n_killed += 1;
        let connection = postgres::connect(&address).await.unwrap();
        let known = migrations::known(&connection).await.unwrap();
        close_pool(&connection).await;
        // A commit that is on its way when it is given up may arrive.
        if known == migrations::names() {
            break;
        }
        assert_eq!(known, steps, "given up at wait {n_killed}");
    }

    assert!(n_killed > 20, "only {n_killed} waits were seen");
    let store = Store::open(&StoreConfig::postgres(&address)).await.unwrap();
    store.close().await;
}
