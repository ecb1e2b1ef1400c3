//! `rapport import --dry-run`: what each row of a file would do, without doing it.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use rapport_domain::JobStatus;
use rapport_pipelines::{Workspace, imports, jobs};
use rapport_store::ListQuery;
use rapport_store::imports::{self as stored, ColumnChange, DryRunRow, Import, Verdict};
use serde_json::{Value, json};

use crate::output;
use crate::progress::Step;

/// Rows that people are shown; the JSON output has all.
const SHOWN_ROWS: usize = 20;

/// What the rows of a file would do.
pub(super) struct DryRun {
    rows: Vec<DryRunRow>,
    is_whole: bool,
}

/// Makes a dry run of an import that was not run yet.
pub(super) async fn run(workspace: &Workspace, import: &Import) -> Result<DryRun> {
    let job = imports::start_dry_run(workspace, import.id).await?;
    let step = Step::start(&format!("Looking at {}", import.file_name));
    let job = jobs::run_until_over(workspace, job.id, &mut |progress| {
        step.update(progress.done, progress.total);
    })
    .await?;
    if job.status != JobStatus::Done {
        let reason = job.error.unwrap_or_else(|| "it was cancelled".to_owned());
        bail!("looking at {} stopped: {reason}", import.file_name);
    }
    let rows = all_rows(workspace, import).await?;
    step.finish(&format!("{} rows looked at", rows.len()));
    let result = job.result.unwrap_or_default();
    Ok(DryRun {
        rows,
        is_whole: result["is_whole"] == true,
    })
}

async fn all_rows(workspace: &Workspace, import: &Import) -> Result<Vec<DryRunRow>> {
    let mut query = ListQuery {
        limit: ListQuery::LIMIT_MAX,
        ..ListQuery::default()
    };
    let mut rows = Vec::new();
    loop {
        let page = stored::list_dry_run_rows(&workspace.store, import.id, &query).await?;
        rows.extend(page.items);
        if page.next.is_none() {
            return Ok(rows);
        }
        query.cursor = page.next;
    }
}

impl DryRun {
    fn counts(&self) -> BTreeMap<Verdict, usize> {
        let mut counts = BTreeMap::new();
        for row in &self.rows {
            *counts.entry(row.verdict).or_default() += 1;
        }
        counts
    }

    pub(super) fn to_json(&self) -> Value {
        let counts = self.counts();
        let n = |verdict| counts.get(&verdict).copied().unwrap_or_default();
        json!({
            "n_created": n(Verdict::Created),
            "n_changed": n(Verdict::Changed),
            "n_unchanged": n(Verdict::Unchanged),
            "n_rejected": n(Verdict::Rejected),
            "is_whole": self.is_whole,
            "rows": self.rows.iter().map(row_to_json).collect::<Vec<_>>(),
        })
    }

    /// Tells people the totals and the first rows that would do something.
    pub(super) fn show(&self, import: &Import) {
        let counts = self.counts();
        let n = |verdict| counts.get(&verdict).copied().unwrap_or_default();
        let first = if self.is_whole { "" } else { "the first " };
        output::line(&format!(
            "{}: of {first}{} rows {} would make a record, {} change one, {} change nothing, {} be rejected. \
             Nothing was imported.",
            import.file_name,
            self.rows.len(),
            n(Verdict::Created),
            n(Verdict::Changed),
            n(Verdict::Unchanged),
            n(Verdict::Rejected),
        ));
        let telling = self.rows.iter();
        let telling = telling.filter(|row| row.verdict != Verdict::Unchanged);
        for row in telling.take(SHOWN_ROWS) {
            output::line(&sentence(row));
        }
    }
}

fn row_to_json(row: &DryRunRow) -> Value {
    let rejection = row.rejection.as_ref();
    json!({
        "line": row.line,
        "verdict": row.verdict,
        "record_id": row.record_id,
        "name": row.name,
        "changes": row.changes,
        "reason": rejection.map(|it| it.reason),
        "column": rejection.and_then(|it| it.column.as_ref()),
        "message": rejection.map(|it| &it.message),
    })
}

fn sentence(row: &DryRunRow) -> String {
    let DryRunRow { line, name, .. } = row;
    match (&row.rejection, row.verdict) {
        (Some(why), _) => format!("  line {line}: rejected, {}", why.message),
        (None, Verdict::Created) => format!("  line {line}: new, {name}"),
        (None, _) => {
            let changes: Vec<String> = row.changes.iter().map(change_text).collect();
            format!("  line {line}: {name}, {}", changes.join(", "))
        }
    }
}

fn change_text(change: &ColumnChange) -> String {
    let text = |value: &Value| match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let (before, after) = (text(&change.before), text(&change.after));
    format!("{} {before} -> {after}", change.column)
}
