//! Databases of past schemas: today's program opens each and reads all that it held, and no step that
//! such a database has seen was changed since. How a fixture is made: `fixtures/schemas/README.md`.

mod fixture;
mod shop;

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use fixture::{FOLDER, empty_of_step};
pub(super) use fixture::{applied, definitions, unpack};

use crate::connection::{close_pool, sqlite};
use crate::{Store, StoreConfig, migrations, transfer};

/// Names a step whose fixture should be made, or `newest`.
const MAKE: &str = "RAPPORT_MAKE_FIXTURE";

/// The last steps of the schemas of which there is a fixture, in order.
fn fixtures() -> Vec<String> {
    let folder = Path::new(FOLDER);
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let steps = names.filter_map(|name| Some(name.strip_suffix(".sqlite.gz")?.to_owned()));
    let mut steps: Vec<String> = steps.collect();
    steps.sort();
    steps
}

/// How many steps there are up to one, itself counted.
pub(super) fn n_steps(step: &str) -> u32 {
    let names = migrations::names();
    let position = names.iter().position(|name| name == step);
    position.expect("a step of this program") as u32 + 1
}

/// The fixture of a step opened by today's program, on the database of this run of the suite.
async fn open(folder: &TempDir, step: &str) -> Store {
    let file = unpack(step, folder.path());
    let config = match rapport_testing::database_of(folder.path()) {
        Some(address) => {
            let steps = Some(n_steps(step));
            transfer::move_all(&file, &address, steps, &mut |_| ())
                .await
                .unwrap();
            StoreConfig::postgres(address)
        }
        None => StoreConfig::in_directory(folder.path()),
    };
    Store::open(&config).await.unwrap()
}

#[tokio::test]
async fn the_fixture_that_is_asked_for_is_made() {
    let Ok(step) = std::env::var(MAKE) else {
        return;
    };
    let newest = migrations::names().pop().unwrap();
    let step = if step == "newest" { newest } else { step };

    fixture::make(&step, n_steps(&step)).await;

    assert!(fixtures().contains(&step));
}

#[tokio::test]
async fn every_past_schema_is_opened_and_its_lists_read() {
    let steps = fixtures();
    assert!(!steps.is_empty());

    for step in steps {
        let folder = TempDir::new().unwrap();
        let store = open(&folder, &step).await;

        shop::check(&store, &step).await;
    }
}

#[tokio::test]
async fn no_step_that_a_fixture_has_seen_was_changed() {
    for step in fixtures() {
        let folder = TempDir::new().unwrap();
        let then = unpack(&step, folder.path());
        let now = folder.path().join("now.sqlite");
        empty_of_step(&now, n_steps(&step)).await;

        assert_eq!(applied(&now).await, applied(&then).await, "{step}");
        assert_eq!(definitions(&now).await, definitions(&then).await, "{step}");
    }
}

#[test]
fn every_release_has_a_fixture() {
    let listed = std::fs::read_to_string(Path::new(FOLDER).join("releases.txt")).unwrap();
    let releases: Vec<(&str, &str)> = listed
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split_once(' ').expect("a version and a step"))
        .collect();
    let changelog = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../CHANGELOG.md");
    let changelog = std::fs::read_to_string(changelog).unwrap();
    let headings = changelog
        .lines()
        .filter_map(|line| line.strip_prefix("## "));
    let fixtures = fixtures();

    for (version, step) in &releases {
        assert!(
            fixtures.iter().any(|name| name == step),
            "there is no fixture of {step}, with which {version} was released; \
             make it with `cargo xtask fixture schema {step}`"
        );
    }
    for version in headings.filter(|&heading| heading != "Unreleased") {
        assert!(
            releases.iter().any(|(known, _)| version.starts_with(known)),
            "releases.txt does not say with which step {version} was released"
        );
    }
}

#[tokio::test]
async fn a_copy_of_the_version_before_stays_beside_an_upgraded_file() {
    let folder = TempDir::new().unwrap();
    let file = unpack("m0012_registry", folder.path());
    let stale = folder.path().join("records.before-m0011_runs.sqlite");
    std::fs::write(&stale, "of an earlier upgrade").unwrap();
    let config = StoreConfig::in_directory(folder.path());
    let before = applied(&file).await;

    let store = Store::open(&config).await.unwrap();
    store.close().await;

    let copy = folder.path().join("records.before-m0013_retention.sqlite");
    assert_eq!(applied(&copy).await, before);
    assert_eq!(applied(&file).await, migrations::names());
    assert!(!stale.exists(), "one way back is kept");
    let copied_at = copy.metadata().unwrap().modified().unwrap();
    drop(store);
    Store::open(&config).await.unwrap().close().await;
    assert_eq!(copy.metadata().unwrap().modified().unwrap(), copied_at);
    let back = sqlite::look_at_still(&copy).await.unwrap();
    assert_eq!(migrations::known(&back).await.unwrap(), before);
    close_pool(&back).await;
}

#[tokio::test]
async fn a_new_file_has_nothing_to_keep() {
    let folder = TempDir::new().unwrap();

    let store = Store::open(&StoreConfig::in_directory(folder.path()))
        .await
        .unwrap();
    store.close().await;

    let names = std::fs::read_dir(folder.path()).unwrap();
    let copies = names.filter(|name| {
        let name = name.as_ref().unwrap().file_name();
        name.to_string_lossy().contains("before")
    });
    assert_eq!(copies.count(), 0);
}
