//! Arguments of `rapport mailbox`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub(crate) struct MailboxArgs {
    #[command(subcommand)]
    pub(crate) action: MailboxAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum MailboxAction {
    /// List the folders of a mailbox
    Folders(MailServerArgs),
    /// Read what is new in a mailbox and import it; nothing in it is marked or changed
    Sync(MailboxSyncArgs),
}

#[derive(Debug, Args)]
pub(crate) struct MailServerArgs {
    /// Name of the mail server
    #[arg(long)]
    pub(crate) host: String,
    /// Port [default: 993, or 143 with --starttls or --plain]
    #[arg(long)]
    pub(crate) port: Option<u16>,
    /// Name of the account, as a rule its address; its password is in RAPPORT_MAILBOX_PASSWORD
    #[arg(long)]
    pub(crate) user: String,
    /// File that holds the password and nothing else
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
    /// Begin in the open and encrypt by STARTTLS; a server that does not offer it is refused
    #[arg(long = "starttls", conflicts_with = "is_plain")]
    pub(crate) is_starttls: bool,
    /// Speak without encryption, to a server on this machine
    #[arg(long = "plain")]
    pub(crate) is_plain: bool,
}

#[derive(Debug, Args)]
pub(crate) struct MailboxSyncArgs {
    #[command(flatten)]
    pub(crate) server: MailServerArgs,
    /// Folder to read; may be repeated
    #[arg(long, default_value = "INBOX")]
    pub(crate) folder: Vec<String>,
    /// Name of the source [default: the account]
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,
    /// Make contacts of people who are not here yet
    #[arg(long)]
    pub(crate) contacts: bool,
    /// Print one JSON object on standard output
    #[arg(long)]
    pub(crate) json: bool,
}
