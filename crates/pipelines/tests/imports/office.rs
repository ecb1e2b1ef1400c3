//! A workspace to import into, and ways to look at what became of a file.

use std::path::Path;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering};

use futures::TryStreamExt as _;
use rapport_domain::{Currency, IdGenerator, ImportId, JobStatus, Timestamp};
use rapport_lake::{RecordBatch, SqlValue};
use rapport_pipelines::{Clock, OpenOptions, PipelineError, Workspace, imports, jobs};
use rapport_store::imports::Import;

pub(crate) async fn open(dir: &Path) -> Workspace {
    open_at(dir, ticking_clock()).await
}

pub(crate) async fn open_at(dir: &Path, clock: Clock) -> Workspace {
    let options = OpenOptions {
        database: rapport_testing::database_of(dir),
        lake: None,
        currency: Currency::GBP,
        region: "GB".to_owned(),
        memory_limit_bytes: 128 * 1024 * 1024,
        clock,
        ids: IdGenerator::from_entropy(),
    };
    Workspace::open(dir, options).await.unwrap()
}

/// A clock that moves a millisecond with every look, so that waits between attempts pass. Each one starts
/// three minutes after the one made before it: on a server the lease of who was killed has run out by then.
pub(crate) fn ticking_clock() -> Clock {
    static STARTS: LazyLock<Starts> = LazyLock::new(Starts::default);
    STARTS.next()
}

/// Starts of one workspace, each three minutes after the one before.
pub(crate) struct Starts(AtomicI64);

impl Starts {
    const AFTER_A_LEASE: i64 = 180_000_000;

    /// The clock of the next start.
    pub(crate) fn next(&self) -> Clock {
        let start = self.0.fetch_add(Self::AFTER_A_LEASE, Ordering::Relaxed);
        let ticks = AtomicI64::new(0);
        Clock::new(move || {
            let tick = ticks.fetch_add(1, Ordering::Relaxed);
            Timestamp::from_micros(start + tick * 1000)
        })
    }
}

impl Default for Starts {
    fn default() -> Self {
        Self(AtomicI64::new(
            rapport_testing::at("2026-01-01T00:00:00Z").as_micros(),
        ))
    }
}

pub(crate) async fn upload(workspace: &Workspace, text: &str) -> Result<Import, PipelineError> {
    upload_as(workspace, "shop", "orders.csv", text.as_bytes()).await
}

pub(crate) async fn upload_as(
    workspace: &Workspace,
    source: &str,
    file_name: &str,
    bytes: &[u8],
) -> Result<Import, PipelineError> {
    imports::upload(workspace, file_name, source, None, u64::MAX, bytes).await
}

/// Imports a file of the source `shop`.
pub(crate) async fn import(workspace: &Workspace, text: &str) -> Import {
    import_as(workspace, "shop", "orders.csv", text).await
}

pub(crate) async fn import_as(
    workspace: &Workspace,
    source: &str,
    file_name: &str,
    text: &str,
) -> Import {
    let import = upload_as(workspace, source, file_name, text.as_bytes())
        .await
        .unwrap();
    let (import, status, error) = run(workspace, import.id).await;
    assert_eq!(status, JobStatus::Done, "{error:?}");
    import
}

/// Runs an import to its end, whatever that is.
pub(crate) async fn run(
    workspace: &Workspace,
    id: ImportId,
) -> (Import, JobStatus, Option<String>) {
    let job = imports::start(workspace, id).await.unwrap();
    let job = jobs::run_until_over(workspace, job.id, &mut |_| {})
        .await
        .unwrap();
    (find(workspace, id).await, job.status, job.error)
}

pub(crate) async fn find(workspace: &Workspace, id: ImportId) -> Import {
    let found = rapport_store::imports::find(&workspace.store, id).await;
    found.unwrap().unwrap()
}

/// The download of an import's rejected rows.
pub(crate) async fn rejected_csv(workspace: &Workspace, id: ImportId) -> String {
    let pieces = imports::rejected_csv(workspace, id).await.unwrap();
    let pieces: Vec<Vec<u8>> = pieces.try_collect().await.unwrap();
    String::from_utf8(pieces.concat()).unwrap()
}

/// Number of events, and minor units that the source `shop` has in the history.
pub(crate) async fn history(workspace: &Workspace) -> (u64, i64) {
    let amount = "SELECT CAST(sum(amount_minor) AS DOUBLE) AS found FROM events WHERE source = $s";
    let n_events = workspace.events().await.unwrap().n_events();
    (n_events, number(workspace, amount, "shop").await as i64)
}

/// The number `found` of a query over the events; `$s` is bound to `text`.
pub(crate) async fn number(workspace: &Workspace, query: &str, text: &str) -> f64 {
    let rows = events(workspace, query, text).await;
    rapport_lake::first_float(&rows[0], "found").unwrap_or(0.0)
}

/// The texts `found` of a query over the events; `$s` is bound to `text`.
pub(crate) async fn texts(workspace: &Workspace, query: &str, text: &str) -> Vec<String> {
    let rows = events(workspace, query, text).await;
    let texts = rows
        .iter()
        .flat_map(|batch| rapport_lake::texts_of(batch, "found"));
    texts.map(str::to_owned).collect()
}

async fn events(workspace: &Workspace, query: &str, text: &str) -> Vec<RecordBatch> {
    let snapshot = workspace.events().await.unwrap();
    snapshot
        .sql(query, &[("s", SqlValue::text(text))])
        .await
        .unwrap()
}
