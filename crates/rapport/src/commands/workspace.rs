//! Opening the data directory with the settings in force.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use rapport_domain::{Actor, Author, IdGenerator, SystemActor, Timestamp};
use rapport_mailbox::Outside;
use rapport_pipelines::backup::archive::ArchiveOptions;
use rapport_pipelines::{Clock, OpenOptions, Workspace};

use crate::config::Config;

/// Opens (and where it is new, makes) the data directory.
pub(super) async fn open(config: &Config) -> Result<Workspace> {
    let trust = mailbox_trust(config)?;
    let options = OpenOptions {
        database: config.database.clone(),
        lake: config.lake.clone(),
        currency: config.currency,
        region: config.region.clone(),
        memory_limit_bytes: config.memory_limit_mib as usize * 1024 * 1024,
        clock: Clock::new(system_now),
        ids: IdGenerator::from_entropy(),
    };
    let mut workspace = Workspace::open_archived(&config.data_dir, options, archive_of(config))
        .await
        .with_context(|| format!("opening {}", config.data_dir.display()))?;
    workspace.outside = trust;
    Ok(workspace)
}

/// As [`open`], for a command that somebody gives: what it changes is noted in the audit as done at the
/// command line.
pub(super) async fn open_signed(config: &Config) -> Result<Workspace> {
    let mut workspace = open(config).await?;
    let actor = Actor::System(SystemActor::CommandLine);
    let author = Author::new(actor, workspace.clock.now());
    workspace.store = workspace.store.in_name_of(author);
    Ok(workspace)
}

/// As [`open_signed`], for one piece of work; the data directory is closed in order, whatever came of it.
pub(super) async fn within<T>(
    config: &Config,
    work: impl AsyncFnOnce(&Workspace) -> Result<T>,
) -> Result<T> {
    let workspace = open_signed(config).await?;
    let outcome = work(&workspace).await;
    workspace.close().await;
    outcome
}

/// Which certificates of mail servers are trusted: those that browsers trust, and those of the authorities that
/// the settings name.
pub(super) fn mailbox_trust(config: &Config) -> Result<Outside> {
    let Some(path) = &config.mailbox_authorities else {
        return Ok(Outside::anywhere());
    };
    let pem = std::fs::read(path)
        .with_context(|| format!("reading mailbox_authorities, {}", path.display()))?;
    Outside::with_authorities(&pem)
        .with_context(|| format!("reading mailbox_authorities, {}", path.display()))
}

fn archive_of(config: &Config) -> Option<ArchiveOptions> {
    Some(ArchiveOptions {
        address: config.archive.clone()?,
        keep_days: config.archive_keep_days,
        every: Duration::from_secs(config.archive_every_seconds.into()),
        program: env!("CARGO_PKG_VERSION").to_owned(),
    })
}

/// The operating system's clock: the one place where the product reads it.
#[expect(
    clippy::disallowed_methods,
    reason = "the edge of the program reads the clock"
)]
pub(crate) fn system_now() -> Timestamp {
    let since_epoch = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
}
