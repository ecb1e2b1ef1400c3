//! Backups as stories: made under load, checked, damaged, brought back. These tests are about SQLite's
//! files and always run on it; how a server's records are copied is a story of the store.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use rapport_domain::{ContactId, Currency, IdGenerator, Timestamp};
use rapport_pipelines::backup::{self, Backup, BackupError, Place};
use rapport_pipelines::{Clock, OpenOptions, Workspace, append_events, imports, jobs};
use rapport_testing::{EventBuilder, OrdersFile, at, killed_at_wait};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

/// A data directory, a folder of backups, and a folder to restore into.
struct House {
    dir: TempDir,
}

impl House {
    fn new() -> Self {
        Self {
            dir: TempDir::new().unwrap(),
        }
    }

    /// A house with 200 order lines in it.
    async fn with_orders() -> Self {
        let house = Self::new();
        let workspace = open(&house.place("data").data_dir).await;
        import(&workspace, "shop", OrdersFile::new(100)).await;
        workspace.store.close().await;
        house
    }

    fn place(&self, name: &str) -> Place {
        Place {
            data_dir: self.dir.path().join(name),
            database: None,
            lake: None,
        }
    }

    fn backups(&self) -> PathBuf {
        self.dir.path().join("backups")
    }

    async fn back_up(&self) -> Backup {
        self.back_up_at("2026-11-27T03:15:00Z").await.unwrap()
    }

    async fn back_up_at(&self, now: &str) -> Result<Backup, BackupError> {
        let place = self.place("data");
        backup::make(&place, &self.backups(), "1.0", at(now), &mut |_| {}).await
    }

    async fn restore(&self, backup: &Path) -> Result<(), BackupError> {
        let place = self.place("restored");
        let restored = backup::restore(backup, &place, &mut |_| {}).await;
        restored.map(|_| ())
    }
}

async fn open(data_dir: &Path) -> Workspace {
    let start = at("2026-01-01T00:00:00Z").as_micros();
    let ticks = AtomicI64::new(0);
    let tick = move || start + ticks.fetch_add(1000, Ordering::Relaxed);
    let options = OpenOptions {
        database: None,
        lake: None,
        currency: Currency::GBP,
        region: "GB".to_owned(),
        memory_limit_bytes: 128 * 1024 * 1024,
        clock: Clock::new(move || Timestamp::from_micros(tick())),
        ids: IdGenerator::from_entropy(),
    };
    Workspace::open(data_dir, options).await.unwrap()
}

async fn import(workspace: &Workspace, source: &str, file: OrdersFile) {
    let text = file.csv();
    let file = text.as_bytes();
    let import = imports::upload(workspace, "orders.csv", source, None, u64::MAX, file).await;
    let job = imports::start(workspace, import.unwrap().id).await.unwrap();
    let done = jobs::run_until_over(workspace, job.id, &mut |_| {}).await;
    assert_eq!(done.unwrap().error, None);
}

/// Rows taken from files, and events of files and of the wire.
async fn state(workspace: &Workspace) -> (u64, u64, u64) {
    let query = rapport_store::ListQuery::default();
    let imports = rapport_store::imports::list(&workspace.store, &query).await;
    let n_rows = imports
        .unwrap()
        .items
        .iter()
        .map(|i| i.counts.accepted)
        .sum();
    let snapshot = workspace.events().await.unwrap();
    let mut n_events = [0, 0];
    for (n, is_of_files) in n_events.iter_mut().zip(["<>", "="]) {
        let text = format!(
            "SELECT CAST(count(*) AS DOUBLE) AS n FROM events WHERE source {is_of_files} $s"
        );
        let wire = rapport_lake::SqlValue::text("wire");
        let rows = snapshot.sql(&text, &[("s", wire)]).await.unwrap();
        *n = rapport_lake::first_float(&rows[0], "n").unwrap() as u64;
    }
    (n_rows, n_events[0], n_events[1])
}

async fn problems(backup: &Path) -> Vec<String> {
    let verdict = backup::verify(backup, &mut |_| {}).await.unwrap();
    verdict.problems.iter().map(ToString::to_string).collect()
}

fn flip_a_byte(path: &Path) {
    let mut bytes = std::fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(path, bytes).unwrap();
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name();
    let mut names: Vec<String> = entries
        .map(|entry| name(entry).into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_backup_made_under_load_is_a_state_between_its_start_and_its_end() {
    let house = House::with_orders().await;
    let workspace = open(&house.place("data").data_dir).await;
    let before = state(&workspace).await;
    let is_over = AtomicBool::new(false);
    let mut make = EventBuilder::new("wire");
    let customer = ContactId(IdGenerator::new(1).next(at("2025-03-01T00:00:00Z")));
    let streaming = async {
        while !is_over.load(Ordering::Relaxed) {
            let event = || make.ordered(customer, at("2025-03-01T00:00:00Z"), "1", 100);
            let five = std::iter::repeat_with(event).take(5).collect();
            append_events(&workspace, five).await.unwrap();
        }
    };
    let importing = import(
        &workspace,
        "branch",
        OrdersFile::new(3_000).with_customers(500),
    );
    let saving = async {
        let mut backups = Vec::new();
        for second in 10..16 {
            let now = format!("2026-11-27T03:15:{second}Z");
            backups.push(house.back_up_at(&now).await.unwrap());
        }
        is_over.store(true, Ordering::Relaxed);
        backups
    };

    let (backups, (), ()) = tokio::join!(saving, importing, streaming);

    let after = state(&workspace).await;
    let mut last = before;
    for (idx, made) in backups.iter().enumerate() {
        assert_eq!(problems(&made.path).await, Vec::<String>::new());
        let place = house.place(&format!("restored-{idx}"));
        backup::restore(&made.path, &place, &mut |_| {})
            .await
            .unwrap();
        let restored = open(&place.data_dir).await;
        let found = state(&restored).await;
        let (n_rows, n_of_files, n_of_wire) = found;
        // What is committed together is saved together.
        assert_eq!(n_rows, n_of_files, "{found:?}");
        assert_eq!(n_of_wire % 5, 0, "{found:?}");
        assert!(
            found.0 >= last.0 && found.2 >= last.2,
            "{found:?} after {last:?}"
        );
        last = found;
    }
    assert!(
        last.0 <= after.0 && last.2 <= after.2,
        "{last:?} and {after:?}"
    );
    assert!(after.2 > 0, "nothing was written meanwhile");
}

#[tokio::test]
async fn one_flipped_byte_is_named_and_nothing_is_restored() {
    let house = House::with_orders().await;
    let backup = house.back_up().await;
    assert!(
        backup
            .manifest
            .files
            .iter()
            .any(|f| f.path.starts_with("lake/"))
    );
    assert!(
        backup
            .manifest
            .files
            .iter()
            .any(|f| f.path.starts_with("uploads/"))
    );
    for file in &backup.manifest.files {
        let path = backup.path.join(&file.path);
        flip_a_byte(&path);

        let found = problems(&backup.path).await;
        assert!(
            found[0].starts_with(&format!("{} is damaged", file.path)),
            "{found:?}"
        );
        let error = house.restore(&backup.path).await.unwrap_err().to_string();
        assert!(error.contains(&file.path), "{error}");
        assert_eq!(names_in(&house.place("restored").data_dir), [""; 0]);

        flip_a_byte(&path);
    }
    flip_a_byte(&backup.path.join("manifest.json"));
    let error = backup::verify(&backup.path, &mut |_| {}).await.unwrap_err();
    assert!(error.to_string().contains("manifest.json"), "{error}");
    flip_a_byte(&backup.path.join("manifest.json"));
    assert_eq!(problems(&backup.path).await, [""; 0]);
}

#[tokio::test]
async fn a_missing_file_and_a_table_with_another_number_of_rows_are_named() {
    let house = House::with_orders().await;
    let backup = house.back_up().await;
    let manifest = backup.path.join("manifest.json");
    let text = std::fs::read_to_string(&manifest).unwrap();
    let text = text.replace("\"orders\": 100", "\"orders\": 101");
    std::fs::write(&manifest, &text).unwrap();
    let sum: String = Sha256::digest(&text)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    std::fs::write(backup.path.join("manifest.sha256"), sum).unwrap();
    let file = backup.manifest.files.last().unwrap();
    std::fs::remove_file(backup.path.join(&file.path)).unwrap();

    let found = problems(&backup.path).await;

    let missing = format!("{} is missing", file.path);
    assert_eq!(
        found,
        [
            missing,
            "table orders has 100 rows instead of 101".to_owned()
        ]
    );
}

#[tokio::test]
async fn a_backup_given_up_at_any_of_its_waits_leaves_nothing() {
    let house = House::with_orders().await;
    let mut n_waits = 0;
    loop {
        n_waits += 1;
        let now = at("2026-11-27T03:15:00Z")
            .plus_seconds(n_waits as i64)
            .to_string();
        let making = house.back_up_at(&now);
        if let Some(made) = killed_at_wait(n_waits, making).await {
            assert_eq!(problems(&made.unwrap().path).await, [""; 0]);
            break;
        }
        // One that was at its very end is whole; of the others only leftovers may stand for a moment.
        for name in names_in(&house.backups()) {
            match backup::verify(&house.backups().join(&name), &mut |_| {}).await {
                Ok(verdict) => assert_eq!(verdict.problems, [], "wait {n_waits}"),
                Err(error) => assert!(name.ends_with(".part"), "wait {n_waits}: {error}"),
            }
        }
    }
    house.back_up_at("2026-11-28T03:15:00Z").await.unwrap();
    let names = names_in(&house.backups());
    assert!(
        !names.iter().any(|name| name.ends_with(".part")),
        "{names:?}"
    );
    assert!(n_waits > 3, "it hardly waited, so it was hardly given up");
}

#[tokio::test]
async fn what_a_killed_backup_left_is_not_taken_for_one_and_cleared_away_by_the_next() {
    let house = House::with_orders().await;
    let first = house.back_up().await;
    let killed = house.backups().join("rapport-20261127T031600Z.part");
    std::fs::rename(&first.path, &killed).unwrap();
    std::fs::write(killed.join("unfinished"), "").unwrap();

    let verified = backup::verify(&killed, &mut |_| {}).await.unwrap_err();
    let restored = house.restore(&killed).await.unwrap_err();
    house.back_up().await;

    assert!(
        matches!(verified, BackupError::Unfinished { .. }),
        "{verified}"
    );
    assert!(
        matches!(restored, BackupError::Unfinished { .. }),
        "{restored}"
    );
    assert_eq!(names_in(&house.backups()), ["rapport-20261127T031500Z"]);
}

#[tokio::test]
async fn a_folder_that_is_no_backup_is_refused_with_the_one_that_may_be_meant() {
    let house = House::with_orders().await;
    let backup = house.back_up().await;

    let error = house
        .restore(&house.backups())
        .await
        .unwrap_err()
        .to_string();

    assert!(error.contains("is no backup"), "{error}");
    assert!(
        error.contains(&backup.path.display().to_string()),
        "{error}"
    );
}

#[tokio::test]
async fn a_place_with_files_is_not_restored_into() {
    let house = House::with_orders().await;
    let backup = house.back_up().await;
    let target = house.place("restored").data_dir;
    std::fs::create_dir_all(&target).unwrap();
    std::fs::write(target.join("notes.txt"), "mine").unwrap();

    let error = house.restore(&backup.path).await.unwrap_err();

    assert!(matches!(error, BackupError::NotEmpty { .. }), "{error}");
    assert_eq!(names_in(&target), ["notes.txt"]);
    std::fs::remove_file(target.join("notes.txt")).unwrap();
    house.restore(&backup.path).await.unwrap();
}

#[tokio::test]
async fn a_directory_that_was_not_restored_to_its_end_is_not_opened() {
    let house = House::with_orders().await;
    let backup = house.back_up().await;
    house.restore(&backup.path).await.unwrap();
    let target = house.place("restored").data_dir;
    std::fs::write(target.join("restore-unfinished"), "").unwrap();
    let options = OpenOptions {
        database: None,
        lake: None,
        currency: Currency::GBP,
        region: "GB".to_owned(),
        memory_limit_bytes: 128 * 1024 * 1024,
        clock: Clock::fixed(at("2026-01-01T00:00:00Z")),
        ids: IdGenerator::from_entropy(),
    };

    let error = Workspace::open(&target, options).await.unwrap_err();

    assert!(error.to_string().contains("restore again"), "{error}");
}

#[tokio::test]
async fn a_file_that_the_data_lack_is_told_and_the_rest_is_saved() {
    let house = House::with_orders().await;
    let data = house.place("data");
    let whole = backup::verify_data(&data, &mut |_| {}).await.unwrap();
    assert_eq!(whole.problems, []);
    let uploads = data.data_dir.join("uploads");
    let upload = format!("uploads/{}", names_in(&uploads)[0]);
    std::fs::remove_file(data.data_dir.join(&upload)).unwrap();

    let in_use = backup::verify_data(&data, &mut |_| {}).await.unwrap();
    let backup = house.back_up().await;

    assert_eq!(
        in_use.problems[0].to_string(),
        format!("{upload} is missing")
    );
    assert_eq!(backup.manifest.lacking, [upload.as_str()]);
    let told = format!("{upload} was missing or damaged already when the backup was made");
    assert_eq!(problems(&backup.path).await, [told]);
    house.restore(&backup.path).await.unwrap();
}

#[tokio::test]
async fn a_damaged_file_of_events_in_use_is_named() {
    let house = House::with_orders().await;
    let data = house.place("data");
    let backup = house.back_up().await;
    let files = &backup.manifest.files;
    let events = files
        .iter()
        .find(|file| file.path.starts_with("lake/"))
        .unwrap();
    std::fs::write(data.data_dir.join(&events.path), "short").unwrap();

    let verdict = backup::verify_data(&data, &mut |_| {}).await.unwrap();
    let later = house.back_up_at("2026-11-28T03:15:00Z").await.unwrap();

    assert!(verdict.problems[0].to_string().starts_with(&events.path));
    assert_eq!(later.manifest.lacking, [events.path.as_str()]);
}

#[tokio::test]
async fn records_of_another_kind_of_database_are_refused_with_what_to_set() {
    let house = House::with_orders().await;
    let backup = house.back_up().await;
    let place = Place {
        database: Some("postgres://localhost/crm".to_owned()),
        ..house.place("restored")
    };

    let error = backup::restore(&backup.path, &place, &mut |_| {})
        .await
        .unwrap_err();

    assert!(error.to_string().contains("leave database out"), "{error}");
    assert!(!place.data_dir.exists());
}

#[tokio::test]
async fn where_there_are_no_records_there_is_nothing_to_save() {
    let house = House::new();

    let error = house.back_up_at("2026-11-27T03:15:00Z").await.unwrap_err();

    assert!(error.to_string().contains("--data-dir"), "{error}");
    assert_eq!(names_in(&house.backups()), [""; 0]);
}
