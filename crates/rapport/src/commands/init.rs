//! `rapport init`: a data directory with its first user.

use anyhow::{Result, bail};
use rapport_domain::Role;
use rapport_pipelines::accounts;
use rapport_store::{settings, users};

use super::workspace;
use crate::cli::InitArgs;
use crate::config::Config;
use crate::output::{self, BadInput};

pub(crate) async fn run(config: Config, args: InitArgs) -> Result<()> {
    let workspace = workspace::open_signed(&config).await?;
    if !users::list(&workspace.store).await?.is_empty() {
        bail!(BadInput(format!(
            "{} has users already; add more with `rapport user add`",
            config.data_dir.display()
        )));
    }
    let mut settings = settings::workspace(&workspace.store).await?;
    settings.name = args.workspace;
    settings::save_workspace(&workspace.store, &settings).await?;
    let password = accounts::add(&workspace, args.email.clone(), args.name, Role::Admin).await?;
    output::line(&format!("Made {}.", config.data_dir.display()));
    output::line(&format!(
        "Sign in as {} with the password {password}",
        args.email
    ));
    output::line("Start the server with `rapport serve`.");
    Ok(())
}
