//! `rapport migrate`: the records move from SQLite to a PostgreSQL server.

use anyhow::{Result, bail};
use rapport_pipelines::migration::{self, MigrateError};
use rapport_pipelines::store_config;
use rapport_store::transfer::{MovedTable, Progress, TransferError};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::serve::cancel_on_signal;
use super::workspace::system_now;
use crate::cli::MigrateArgs;
use crate::config::Config;
use crate::output::{self, BadInput};
use crate::progress::Step;

pub(crate) async fn run(config: Config, args: MigrateArgs) -> Result<()> {
    let Some(address) = args.to.as_deref().or(config.database.as_deref()) else {
        bail!(BadInput(
            "name the server: --to postgres://USER:PASSWORD@HOST/DATABASE, or the setting `database`"
                .to_owned()
        ));
    };
    // Refuses what is no address of a server in the words of every other command.
    store_config(Some(address), &config.data_dir)?;
    let mut watch = Watch::default();
    let mut told = |progress: Progress<'_>| watch.tell(progress);
    let moving = migration::migrate(&config.data_dir, address, system_now(), &mut told);
    let tables = until_told_to_stop(moving).await?;
    watch.finish();
    show(&tables, args.json)?;
    if !args.json && config.database.as_deref() != Some(address) {
        output::line(&format!(
            "From now on start with `database` set to that address, as {} says.",
            config.data_dir.join("records-moved.toml").display()
        ));
    }
    Ok(())
}

fn show(tables: &[MovedTable], is_json: bool) -> Result<()> {
    let n_rows: u64 = tables.iter().map(|table| table.n_rows).sum();
    if is_json {
        let tables: Vec<_> = tables
            .iter()
            .map(|table| {
                json!({
                    "name": table.name,
                    "rows": table.n_rows,
                    "checksum": table.checksum,
                    "was_there": table.was_there,
                })
            })
            .collect();
        return output::json(&json!({ "rows": n_rows, "tables": tables }));
    }
    for table in tables {
        output::line(&format!(
            "{:<24} {:>12} rows  {}{}",
            table.name,
            table.n_rows,
            table.checksum,
            if table.was_there { "  (was there)" } else { "" }
        ));
    }
    output::line(&format!(
        "Moved {n_rows} rows in {} tables; rows and checksums are the same on both sides.",
        tables.len()
    ));
    Ok(())
}

/// Waits for the move, or leaves it where the process is asked to end.
async fn until_told_to_stop(
    moving: impl Future<Output = Result<Vec<MovedTable>, MigrateError>>,
) -> Result<Vec<MovedTable>> {
    let stop = CancellationToken::new();
    tokio::spawn(cancel_on_signal(stop.clone()));
    let outcome = tokio::select! {
        outcome = moving => outcome,
        () = stop.cancelled() => bail!(
            "stopped as asked; tables that were moved stay on the server, run the same command again to go on"
        ),
    };
    outcome.map_err(|error| match error {
        // What was asked for is at fault, not what was done.
        MigrateError::MovedBefore { .. }
        | MigrateError::Transfer(
            TransferError::NoRecords { .. }
            | TransferError::Address { .. }
            | TransferError::NotEmpty { .. }
            | TransferError::OtherMove,
        ) => BadInput(error.to_string()).into(),
        other => other.into(),
    })
}

/// What is seen of the move while it goes on.
#[derive(Default)]
struct Watch {
    step: Option<(String, Step)>,
}

impl Watch {
    fn tell(&mut self, progress: Progress<'_>) {
        if self.step.as_ref().map(|(table, _)| table.as_str()) != Some(progress.table) {
            let step = Step::start(&format!("Moving {}", progress.table));
            let step = (progress.table.to_owned(), step);
            if let Some((_, before)) = self.step.replace(step) {
                before.finish("done");
            }
        }
        if let Some((_, step)) = &self.step {
            step.update(progress.n_done, Some(progress.n_rows));
        }
    }

    fn finish(self) {
        if let Some((_, step)) = self.step {
            step.finish("done");
        }
    }
}
