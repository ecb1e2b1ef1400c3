//! `rapport mailbox`: mail over IMAP into the data directory. The password comes from the environment or
//! a file; an argument is seen by everybody on the machine.

use std::path::Path;

use anyhow::{Context as _, Result};
use rapport_mailbox::{Account, Credential, Options, Secret, Security, Server};
use rapport_pipelines::Workspace;
use rapport_pipelines::mailboxes::{self, FolderSync, Mailbox};
use rapport_store::imports;
use serde_json::json;

use super::{demo, workspace};
use crate::cli::{MailServerArgs, MailboxAction, MailboxSyncArgs};
use crate::config::Config;
use crate::output::{self, BadInput};

/// The variable of the environment that holds the password.
const PASSWORD: &str = "RAPPORT_MAILBOX_PASSWORD";

pub(crate) async fn run(config: Config, action: MailboxAction) -> Result<()> {
    match action {
        MailboxAction::Folders(server) => list(&config, &server).await,
        MailboxAction::Sync(args) => {
            let dial = dial(&config, &args.server)?;
            workspace::within(&config, async |workspace| {
                sync(workspace, &dial, &args).await
            })
            .await
        }
    }
}

async fn list(config: &Config, server: &MailServerArgs) -> Result<()> {
    let folders = mailboxes::folders(&dial(config, server)?, &account(server)?).await;
    for folder in folders?.iter().filter(|folder| folder.is_open) {
        output::line(&folder.name);
    }
    Ok(())
}

async fn sync(workspace: &Workspace, dial: &Server, args: &MailboxSyncArgs) -> Result<()> {
    let account = account(&args.server)?;
    let source = args.source.clone().unwrap_or(account.user.clone());
    let mailbox = Mailbox {
        key: source.clone(),
        source,
        own_addresses: Some(account.user.clone())
            .filter(|user| user.contains('@'))
            .into_iter()
            .collect(),
        makes_contacts: args.contacts,
    };
    let mut told = Vec::new();
    for folder in &args.folder {
        let options = Options::default();
        let synced = mailboxes::sync(workspace, dial, &account, &mailbox, folder, &options).await;
        let synced = synced.with_context(|| format!("reading {folder}"))?;
        for id in &synced.imports {
            // They are queued already; here they are run.
            if let Some(import) = imports::find(&workspace.store, *id).await? {
                demo::run_import(workspace, import).await?;
            }
        }
        if args.json {
            told.push(to_json(folder, &synced));
        } else {
            output::line(&sentence(folder, &synced));
        }
    }
    if args.json {
        output::json(&json!({ "source": mailbox.source, "folders": told }))?;
    }
    Ok(())
}

fn sentence(folder: &str, sync: &FolderSync) -> String {
    let synced = &sync.synced;
    let anew = if synced.is_anew {
        " The server has numbered the folder anew, and all of it was read again."
    } else {
        ""
    };
    let missed = synced.missed.iter().take(5);
    let missed: String = missed
        .map(|it| format!("\n  message {} is missing: {}", it.uid, it.reason))
        .collect();
    format!(
        "{folder}: {} new, {} read, {} gone, {} missed.{anew}{missed}",
        synced.n_seen,
        synced.n_read,
        synced.n_gone,
        synced.missed.len(),
    )
}

fn to_json(folder: &str, sync: &FolderSync) -> serde_json::Value {
    json!({
        "folder": folder,
        "seen": sync.synced.n_seen,
        "read": sync.synced.n_read,
        "gone": sync.synced.n_gone,
        "missed": sync.synced.missed,
        "anew": sync.synced.is_anew,
        "imports": sync.imports,
    })
}

fn account(server: &MailServerArgs) -> Result<Account> {
    let password = match &server.password_file {
        Some(path) => read_password(path)?,
        None => std::env::var(PASSWORD).map_err(|_| {
            BadInput(format!(
                "set {PASSWORD}, or name a file with --password-file"
            ))
        })?,
    };
    Ok(Account {
        user: server.user.clone(),
        credential: Credential::Password(Secret::new(password)),
    })
}

fn read_password(path: &Path) -> Result<String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| BadInput(format!("cannot read {}: {error}", path.display())))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn dial(config: &Config, server: &MailServerArgs) -> Result<Server> {
    let security = match (server.is_plain, server.is_starttls) {
        (true, _) => Security::Unencrypted,
        (false, true) => Security::StartTls,
        (false, false) => Security::Tls,
    };
    let port = server.port.unwrap_or(security.default_port());
    let outside = workspace::mailbox_trust(config)?;
    let server = Server::new(&server.host, port, security, outside);
    Ok(server.map_err(|error| BadInput(error.to_string()))?)
}
