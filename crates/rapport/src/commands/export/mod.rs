//! `rapport export`: one list as a file, or everything as a folder, without a server.

mod all;
mod file;
mod history;

use std::path::Path;

use anyhow::Result;
use rapport_domain::{AuditAction, AuditObject, Moment, Role, RolePolicy, Zone};
use rapport_pipelines::{PipelineError, Workspace};
use rapport_server::{ExportFormat, ExportedList, ListExport};
use rapport_store::{Condition, ListQuery, Sort, StoreError, audit};
use serde_json::json;

use self::file::{OutFile, Written};
use super::workspace;
use crate::cli::{ExportArgs, TableFormat};
use crate::config::Config;
use crate::output::{self, BadInput};
use crate::progress::Step;

/// The path that stands for standard output.
const STDOUT: &str = "-";

pub(crate) async fn run(config: Config, args: ExportArgs) -> Result<()> {
    if args.all {
        return all::run(config, &args).await;
    }
    let (list, format) = (list_of(&args)?, format_of(&args)?);
    let query = query_of(&args)?;
    let is_stdout = args.to == Path::new(STDOUT);
    if is_stdout && args.json {
        let message = "--json and --to - both want standard output; name a file";
        return Err(BadInput(message.to_owned()).into());
    }
    // What stands in the way is told before anything is opened or written.
    let mut out = OutFile::create(&args.to)?;
    let workspace = workspace::open_signed(&config).await?;
    let asked = asked(&query);
    let mut export = ListExport::open(
        workspace.store.clone(),
        list,
        format,
        query,
        RolePolicy::of(Role::Admin),
    )
    .await
    .map_err(as_bad_input)?;
    let mut piece = export.next().await.map_err(as_bad_input)?;
    let name = format!("{}.{}", list.name(), format.extension());
    note(&workspace, &name, &asked).await?;
    let step = Step::start(&format!("Writing {}", list.name()));
    while let Some(bytes) = piece {
        out.write(&bytes)?;
        step.update(export.n_rows(), None);
        piece = export.next().await.map_err(as_bad_input)?;
    }
    let written = out.finish(export.n_rows())?;
    step.finish(&format!("{} rows", written.n_rows));
    if args.json {
        return output::json(&as_json(list.name(), &args.to, &written));
    }
    if !is_stdout {
        let (path, n_rows) = (args.to.display(), written.n_rows);
        output::line(&format!("{path}: {n_rows} rows of {}", list.name()));
    }
    Ok(())
}

/// Notes in the audit that data are taken away, before the first byte of them is written.
async fn note(workspace: &Workspace, file: &str, asked: &str) -> Result<()> {
    let asked = Some(asked).filter(|asked| !asked.is_empty());
    let told = json!({ "file": file, "query": asked });
    let (action, object) = (AuditAction::Exported, AuditObject::List);
    audit::note(&workspace.store, action, object, None, &told).await?;
    Ok(())
}

/// The fields that are asked for, without the values that are looked for: these may be somebody's address.
fn asked(query: &ListQuery) -> String {
    let filter = query.filter.iter();
    let filter = filter.map(|condition| format!("filter={}", condition.field));
    let search = query.search.as_ref().map(|_| "q".to_owned());
    let asked: Vec<String> = filter.chain(search).collect();
    asked.join("&")
}

fn as_json(name: &str, path: &Path, written: &Written) -> serde_json::Value {
    json!({
        "list": name,
        "path": path,
        "rows": written.n_rows,
        "bytes": written.n_bytes,
        "sha256": written.sha256,
    })
}

fn list_of(args: &ExportArgs) -> Result<ExportedList> {
    let name = args.list.as_deref().unwrap_or_default();
    let found = ExportedList::of_name(name);
    Ok(found.ok_or_else(|| {
        let known: Vec<&str> = ExportedList::ALL.iter().map(|list| list.name()).collect();
        BadInput(format!(
            "there is no list {name:?}; name one of {}",
            known.join(", ")
        ))
    })?)
}

/// The format that is asked for, else the one that the file's name ends in.
fn format_of(args: &ExportArgs) -> Result<ExportFormat> {
    if let Some(format) = args.format {
        return Ok(export_format(format));
    }
    if args.to == Path::new(STDOUT) || args.all {
        return Ok(ExportFormat::Csv);
    }
    let extension = args.to.extension().unwrap_or_default().to_string_lossy();
    let found = ExportFormat::of_extension(&extension.to_lowercase());
    Ok(found.ok_or_else(|| {
        let known = ExportFormat::ALL.iter().map(|format| format.extension());
        let known: Vec<&str> = known.collect();
        BadInput(format!(
            "{} does not say how to write the list; end it in one of .{}, or name a --format",
            args.to.display(),
            known.join(", .")
        ))
    })?)
}

const fn export_format(format: TableFormat) -> ExportFormat {
    match format {
        TableFormat::Csv => ExportFormat::Csv,
        TableFormat::Jsonl => ExportFormat::JsonLines,
        TableFormat::Xlsx => ExportFormat::Xlsx,
        TableFormat::Parquet => ExportFormat::Parquet,
    }
}

fn query_of(args: &ExportArgs) -> Result<ListQuery> {
    let filter = args.filter.iter().map(|text| {
        let condition = text.parse::<Condition>();
        condition.map_err(|error| BadInput(format!("--filter {text:?}: {error}")))
    });
    let filter: Vec<Condition> = filter.collect::<Result<_, BadInput>>()?;
    let moment = Moment {
        at: workspace::system_now(),
        zone: Zone::UTC,
    };
    Ok(ListQuery {
        filter,
        moment: Some(moment),
        sort: args
            .sort
            .as_deref()
            .map(Sort::parse_list)
            .unwrap_or_default(),
        search: args.search.clone(),
        ..ListQuery::default()
    })
}

/// What is wrong with the query is the caller's to mend.
fn as_bad_input(error: PipelineError) -> anyhow::Error {
    match error {
        PipelineError::Store(StoreError::Query(error)) => BadInput(error.to_string()).into(),
        other => other.into(),
    }
}
