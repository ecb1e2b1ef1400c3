//! An archive driven by hand, step by step, and compared with what SQLite itself makes of the file and
//! its log at the same instant.

mod harm;
mod kept;
mod kills;
mod strange;
mod truth;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rapport_domain::{Contact, Currency, IdGenerator, Timestamp};
use rapport_store::{Checkpoints, ListQuery, Store, StoreConfig, contacts};
use rapport_testing::OrdersFile;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::super::{Place, verify_data};
use super::follow::Scribe;
use super::ship::Shipper;
use super::{ArchiveOptions, Restored, keeper, restore, verify};
use crate::backup::BackupError;
use crate::killed::hand_clock;
use crate::{Clock, OpenOptions, Workspace, imports, jobs};

/// A data directory and its archive, side by side in a folder.
struct House {
    root: PathBuf,
    workspace: Workspace,
    scribe: Scribe,
    shipper: Shipper,
    hand: Arc<AtomicI64>,
}

/// A house that nobody is in.
#[derive(Clone)]
struct Closed {
    root: PathBuf,
    clock: Clock,
    hand: Arc<AtomicI64>,
}

impl Closed {
    async fn open(self) -> House {
        House::open_at(&self.root, self.clock, self.hand).await
    }

    fn data_dir(&self) -> PathBuf {
        self.root.join("data")
    }
}

/// The records as of an instant, as SQLite has them.
struct Truth {
    at: Timestamp,
    bytes: Vec<u8>,
}

fn options(root: &Path) -> ArchiveOptions {
    ArchiveOptions {
        address: root.join("archive").display().to_string(),
        keep_days: 2,
        every: Duration::from_secs(5),
        program: "1.0".to_owned(),
    }
}

fn open_options(clock: Clock) -> OpenOptions {
    OpenOptions {
        database: None,
        lake: None,
        currency: Currency::GBP,
        region: "GB".to_owned(),
        memory_limit_bytes: 64 * 1024 * 1024,
        clock,
        ids: IdGenerator::from_entropy(),
    }
}

fn place(data_dir: PathBuf) -> Place {
    Place {
        data_dir,
        database: None,
        lake: None,
    }
}

impl House {
    async fn open(root: &Path) -> Self {
        let (clock, hand) = hand_clock();
        Self::open_at(root, clock, hand).await
    }

    async fn open_at(root: &Path, clock: Clock, hand: Arc<AtomicI64>) -> Self {
        let data_dir = root.join("data");
        let open_options = open_options(clock);
        let opened = Workspace::open_moved_by(Checkpoints::ByFollower, &data_dir, open_options);
        let workspace = opened.await.unwrap();
        let failure = Arc::<Mutex<Option<String>>>::default();
        let sources = workspace.sources().await.unwrap();
        let opened = keeper::open(sources, options(root), &failure).await;
        let (scribe, shipper) = opened.unwrap();
        Self {
            root: root.to_owned(),
            workspace,
            scribe,
            shipper,
            hand,
        }
    }

    /// With a generation of its archive begun and nothing shipped.
    async fn begun(root: &Path) -> Self {
        let mut house = Self::open(root).await;
        house.tick().await;
        house
    }

    /// Ends it in order; nothing is shipped by that.
    async fn close(self) -> Closed {
        let Self {
            root,
            workspace,
            scribe,
            hand,
            ..
        } = self;
        scribe.finish(&workspace.store).await.unwrap();
        let clock = workspace.clock.clone();
        Closed { root, clock, hand }
    }

    /// The next start, at the same time of the clock.
    async fn reopen(self) -> Self {
        self.close().await.open().await
    }

    fn data_dir(&self) -> PathBuf {
        self.root.join("data")
    }

    fn archive(&self) -> PathBuf {
        self.root.join("archive")
    }

    fn address(&self) -> String {
        options(&self.root).address
    }

    fn wait(&self, seconds: i64) {
        self.hand.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    async fn tick(&mut self) {
        self.scribe.tick(&CancellationToken::new()).await.unwrap();
    }

    async fn begin(&mut self) {
        self.scribe.begin(&CancellationToken::new()).await.unwrap();
    }

    async fn ship(&mut self) {
        self.shipper.ship_all().await.unwrap();
    }

    async fn import(&self, source: &str, n_orders: usize) {
        let text = OrdersFile::new(n_orders).csv();
        let (workspace, file) = (&self.workspace, text.as_bytes());
        let import = imports::upload(workspace, "orders.csv", source, None, u64::MAX, file).await;
        let job = imports::start(workspace, import.unwrap().id).await.unwrap();
        let done = jobs::run_until_over(workspace, job.id, &mut |_| {}).await;
        assert_eq!(done.unwrap().error, None);
    }

    async fn add_contact(&self, name: &str) {
        let now = self.workspace.clock.now();
        let contact = Contact::named(self.workspace.ids.next(now), name, now);
        contacts::create(&self.workspace.store, contact)
            .await
            .unwrap();
    }

    /// Renames the first contact, and deletes the second.
    async fn edit_and_delete(&self, name: &str) {
        let store = &self.workspace.store;
        let found = contacts::list(store, &ListQuery::default()).await.unwrap();
        let mut rows = found.items.into_iter();
        let (first, second) = (rows.next().unwrap().contact, rows.next().unwrap().contact);
        let (version, id) = (first.version, second.id);
        let renamed = Contact {
            name: name.to_owned(),
            ..first
        };
        contacts::update(store, renamed, version).await.unwrap();
        contacts::delete(store, id, second.version).await.unwrap();
    }

    /// The records at this instant: file and log are put together by SQLite, elsewhere.
    async fn truth(&self) -> Truth {
        let dir = TempDir::new().unwrap();
        for name in ["records.sqlite", "records.sqlite-wal"] {
            let from = self.data_dir().join(name);
            if from.exists() {
                std::fs::copy(from, dir.path().join(name)).unwrap();
            }
        }
        let config = StoreConfig::in_directory(dir.path());
        Store::open(&config).await.unwrap().close().await;
        Truth {
            at: self.workspace.clock.now(),
            bytes: std::fs::read(dir.path().join("records.sqlite")).unwrap(),
        }
    }

    async fn restore(
        &self,
        at: Option<Timestamp>,
        into: &TempDir,
    ) -> Result<Restored, BackupError> {
        let place = place(into.path().join("restored"));
        restore(&self.address(), at, &place, &mut |_| {}).await
    }

    /// Restores an instant and compares it with the truth; every file that it names is there.
    async fn check(&self, at: Timestamp, truth: &Truth) {
        let restored = self.check_records(at, truth).await;

        assert_eq!(restored.at, truth.at);
    }

    /// As [`House::check`], of a state that may have been taken earlier: nothing was written since.
    async fn check_records(&self, at: Timestamp, truth: &Truth) -> Restored {
        let into = TempDir::new().unwrap();
        let restored = self.restore(Some(at), &into).await.unwrap();

        assert_eq!(restored.lacking, [""; 0]);
        let data_dir = into.path().join("restored");
        let bytes = std::fs::read(data_dir.join("records.sqlite")).unwrap();
        assert!(bytes == truth.bytes, "the records are others at {at}");
        let verdict = verify_data(&place(data_dir), &mut |_| {}).await.unwrap();
        assert_eq!(verdict.problems, []);
        restored
    }

    async fn problems(&self) -> Vec<String> {
        let found = verify(&self.address(), &mut |_| {}).await.unwrap();
        let problems = found.verdict.problems.iter();
        problems.map(ToString::to_string).collect()
    }
}

/// Every file below a folder, as paths below it.
fn files_below(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let below = path.strip_prefix(folder).unwrap();
                found.push(below.to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

/// Whether an archive has got as far as a state.
async fn is_archive_with_states(address: &str) -> bool {
    match super::restore::open(address).await {
        Ok(depot) => {
            let listing = super::listing::Listing::of(&depot).await.unwrap();
            !listing.reachable().is_empty()
        }
        Err(_) => false,
    }
}
