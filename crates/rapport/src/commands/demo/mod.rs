//! `rapport demo`: a working CRM from a made-up company or from files, built through the same
//! importer and jobs as everything else, then served.

mod build;
mod summary;

use std::path::Path;

use anyhow::{Context, Result, bail};
use rapport_domain::{EmailAddress, Role};
use rapport_pipelines::{Workspace, accounts, imports, keep_first_pipeline};
use rapport_store::users;
use serde_json::json;

pub(super) use build::run as run_import;

use super::{files, serve, workspace};
use crate::cli::DemoArgs;
use crate::config::Config;
use crate::output;

/// Who signs in to a demo.
const EMAIL: &str = "demo@example.com";

pub(crate) async fn run(mut config: Config, args: DemoArgs) -> Result<()> {
    if let Some(listen) = args.listen {
        config.listen = listen;
    }
    if let Some(currency) = args.currency {
        config.currency = currency;
    }
    files::check_readable(&args.data)?;
    if !config.is_data_dir_chosen {
        config.data_dir = config.data_dir.join(folder_name(&args)?);
    }
    // The port first, so that a port in use is told before minutes of work.
    let listener = if args.once {
        None
    } else {
        Some(rapport_server::bind(config.listen).await?)
    };
    let workspace = workspace::open(&config).await?;
    keep_first_pipeline(&workspace).await?;
    let summary = build::build(&workspace, &args).await?;
    if listener.is_none() || summary.training_error.is_some() {
        if args.json {
            output::json(&summary)?;
        } else {
            summary.print();
        }
    }
    if let Some(error) = &summary.training_error {
        bail!("the files are imported, but finding segments failed: {error}");
    }
    let Some(listener) = listener else {
        return Ok(());
    };
    let address = format!("http://{}", listener.local_addr()?);
    let password = demo_password(&workspace).await?;
    if args.json {
        output::json(&json!({ "address": address, "email": EMAIL, "password": password }))?;
    } else {
        summary.print();
        output::line(&format!("\n  Open      {address}"));
        output::line(&format!("  E-mail    {EMAIL}\n  Password  {password}\n"));
        output::line("Press Ctrl-C to stop. The data stay; the same command goes on with them.");
    }
    serve::until_told_to_stop(&config, workspace, listener).await
}

/// A folder for each demo, so that one does not mix with another: named after the first file for
/// people, and after the content of all files for the next run.
fn folder_name(args: &DemoArgs) -> Result<String> {
    Ok(match args.data.first() {
        None => format!("demo-{}-{}", args.customers, args.seed),
        Some(first) => format!("demo-{}-{}", stem(first), files::fingerprint(&args.data)?),
    })
}

/// What a file's source is called, and its demo's folder.
fn stem(path: &Path) -> String {
    imports::default_source(&files::name(path)).to_owned()
}

/// Makes the demo's user, or gives it a new password: the old one cannot be shown again.
async fn demo_password(workspace: &Workspace) -> Result<String> {
    let email: EmailAddress = EMAIL.parse().expect("a constant address is valid");
    let is_new = users::find_by_email(&workspace.store, &email)
        .await?
        .is_none();
    let password = if is_new {
        accounts::add(workspace, email, "Demo".to_owned(), Role::Admin).await
    } else {
        accounts::reset_password(workspace, &email).await
    };
    password.context("making the demo's login")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_gives_its_demo_a_folder_of_its_own() {
        assert_eq!(stem(Path::new("a/orders_2011.csv.gz")), "orders_2011");
        assert_eq!(stem(Path::new("a/orders.2011.csv")), "orders.2011");
        assert_eq!(stem(Path::new("orders")), "orders");
    }
}
