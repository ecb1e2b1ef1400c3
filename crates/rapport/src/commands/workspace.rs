//! Opening the data directory with the settings in force.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use rapport_domain::{Actor, Author, IdGenerator, SystemActor, Timestamp};
use rapport_pipelines::{Clock, OpenOptions, Workspace};

use crate::config::Config;

/// Opens (and where it is new, makes) the data directory.
pub(super) async fn open(config: &Config) -> Result<Workspace> {
    let options = OpenOptions {
        database: config.database.clone(),
        lake: config.lake.clone(),
        currency: config.currency,
        region: config.region.clone(),
        memory_limit_bytes: config.memory_limit_mib as usize * 1024 * 1024,
        clock: Clock::new(system_now),
        ids: IdGenerator::from_entropy(),
    };
    Workspace::open(&config.data_dir, options)
        .await
        .with_context(|| format!("opening {}", config.data_dir.display()))
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
