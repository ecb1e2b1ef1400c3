//! `rapport doctor`: the settings in force and what is wrong with them.

use std::net::TcpListener;

use anyhow::{Result, bail};
use rapport_pipelines::backup::archive;
use rapport_pipelines::{PipelineError, store_config};
use rapport_store::Inspection;

use super::backup::place_of;
use super::serve::NO_WEB_APP;
use super::workspace::system_now;
use crate::config::Config;
use crate::output;

pub(crate) async fn run(config: &Config) -> Result<()> {
    let or_default = |value: &Option<String>, default: &str| {
        // An address may hold a password: only its scheme is shown.
        value.as_deref().map_or_else(
            || default.to_owned(),
            |text| match text.split_once("://") {
                Some((scheme, _)) => format!("{scheme}://…"),
                None => text.to_owned(),
            },
        )
    };
    output::line(&format!("version     {}", env!("CARGO_PKG_VERSION")));
    output::line(&format!("data_dir    {}", config.data_dir.display()));
    output::line(&format!("listen      {}", config.listen));
    output::line(&format!(
        "public_url  {}",
        config.public_url.as_deref().unwrap_or("-")
    ));
    output::line(&format!(
        "database    {}",
        or_default(&config.database, "SQLite")
    ));
    output::line(&format!(
        "lake        {}",
        or_default(&config.lake, "in the data directory")
    ));
    output::line(&format!("archive     {}", or_default(&config.archive, "-")));
    output::line(&format!("currency    {}", config.currency));
    output::line(&format!("region      {}", config.region));
    if !rapport_ui::is_embedded() {
        output::line(NO_WEB_APP);
    }
    let problems = problems(config).await;
    for problem in &problems {
        output::line(&format!("problem: {problem}"));
    }
    if !problems.is_empty() {
        bail!("found {} problem(s)", problems.len());
    }
    output::line("No problems found.");
    Ok(())
}

/// What is wrong with the settings in force, without changing anything.
async fn problems(config: &Config) -> Vec<String> {
    let mut problems = Vec::new();
    let mut is_served = false;
    match inspection(config).await {
        Ok(Some(found)) => {
            is_served = found.is_in_use;
            describe(&found);
        }
        Ok(None) => output::line("There are no records yet; `rapport init` makes them."),
        Err(error) => problems.push(error.to_string()),
    }
    problems.extend(problems_of_archive(config));
    // The port of a server that runs is taken by that server.
    if !is_served && let Err(error) = TcpListener::bind(config.listen) {
        problems.push(format!("cannot listen on {}: {error}", config.listen));
    }
    if !config.listen.ip().is_loopback() && config.public_url.is_none() {
        problems.push("listening beyond this machine needs public_url".to_owned());
    }
    problems
}

/// What is wrong with the archive, as far as it is seen from the data directory.
fn problems_of_archive(config: &Config) -> Vec<String> {
    const BEHIND_SECONDS_MAX: u64 = 600;
    let Some(address) = &config.archive else {
        return Vec::new();
    };
    if config.database.is_some() {
        return vec![PipelineError::ArchiveOnServer.to_string()];
    }
    if let Err(error) = archive::check_address(address, &place_of(config)) {
        return vec![error.to_string()];
    }
    match archive::look(&config.data_dir) {
        Ok(status) if status.behind_seconds(system_now()) > BEHIND_SECONDS_MAX => vec![format!(
            "the archive is {} minutes behind and {} bytes wait for it; the server's log says why, and \
             they are sent once it can be reached",
            status.behind_seconds(system_now()) / 60,
            status.waiting_bytes
        )],
        Ok(_) => Vec::new(),
        Err(error) => vec![error.to_string()],
    }
}

async fn inspection(config: &Config) -> Result<Option<Inspection>> {
    let records = store_config(config.database.as_deref(), &config.data_dir)?;
    Ok(rapport_store::inspect(&records).await?)
}

fn describe(found: &Inspection) {
    if found.is_in_use {
        output::line("A server is running on this data directory.");
    }
    if !found.pending.is_empty() {
        output::line(&format!(
            "The next start brings the records up to date ({}); make a backup before it.",
            found.pending.join(", ")
        ));
    }
}
