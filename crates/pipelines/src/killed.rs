//! Kills for tests: processes that die, and the workspace opened anew.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use rapport_domain::{Currency, IdGenerator, Timestamp};
use tempfile::TempDir;

use crate::{Clock, OpenOptions, Workspace};

/// What is left in a folder by a process that did its work and died at once, without a farewell: the
/// test of this name, started anew with the folder, does the work there.
pub(crate) fn left_by_the_dead<F: Future<Output = ()>>(
    test: &str,
    work: impl FnOnce(PathBuf) -> F,
) -> TempDir {
    left_by_the_dead_at(0, test, |directory, _| work(directory))
}

/// As [`left_by_the_dead`], of work that is told at which of its waits to die.
pub(crate) fn left_by_the_dead_at<F: Future<Output = ()>>(
    n: usize,
    test: &str,
    work: impl FnOnce(PathBuf, usize) -> F,
) -> TempDir {
    const DIRECTORY: &str = "RAPPORT_TEST_DIES_IN";
    const WAIT: &str = "RAPPORT_TEST_DIES_AT";
    if let Some(directory) = std::env::var_os(DIRECTORY) {
        let n = std::env::var(WAIT).unwrap().parse().unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(work(directory.into(), n));
        std::process::abort();
    }
    let dir = TempDir::new().unwrap();
    let died = Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact"])
        .env(DIRECTORY, dir.path())
        .env(WAIT, n.to_string())
        .output()
        .unwrap();
    assert!(!died.status.success());
    dir
}

/// A clock that is moved by hand, in microseconds.
pub(crate) fn hand_clock() -> (Clock, Arc<AtomicI64>) {
    let start = rapport_testing::at("2026-01-01T00:00:00Z").as_micros();
    let hand = Arc::new(AtomicI64::new(start));
    let read = Arc::clone(&hand);
    let clock = Clock::new(move || Timestamp::from_micros(read.load(Ordering::SeqCst)));
    (clock, hand)
}

/// Opens a data directory, as the next start would.
pub(crate) async fn open(dir: &Path, clock: Clock) -> Workspace {
    let options = OpenOptions {
        database: rapport_testing::database_of(dir),
        lake: None,
        currency: Currency::GBP,
        region: "GB".to_owned(),
        memory_limit_bytes: 64 * 1024 * 1024,
        clock,
        // Each start has ids of its own.
        ids: IdGenerator::from_entropy(),
    };
    Workspace::open(dir, options).await.unwrap()
}
