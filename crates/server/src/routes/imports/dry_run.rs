//! What the rows of a file would do, as the API shows it.

use std::collections::BTreeMap;

use rapport_store::imports as stored;
use rapport_store::jobs::Job;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::conflict::text_of;
use crate::respond::Meta;
use crate::wire::{JobStatus, RejectReason, Verdict, without_folders};

/// A dry run: what the rows of a file would do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DryRun {
    /// The job that works on it.
    pub(crate) job_id: Uuid,
    /// Where that stands.
    pub(crate) status: JobStatus,
    /// Rows that would make a record.
    pub(crate) n_created: u64,
    /// Rows that would change a record.
    pub(crate) n_changed: u64,
    /// Rows that would change nothing.
    pub(crate) n_unchanged: u64,
    /// Rows that would be rejected.
    pub(crate) n_rejected: u64,
    /// Whether all rows were looked at; of a very long file the first hundred thousand are. Known once
    /// the job is done.
    pub(crate) is_whole: Option<bool>,
    /// Why it stopped, and what to do.
    pub(crate) error: Option<String>,
}

/// A value that a row would put in the place of another.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RowChange {
    /// The field; of a custom field `custom.` and its key.
    pub(crate) field: String,
    /// What stands there.
    pub(crate) before: Option<String>,
    /// What would stand there.
    pub(crate) after: Option<String>,
}

/// What a row would do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DryRunRow {
    /// Line in the file where the row begins, from 1 with the header counted.
    pub(crate) line: u64,
    /// What it would do.
    pub(crate) verdict: Verdict,
    /// The record that it is about, where that is here already.
    pub(crate) record_id: Option<Uuid>,
    /// What people call the record; empty where the row would be rejected.
    pub(crate) name: String,
    /// What it would change.
    pub(crate) changes: Vec<RowChange>,
    /// Name of the column for which it would be rejected.
    pub(crate) column: Option<String>,
    /// What stands in that column.
    pub(crate) value: Option<String>,
    /// Why it would be rejected.
    pub(crate) reason: Option<RejectReason>,
    /// What to do about that.
    pub(crate) message: Option<String>,
}

/// A page of rows, by line.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DryRunRowList {
    /// The rows.
    pub(crate) dry_run_rows: Vec<DryRunRow>,
    /// Where the list goes on.
    pub(crate) meta: Meta,
}

impl DryRun {
    /// A dry run by its job and what its rows would do so far.
    pub(super) fn of(job: Job, counts: &BTreeMap<stored::Verdict, u64>) -> Self {
        let n = |verdict| counts.get(&verdict).copied().unwrap_or_default();
        let result = job.result.as_ref();
        Self {
            job_id: job.id.0,
            status: job.status.into(),
            n_created: n(stored::Verdict::Created),
            n_changed: n(stored::Verdict::Changed),
            n_unchanged: n(stored::Verdict::Unchanged),
            n_rejected: n(stored::Verdict::Rejected),
            is_whole: result.and_then(|result| result.get("is_whole")?.as_bool()),
            error: job.error.as_deref().map(without_folders),
        }
    }
}

impl From<stored::DryRunRow> for DryRunRow {
    fn from(row: stored::DryRunRow) -> Self {
        let changes = row.changes.into_iter().map(|change| RowChange {
            field: change.column,
            before: text_of(Some(change.before)),
            after: text_of(Some(change.after)),
        });
        let (column, value, reason, message) = match row.rejection {
            None => (None, None, None, None),
            Some(why) => (
                why.column,
                why.value,
                Some(why.reason.into()),
                Some(why.message),
            ),
        };
        Self {
            line: row.line,
            verdict: row.verdict.into(),
            record_id: row.record_id,
            name: row.name,
            changes: changes.collect(),
            column,
            value,
            reason,
            message,
        }
    }
}
