//! `rapport import`: files into the data directory, without a server.

use std::path::Path;

use anyhow::Result;
use rapport_pipelines::{Workspace, imports};
use rapport_store::imports::Import;
use serde_json::json;

use super::{demo, dry_run, files, mapping, workspace};
use crate::cli::ImportArgs;
use crate::config::Config;
use crate::output::{self, BadInput};

pub(crate) async fn run(config: Config, args: ImportArgs) -> Result<()> {
    files::check_readable(&args.files)?;
    let workspace = workspace::open_signed(&config).await?;
    let mut done = Vec::new();
    let outcome = import_all(&workspace, &args, &mut done).await;
    // Where a later file fails, what became of those before it is told all the same.
    if args.json && (outcome.is_ok() || !done.is_empty()) {
        output::json(&json!({ "imports": done }))?;
    }
    outcome
}

/// Imports one file after the other; what came of each goes to `done`.
async fn import_all(
    workspace: &Workspace,
    args: &ImportArgs,
    done: &mut Vec<serde_json::Value>,
) -> Result<()> {
    for path in &args.files {
        let import = take(workspace, path, args).await?;
        mapping::show(&import)?;
        let (import, told) = if args.dry_run {
            let told = dry_run::run(workspace, &import).await;
            // Whatever came of it, the upload is not left waiting.
            let import = imports::cancel(workspace, import.id).await?;
            (import, Some(told?))
        } else {
            (demo::run_import(workspace, import).await?, None)
        };
        match &told {
            _ if args.json => {}
            Some(told) => told.show(&import),
            None => output::line(&sentence(&import)),
        }
        let mut one = json!({
            "id": import.id,
            "file_name": import.file_name,
            "status": import.status,
            "mapping": import.mapping,
            "counts": import.counts,
        });
        if let Some(told) = told {
            one["dry_run"] = told.to_json();
        }
        done.push(one);
    }
    Ok(())
}

/// Takes a file and applies the wishes for its mapping.
async fn take(workspace: &Workspace, path: &Path, args: &ImportArgs) -> Result<Import> {
    let file = tokio::fs::File::open(path)
        .await
        .map_err(|error| BadInput(format!("cannot read {}: {error}", path.display())))?;
    let name = files::name(path);
    let source = args.source.as_deref();
    let source = source.unwrap_or_else(|| imports::default_source(&name));
    let import = imports::upload(workspace, &name, source, None, u64::MAX, file)
        .await
        .map_err(mapping::as_bad_input)?;
    let id = import.id;
    let wished = apply_wishes(workspace, import, args).await;
    if wished.is_err() {
        // What was asked for cannot be done: the upload is not left waiting.
        imports::cancel(workspace, id).await?;
    }
    wished
}

/// Chooses the sheet and the preset, then changes the mapping that is proposed for it.
async fn apply_wishes(workspace: &Workspace, import: Import, args: &ImportArgs) -> Result<Import> {
    let import = match &args.sheet {
        Some(name) => imports::set_sheet(workspace, import.id, name)
            .await
            .map_err(mapping::as_bad_input)?,
        None => import,
    };
    let import = match args.preset.as_deref() {
        Some(key) => {
            let key = Some(key).filter(|&key| key != "none");
            imports::set_preset(workspace, import.id, key)
                .await
                .map_err(mapping::as_bad_input)?
        }
        None => import,
    };
    let wished = mapping::apply(mapping::of(&import)?, args)?;
    imports::set_mapping(workspace, import.id, wished)
        .await
        .map_err(mapping::as_bad_input)
}

fn sentence(import: &Import) -> String {
    format!(
        "{}: {} rows read, {} taken ({} of them were here already), {} rejected.",
        import.file_name,
        import.counts.read,
        import.counts.accepted,
        import.counts.unchanged,
        import.counts.n_rejected()
    )
}
