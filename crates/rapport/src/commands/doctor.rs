//! `rapport doctor`: the settings in force and what is wrong with them.

use std::net::TcpListener;

use anyhow::{Result, bail};

use super::workspace;
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
    output::line(&format!("currency    {}", config.currency));
    output::line(&format!("region      {}", config.region));
    let mut problems = Vec::new();
    if config.data_dir.exists() {
        if let Err(error) = workspace::open(config).await {
            problems.push(format!("{error:#}"));
        }
    } else {
        output::line("The data directory is not made yet; `rapport init` makes it.");
    }
    if let Err(error) = TcpListener::bind(config.listen) {
        problems.push(format!("cannot listen on {}: {error}", config.listen));
    }
    if !config.listen.ip().is_loopback() && config.public_url.is_none() {
        problems.push("listening beyond this machine needs public_url".to_owned());
    }
    for problem in &problems {
        output::line(&format!("problem: {problem}"));
    }
    if !problems.is_empty() {
        bail!("found {} problem(s)", problems.len());
    }
    output::line("No problems found.");
    Ok(())
}
