//! Everything as a folder: every list with all its columns, what stands behind them, the history, and a
//! manifest that is written last. A folder without a manifest is not whole.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rapport_domain::{Role, RolePolicy};
use rapport_pipelines::Workspace;
use rapport_server::{ExportFormat, ExportedList, ListExport};
use rapport_store::whole::{self, Whole};
use rapport_store::{ListQuery, imports};
use serde_json::{Value, json};

use super::file::{OutFile, Written};
use super::{as_json, format_of, history, note};
use crate::cli::ExportArgs;
use crate::commands::workspace;
use crate::config::Config;
use crate::output::{self, BadInput};
use crate::progress::Step;

/// Form of the manifest.
const MANIFEST_VERSION: u32 = 1;
const MANIFEST: &str = "manifest.json";

/// Rows that are read at once.
const PAGE_ROWS: u64 = 2_000;

pub(super) async fn run(config: Config, args: &ExportArgs) -> Result<()> {
    let format = format_of(args)?;
    let dir = new_folder(&args.to)?;
    let workspace = workspace::open_signed(&config).await?;
    note(&workspace, "all", "").await?;
    let mut folder = Folder {
        dir,
        files: Vec::new(),
    };
    for list in ExportedList::ALL {
        folder.add_list(&workspace, list, format).await?;
    }
    for table in Whole::ALL {
        folder.add_table(&workspace, table).await?;
    }
    folder.add_imports(&workspace).await?;
    history::add(&workspace, &mut folder).await?;
    let n_rows: u64 = folder.files.iter().map(|(_, _, file)| file.n_rows).sum();
    let manifest = folder.finish()?;
    if args.json {
        return output::json(&manifest);
    }
    let n_files = manifest["files"].as_array().map_or(0, Vec::len);
    output::line(&format!(
        "{}: {n_rows} rows in {n_files} files, listed in {MANIFEST}",
        args.to.display()
    ));
    Ok(())
}

/// A folder on its way.
pub(super) struct Folder {
    dir: PathBuf,
    /// What each file holds, its name, and what came of it.
    files: Vec<(&'static str, String, Written)>,
}

impl Folder {
    /// Begins a file of the folder.
    pub(super) fn create(&self, name: &str) -> Result<OutFile> {
        OutFile::create(&self.dir.join(name))
    }

    /// Ends a file of the folder.
    pub(super) fn add(
        &mut self,
        what: &'static str,
        name: String,
        file: OutFile,
        n_rows: u64,
    ) -> Result<()> {
        self.files.push((what, name, file.finish(n_rows)?));
        Ok(())
    }

    async fn add_list(
        &mut self,
        workspace: &Workspace,
        list: ExportedList,
        format: ExportFormat,
    ) -> Result<()> {
        let name = format!("{}.{}", list.name(), format.extension());
        let mut file = self.create(&name)?;
        let query = ListQuery {
            // By their ids, so that no row is met twice while others are added.
            sort: rapport_store::Sort::parse_list("id"),
            ..ListQuery::default()
        };
        let mut export = ListExport::open(
            workspace.store.clone(),
            list,
            format,
            query,
            RolePolicy::of(Role::Admin),
        )
        .await?;
        let step = Step::start(&format!("Writing {name}"));
        while let Some(piece) = export.next().await? {
            file.write(&piece)?;
            step.update(export.n_rows(), None);
        }
        step.finish(&format!("{} rows", export.n_rows()));
        self.add(list.name(), name, file, export.n_rows())
    }

    async fn add_table(&mut self, workspace: &Workspace, table: Whole) -> Result<()> {
        let name = format!("{}.jsonl", table.name());
        let mut file = self.create(&name)?;
        let step = Step::start(&format!("Writing {name}"));
        let (mut n_rows, mut mark) = (0, None);
        loop {
            let (rows, next) = whole::page(&workspace.store, table, mark, PAGE_ROWS).await?;
            file.write(&lines_of(&rows))?;
            n_rows += rows.len() as u64;
            step.update(n_rows, None);
            match next {
                Some(_) => mark = next,
                None => break,
            }
        }
        step.finish(&format!("{n_rows} rows"));
        self.add(table.name(), name, file, n_rows)
    }

    /// The files that records came from: their columns are those of the source records.
    async fn add_imports(&mut self, workspace: &Workspace) -> Result<()> {
        let name = "imports.jsonl".to_owned();
        let mut file = self.create(&name)?;
        let mut query = ListQuery {
            limit: ListQuery::LIMIT_MAX,
            ..ListQuery::default()
        };
        let mut n_rows = 0;
        loop {
            let page = imports::list(&workspace.store, &query).await?;
            let rows: Vec<Value> = page.items.iter().map(import_of).collect();
            file.write(&lines_of(&rows))?;
            n_rows += rows.len() as u64;
            match page.next {
                Some(_) => query.cursor = page.next,
                None => break,
            }
        }
        self.add("imports", name, file, n_rows)
    }

    fn finish(self) -> Result<Value> {
        let files = self.files.iter().map(|(what, name, written)| {
            let mut told = as_json(what, Path::new(name), written);
            told["holds"] = told["list"].take();
            if let Some(told) = told.as_object_mut() {
                told.remove("list");
            }
            told
        });
        let manifest = json!({
            "manifest": MANIFEST_VERSION,
            "program": env!("CARGO_PKG_VERSION"),
            "made_at": workspace::system_now(),
            "files": files.collect::<Vec<_>>(),
        });
        let path = self.dir.join(MANIFEST);
        let mut file = OutFile::create(&path)?;
        file.write(serde_json::to_string_pretty(&manifest)?.as_bytes())?;
        file.finish(0)?;
        Ok(manifest)
    }
}

fn import_of(import: &imports::Import) -> Value {
    json!({
        "id": import.id,
        "source": import.source.name,
        "file_name": import.file_name,
        "status": import.status,
        "entity": import.entity,
        "columns": import.columns,
        "mapping": import.mapping,
        "created_at": import.created_at,
    })
}

pub(super) fn lines_of(rows: &[Value]) -> Vec<u8> {
    let mut lines = String::new();
    for row in rows {
        lines += &row.to_string();
        lines.push('\n');
    }
    lines.into_bytes()
}

/// Makes the folder; one that is there must be empty.
fn new_folder(path: &Path) -> Result<PathBuf> {
    if path == Path::new(super::STDOUT) {
        return Err(BadInput("--all writes a folder; name one with --to".to_owned()).into());
    }
    let refused = |error: std::io::Error| {
        BadInput(format!(
            "cannot make the folder {}: {error}",
            path.display()
        ))
    };
    std::fs::create_dir_all(path).map_err(refused)?;
    let mut entries = std::fs::read_dir(path).map_err(refused)?;
    if entries.next().is_some() {
        let message = format!("{} is not empty; name a new folder", path.display());
        return Err(BadInput(message).into());
    }
    path.canonicalize()
        .context("finding the folder that was made")
}
