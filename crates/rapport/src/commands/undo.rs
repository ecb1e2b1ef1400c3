//! `rapport undo`: an import taken back, without a server.

use anyhow::{Context, Result, bail};
use rapport_domain::{ImportId, ImportStatus, JobStatus};
use rapport_pipelines::{Workspace, imports, jobs};
use rapport_store::ListQuery;
use rapport_store::imports::{Import, ImportConflict};
use serde_json::{Value, json};

use super::workspace;
use crate::cli::UndoArgs;
use crate::config::Config;
use crate::output::{self, BadInput};
use crate::progress::Step;

/// Conflicts that are printed; the web app and the API list all of them.
const SHOWN_MAX: usize = 50;

pub(crate) async fn run(config: Config, args: UndoArgs) -> Result<()> {
    let workspace = workspace::open_signed(&config).await?;
    let import = find(&workspace, &args.import).await?;
    let import = take_back(&workspace, &import).await?;
    let conflicts = conflicts_of(&workspace, import.id).await?;
    if args.json {
        return output::json(&json!({
            "id": import.id,
            "file_name": import.file_name,
            "status": import.status,
            "conflicts": conflicts.iter().map(as_json).collect::<Vec<_>>(),
        }));
    }
    output::line(&sentence(&import, conflicts.len()));
    for conflict in conflicts.iter().take(SHOWN_MAX) {
        output::line(&row(conflict));
    }
    if conflicts.len() > SHOWN_MAX {
        let n_more = conflicts.len() - SHOWN_MAX;
        output::line(&format!("and {n_more} more; --json prints all of them."));
    }
    Ok(())
}

/// The import that an id, the beginning of one, or the name of its file stands for.
async fn find(workspace: &Workspace, wanted: &str) -> Result<Import> {
    let is_meant = |import: &Import| {
        let id = import.id.to_string();
        import.file_name == wanted || (!wanted.is_empty() && id.starts_with(wanted))
    };
    let mut found: Vec<Import> = all_imports(workspace).await?;
    found.retain(is_meant);
    // A file may have been looked at, or taken back, before it was imported again.
    let is_in = |import: &Import| can_be_undone(import.status);
    if found.iter().any(is_in) {
        found.retain(is_in);
    }
    match found.len() {
        0 => Err(BadInput(format!(
            "there is no import {wanted:?}; name its id, the beginning of it, or its file"
        ))
        .into()),
        1 => Ok(found.remove(0)),
        _ => {
            let ids: Vec<String> = found.iter().map(|one| one.id.to_string()).collect();
            let ids = ids.join(", ");
            Err(BadInput(format!("{wanted:?} may be any of {ids}; name one of them")).into())
        }
    }
}

async fn all_imports(workspace: &Workspace) -> Result<Vec<Import>> {
    let mut query = ListQuery {
        limit: ListQuery::LIMIT_MAX,
        ..ListQuery::default()
    };
    let mut found = Vec::new();
    loop {
        let page = rapport_store::imports::list(&workspace.store, &query).await?;
        found.extend(page.items);
        match page.next {
            Some(next) => query.cursor = Some(next),
            None => return Ok(found),
        }
    }
}

const fn can_be_undone(status: ImportStatus) -> bool {
    use ImportStatus::{Cancelled, Done, Failed, Undoing};
    matches!(status, Done | Failed | Cancelled | Undoing)
}

async fn take_back(workspace: &Workspace, import: &Import) -> Result<Import> {
    let job = imports::undo(workspace, import.id).await?;
    let step = Step::start(&format!("Taking {} back", import.file_name));
    let job = jobs::run_until_over(workspace, job.id, &mut |progress| {
        step.update(progress.done, progress.total);
    })
    .await?;
    if job.status != JobStatus::Done {
        let reason = job.error.unwrap_or_else(|| "it was cancelled".to_owned());
        bail!("taking {} back stopped: {reason}", import.file_name);
    }
    step.finish("done");
    let undone = rapport_store::imports::find(&workspace.store, import.id).await?;
    undone.context("the import is gone")
}

async fn conflicts_of(workspace: &Workspace, id: ImportId) -> Result<Vec<ImportConflict>> {
    let mut query = ListQuery {
        limit: ListQuery::LIMIT_MAX,
        ..ListQuery::default()
    };
    let mut found = Vec::new();
    loop {
        let page = rapport_store::imports::list_conflicts(&workspace.store, id, &query).await?;
        found.extend(page.items);
        match page.next {
            Some(next) => query.cursor = Some(next),
            None => return Ok(found),
        }
    }
}

fn sentence(import: &Import, n_conflicts: usize) -> String {
    let file = &import.file_name;
    match n_conflicts {
        0 => format!("{file} is taken back; everything is as it was before."),
        1 => format!("{file} is taken back, but for one thing that others have changed since:"),
        n => format!("{file} is taken back, but for {n} things that others have changed since:"),
    }
}

/// One line of the table: kind, name, column, what it was before, and what it is now.
fn row(conflict: &ImportConflict) -> String {
    let kind = name_of(&conflict.kind);
    let reason = name_of(&conflict.reason);
    let name = match &conflict.name[..] {
        "" => conflict.record_id.to_string(),
        name => name.to_owned(),
    };
    match &conflict.field {
        None => format!("{kind}  {name}  stays: {reason}"),
        Some(field) => {
            let (before, found) = (text_of(&conflict.before), text_of(&conflict.found));
            format!("{kind}  {name}  {field}: was {before}, is {found} ({reason})")
        }
    }
}

fn as_json(conflict: &ImportConflict) -> Value {
    json!({
        "kind": conflict.kind,
        "record_id": conflict.record_id,
        "line_no": conflict.line_no,
        "name": conflict.name,
        "reason": conflict.reason,
        "field": conflict.field,
        "before": conflict.before,
        "after": conflict.after,
        "found": conflict.found,
    })
}

/// A member of a closed set by its name, as people read it.
fn name_of(member: &impl serde::Serialize) -> String {
    let name = serde_json::to_value(member).unwrap_or_default();
    name.as_str().unwrap_or_default().replace('_', " ")
}

fn text_of(value: &Option<Value>) -> String {
    match value {
        None | Some(Value::Null) => "empty".to_owned(),
        Some(Value::String(text)) => format!("{text:?}"),
        Some(other) => other.to_string(),
    }
}
