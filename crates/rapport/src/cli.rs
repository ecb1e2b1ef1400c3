//! The command line: what can be said, with its help.

mod export;
mod mailbox;
mod matching;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use rapport_domain::{Currency, EmailAddress, Role, Timestamp};
use rapport_store::audit::ChainHead;

pub(crate) use self::export::{ExportArgs, TableFormat};
pub(crate) use self::mailbox::{MailServerArgs, MailboxAction, MailboxArgs, MailboxSyncArgs};
pub(crate) use self::matching::{LabMatchArgs, MatchArgs};

/// The CRM that learns: one binary, one data directory.
#[derive(Debug, Parser)]
#[command(name = "rapport", version, arg_required_else_help = true)]
pub(crate) struct Cli {
    /// Settings file [default: rapport.toml, where there is one]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Data directory; beats the settings
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Build a working CRM from a made-up company or from a file, and serve it
    Demo(DemoArgs),
    /// Serve the web app and the API
    Serve(ServeArgs),
    /// Make a data directory with a first user
    Init(InitArgs),
    /// Import files
    Import(ImportArgs),
    /// Write a list, or everything, to files that other programs read
    Export(ExportArgs),
    /// Take an import back: delete what it made, restore what it overwrote
    Undo(UndoArgs),
    /// Compute features and train on what was imported
    Train(TrainArgs),
    /// Look for contacts that may be one person
    Match(MatchArgs),
    /// Try a learning task on files, without a server
    Lab(LabArgs),
    /// Add, list, change and lock out the people who sign in
    User(UserArgs),
    /// Give systems keys to send events with
    Source(SourceArgs),
    /// Read mail over IMAP
    Mailbox(MailboxArgs),
    /// Write the make-believe company's files, with the truth beside them
    Twin(TwinArgs),
    /// Save all data as they are at this moment, also beside a running server
    Backup(BackupArgs),
    /// Bring a backup, or an instant of an archive, back into a new or empty data directory
    Restore(RestoreArgs),
    /// Check a backup, an archive, or the data in use
    Verify(VerifyArgs),
    /// Check that nobody has tampered with the audit, or print where it ends
    Audit(AuditArgs),
    /// Move the records from SQLite to a PostgreSQL server
    Migrate(MigrateArgs),
    /// Print the settings in force and what is wrong with them
    Doctor,
}

#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    /// Folder that gathers backups; each is a folder in it, named by the time
    #[arg(long, value_name = "DIR")]
    pub(crate) to: PathBuf,
    /// Print one JSON object on standard output
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    /// The backup, a folder such as /backups/rapport-20261127T031500Z; or an archive, as the setting
    /// `archive` names it
    #[arg(value_name = "FROM")]
    pub(crate) from: String,
    /// Instant of an archive, such as 2026-11-27T12:00:00Z [default: its last one]
    #[arg(long, value_name = "INSTANT")]
    pub(crate) at: Option<Timestamp>,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The backup, or an archive as the setting `archive` names it [default: the data in use]
    #[arg(value_name = "FROM")]
    pub(crate) from: Option<String>,
    /// Print one JSON object on standard output
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    #[command(subcommand)]
    pub(crate) action: AuditAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditAction {
    /// Check every entry of the audit, from the first to the last
    Verify {
        /// Where the audit ended when `rapport audit head` was run earlier
        #[arg(long, value_name = "HEAD")]
        head: Option<ChainHead>,
        /// Print one JSON object on standard output
        #[arg(long)]
        json: bool,
    },
    /// Print where the audit ends: kept elsewhere, it proves later that nothing before was changed
    Head,
}

#[derive(Debug, Args)]
pub(crate) struct MigrateArgs {
    /// The server, such as postgres://USER:PASSWORD@HOST/DATABASE [default: the setting `database`]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) to: Option<String>,
    /// Print one JSON object on standard output
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// File to import instead of the made-up company; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(crate) data: Vec<PathBuf>,
    /// Customers of the made-up company
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u64).range(20..=10_000_000))]
    pub(crate) customers: u64,
    /// Seed of the made-up company and of the learning
    #[arg(long, default_value_t = 42)]
    pub(crate) seed: u64,
    /// Currency of files that name none
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<Currency>,
    /// Address to serve on; beats the settings
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<SocketAddr>,
    /// Stop when all is built instead of serving
    #[arg(long)]
    pub(crate) once: bool,
    /// Print one JSON object on standard output
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Address to serve on; beats the settings
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<SocketAddr>,
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// E-mail address of the first user, an administrator
    #[arg(long)]
    pub(crate) email: EmailAddress,
    /// The first user's name
    #[arg(long, default_value = "Administrator")]
    pub(crate) name: String,
    /// Name of the workspace
    #[arg(long, default_value = "Rapport")]
    pub(crate) workspace: String,
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// Files: Excel (.xlsx), CSV, TSV, JSON, Parquet, vCard, mail (mbox, eml), iCalendar, chats
    /// (JSON, WhatsApp) or feeds (RSS, Atom); text plain or gzip
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Sheet of a workbook to read [default: the first visible one with rows]
    #[arg(long, value_name = "NAME")]
    pub(crate) sheet: Option<String>,
    /// Read the files as exports of a system, such as `hubspot_contacts`; `none` to guess instead
    /// [default: recognized by the header]
    #[arg(long, value_name = "PRESET")]
    pub(crate) preset: Option<String>,
    /// Name of the system that the files come from [default: the file's name]
    #[arg(long)]
    pub(crate) source: Option<String>,
    /// Map a column to a field, such as `--map InvoiceNo=order_id`; an empty field leaves it out
    #[arg(long = "map", value_name = "COLUMN=FIELD")]
    pub(crate) map: Vec<String>,
    /// Whether rows make records, change them, or both [default: both]
    #[arg(long, value_enum, value_name = "MODE")]
    pub(crate) mode: Option<Mode>,
    /// Replace values that are here already instead of filling empty ones; of contacts and companies
    #[arg(long)]
    pub(crate) replace: bool,
    /// Show the format, the mapping and what each row would do; import nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print one JSON object on standard output
    #[arg(long)]
    pub(crate) json: bool,
}

/// What rows may do to records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// Every row must make a new record
    Create,
    /// Every row must be about a record that is here already
    Update,
    /// Known records are changed and all others made
    Both,
}

#[derive(Debug, Args)]
pub(crate) struct UndoArgs {
    /// The import: its id, the beginning of it, or the name of its file
    #[arg(value_name = "IMPORT")]
    pub(crate) import: String,
    /// Print one JSON object on standard output
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TrainArgs {
    /// What to train
    #[arg(value_enum, default_value_t = Engine::Segment)]
    pub(crate) engine: Engine,
    /// Print one JSON object on standard output
    #[arg(long)]
    pub(crate) json: bool,
}

/// A learning engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    /// Customer segments
    Segment,
}

#[derive(Debug, Args)]
pub(crate) struct LabArgs {
    #[command(subcommand)]
    pub(crate) task: LabTask,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LabTask {
    /// Divide customers into segments
    Segment(LabSegmentArgs),
    /// Tell how probable an outcome is
    Score(LabScoreArgs),
    /// Find the rows that are of one person or company
    Match(LabMatchArgs),
}

#[derive(Debug, Args)]
pub(crate) struct LabScoreArgs {
    /// Training file: Parquet; or CSV, TSV or JSON lines, plain or gzip; may be repeated
    #[arg(long, required = true, value_name = "FILE")]
    pub(crate) train: Vec<PathBuf>,
    /// File to choose settings on [default: a fifth of the training rows]
    #[arg(long, value_name = "FILE")]
    pub(crate) valid: Option<PathBuf>,
    /// Test file, scored with the trained model
    #[arg(long, value_name = "FILE")]
    pub(crate) test: PathBuf,
    /// Roles: target=COLUMN, id=COLUMN; every other column is a feature; a column may be #INDEX from 0
    #[arg(long = "map", value_name = "ROLE=COLUMN")]
    pub(crate) map: Vec<String>,
    /// The files have no header line
    #[arg(long)]
    pub(crate) no_header: bool,
    /// Label whose probability is asked for [default: of two the later one in the alphabet]
    #[arg(long, value_name = "LABEL")]
    pub(crate) positive: Option<String>,
    /// Method
    #[arg(long, value_enum, default_value_t = LabScoreModel::Auto)]
    pub(crate) model: LabScoreModel,
    /// Seed
    #[arg(long, default_value_t = 42)]
    pub(crate) seed: u64,
    /// Seconds that training may take
    #[arg(long, value_name = "SECONDS")]
    pub(crate) budget: Option<u64>,
    /// Save the model folder here
    #[arg(long, value_name = "DIR")]
    pub(crate) save: Option<PathBuf>,
    /// Print one JSON object on standard output
    #[arg(long)]
    pub(crate) json: bool,
}

/// A way to score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum LabScoreModel {
    /// Whatever is best on held-back rows, the blend included
    Auto,
    /// Logistic regression
    Logistic,
    /// Gradient-boosted trees
    BoostedTrees,
}

#[derive(Debug, Args)]
pub(crate) struct LabSegmentArgs {
    /// Training file: Parquet; or CSV, TSV or JSON lines, plain or gzip; may be repeated
    #[arg(long, required = true, value_name = "FILE")]
    pub(crate) train: Vec<PathBuf>,
    /// File held back for tuning; segments have nothing to tune, so it is only checked and counted
    #[arg(long, value_name = "FILE")]
    pub(crate) valid: Option<PathBuf>,
    /// Test file, scored with the trained model [default: the training file]
    #[arg(long, value_name = "FILE")]
    pub(crate) test: Option<PathBuf>,
    /// Roles: id=COLUMN, label=COLUMN, customer=, at=, amount=; a column may be #INDEX from 0
    #[arg(long = "map", value_name = "ROLE=COLUMN")]
    pub(crate) map: Vec<String>,
    /// The files have no header line
    #[arg(long)]
    pub(crate) no_header: bool,
    /// Method
    #[arg(long, value_enum, default_value_t = LabSegmentModel::Auto)]
    pub(crate) model: LabSegmentModel,
    /// Number of segments [default: chosen]
    #[arg(long, value_parser = clap::value_parser!(u32).range(2..=50))]
    pub(crate) k: Option<u32>,
    /// Seed
    #[arg(long, default_value_t = 42)]
    pub(crate) seed: u64,
    /// Seconds that training may take
    #[arg(long, value_name = "SECONDS")]
    pub(crate) budget: Option<u64>,
    /// Save the model folder here
    #[arg(long, value_name = "DIR")]
    pub(crate) save: Option<PathBuf>,
    /// Print one JSON object on standard output
    #[arg(long)]
    pub(crate) json: bool,
}

/// A segmentation method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LabSegmentModel {
    /// The best on stability and silhouette
    Auto,
    /// k-means
    Kmeans,
    /// Ward's hierarchical clustering
    Ward,
    /// Named recency, frequency and monetary quintiles
    Rfm,
}

#[derive(Debug, Args)]
pub(crate) struct UserArgs {
    #[command(subcommand)]
    pub(crate) action: UserAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum UserAction {
    /// Add someone; the password is printed once
    Add {
        /// E-mail address to sign in with
        #[arg(long)]
        email: EmailAddress,
        /// Name to show
        #[arg(long)]
        name: String,
        /// What the user may do
        #[arg(long, default_value = "member", value_parser = parse_role)]
        role: Role,
    },
    /// List everyone
    List,
    /// Lock someone out; the browsers are signed out at once
    Disable {
        /// E-mail address of the user
        #[arg(long)]
        email: EmailAddress,
    },
    /// Let someone in again
    Enable {
        /// E-mail address of the user
        #[arg(long)]
        email: EmailAddress,
    },
    /// Change what someone may do
    Role {
        /// E-mail address of the user
        #[arg(long)]
        email: EmailAddress,
        /// What the user may do from now on: admin, member or viewer
        #[arg(value_parser = parse_role)]
        role: Role,
    },
    /// Set a new password; it is printed once and other browsers are signed out
    ResetPassword {
        /// E-mail address of the user
        #[arg(long)]
        email: EmailAddress,
    },
}

#[derive(Debug, Args)]
pub(crate) struct SourceArgs {
    #[command(subcommand)]
    pub(crate) action: SourceAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SourceAction {
    /// Make a key for a source to send events with; it is printed once
    Key {
        /// Name of the source, such as "Web shop"; a new name makes a new source
        #[arg(long)]
        name: String,
    },
    /// List the sources with the first characters of their keys
    List,
    /// Revoke a key for good
    Revoke {
        /// The key or its first characters
        #[arg(value_name = "KEY")]
        prefix: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct TwinArgs {
    /// Folder to write to
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Customers
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u64).range(20..=10_000_000))]
    pub(crate) customers: u64,
    /// Seed
    #[arg(long, default_value_t = 42)]
    pub(crate) seed: u64,
}

fn parse_role(text: &str) -> Result<Role, String> {
    match text {
        "admin" => Ok(Role::Admin),
        "member" => Ok(Role::Member),
        "viewer" => Ok(Role::Viewer),
        other => Err(format!("{other:?} is not one of admin, member, viewer")),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_demo_with_a_file_is_understood() {
        let cli = Cli::parse_from(["rapport", "demo", "--data", "a.csv", "--once", "--json"]);

        assert!(matches!(cli.command, Command::Demo(args) if args.once && args.data.len() == 1));
    }
}
