#![doc = include_str!("../README.md")]

mod cli;
mod commands;
mod config;
mod memory;
mod output;
mod progress;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};
use crate::config::{Config, Environment, LogFormat};

// Training and imports allocate and free large blocks all the time; with the system's allocator a
// fifth of the time goes into page faults. The feature `override` makes it SQLite's too, whose page
// cache the system's allocator would never give back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::error(&error);
            output::exit_code(&error)
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    let mut config = Config::load(cli.config.as_deref(), &Environment::of_process())?;
    if let Some(data_dir) = cli.data_dir {
        config.data_dir = data_dir;
        config.is_data_dir_chosen = true;
    }
    start_log(&config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let outcome = runtime.block_on(async {
        match cli.command {
            Command::Demo(args) => commands::demo::run(config, args).await,
            Command::Serve(args) => commands::serve::run(config, args).await,
            Command::Init(args) => commands::init::run(config, args).await,
            Command::Import(args) => commands::import::run(config, args).await,
            Command::Export(args) => commands::export::run(config, args).await,
            Command::Undo(args) => commands::undo::run(config, args).await,
            Command::Train(args) => commands::train::run(config, args).await,
            Command::Match(args) => commands::matching::run(config, args).await,
            Command::Lab(args) => commands::lab::run(args).await,
            Command::User(args) => commands::user::run(config, args.action).await,
            Command::Source(args) => commands::source::run(config, args.action).await,
            Command::Mailbox(args) => commands::mailbox::run(config, args.action).await,
            Command::Twin(args) => commands::twin::run(&args),
            Command::Backup(args) => commands::backup::run(config, args).await,
            Command::Restore(args) => commands::backup::restore(config, args).await,
            Command::Verify(args) => commands::backup::verify(config, args).await,
            Command::Audit(args) => commands::audit::run(config, args.action).await,
            Command::Migrate(args) => commands::migrate::run(config, args).await,
            Command::Doctor => commands::doctor::run(&config).await,
        }
    });
    // A thread that still reads a file must not keep the process from ending.
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
    outcome
}

/// Sends log lines to standard error, so that standard output stays for results.
fn start_log(config: &Config) -> anyhow::Result<()> {
    use tracing_subscriber::EnvFilter;

    let filter = EnvFilter::try_new(&config.log)
        .map_err(|error| anyhow::anyhow!("log is {:?}: {error}", config.log))?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        // Colors are for people; in a file they are noise.
        .with_ansi(std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none())
        .with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => builder.with_target(false).init(),
        LogFormat::Json => builder.json().init(),
    }
    Ok(())
}
