//! A bulk edit as the API shows it.

use std::collections::BTreeMap;

use rapport_domain::{BulkAction, BulkCounts};
use rapport_store::bulk_edits as stored;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::Meta;
use crate::routes::jobs::Job;
use crate::wire::{BulkEditStatus, ObjectKind, Reference, RefusalReason, Time, without_folders};

/// One change of many records.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BulkEdit {
    /// Identifier.
    id: Uuid,
    /// Kind of the records.
    object: ObjectKind,
    /// Whether the records are deleted; else fields are set.
    is_deletion: bool,
    /// What was asked for, as it was sent.
    #[schema(value_type = Object)]
    request: Value,
    /// Where it stands.
    status: BulkEditStatus,
    /// Records that it is about.
    n_rows: u64,
    /// Records that were changed or deleted so far.
    n_changed: u64,
    /// Records that held the values already.
    n_unchanged: u64,
    /// Records that were left as they are.
    n_refused: u64,
    /// The same by reason.
    #[schema(value_type = BTreeMap<String, u64>)]
    refused: BTreeMap<RefusalReason, u64>,
    /// Batches in all.
    n_batches: u64,
    /// Batches that are done; counts down while the edit is taken back.
    batches_done: u64,
    /// The job that does it.
    job_id: Option<Uuid>,
    /// The job that takes it back, or did.
    undo_job_id: Option<Uuid>,
    /// Who asked for it.
    created_by: Option<Reference>,
    /// When.
    created_at: Time,
    /// When the first record was looked at.
    started_at: Option<Time>,
    /// When it ended.
    finished_at: Option<Time>,
    /// Why it failed.
    error: Option<String>,
}

/// A page of bulk edits.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BulkEditList {
    /// The edits.
    pub(super) bulk_edits: Vec<BulkEdit>,
    /// Where the list goes on.
    pub(super) meta: Meta,
}

/// A bulk edit that was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BulkEditAccepted {
    /// The edit; follow it by its address.
    pub(super) bulk_edit: BulkEdit,
    /// Its job.
    pub(super) job: Job,
}

/// What a bulk edit would do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BulkEditPreview {
    /// Records that it is about.
    n_rows: u64,
    /// Records that were looked at: of many the first thousand.
    n_looked_at: u64,
    /// Of these, those that would be changed or deleted.
    n_changed: u64,
    /// Those that hold the values already.
    n_unchanged: u64,
    /// Those that would be left as they are.
    n_refused: u64,
    /// The same by reason.
    #[schema(value_type = BTreeMap<String, u64>)]
    refused: BTreeMap<RefusalReason, u64>,
}

impl BulkEditPreview {
    pub(super) fn of(n_rows: u64, counts: &BulkCounts) -> Self {
        let n_refused = counts.n_refused();
        Self {
            n_rows,
            n_looked_at: counts.changed + counts.unchanged + n_refused,
            n_changed: counts.changed,
            n_unchanged: counts.unchanged,
            n_refused,
            refused: by_reason(&counts.refused),
        }
    }
}

fn by_reason(
    refused: &BTreeMap<rapport_domain::RefusalReason, u64>,
) -> BTreeMap<RefusalReason, u64> {
    let reasons = refused.iter();
    reasons.map(|(reason, n)| ((*reason).into(), *n)).collect()
}

impl From<stored::BulkEdit> for BulkEdit {
    fn from(edit: stored::BulkEdit) -> Self {
        Self {
            id: edit.id.0,
            object: edit.object.into(),
            is_deletion: matches!(edit.action, BulkAction::Delete(_)),
            request: edit.asked,
            status: edit.status.into(),
            n_rows: edit.n_rows,
            n_changed: edit.counts.changed,
            n_unchanged: edit.counts.unchanged,
            n_refused: edit.counts.n_refused(),
            refused: by_reason(&edit.counts.refused),
            n_batches: edit.n_batches,
            batches_done: edit.batches_done,
            job_id: edit.job_id.map(Into::into),
            undo_job_id: edit.undo_job_id.map(Into::into),
            created_by: edit.created_by.map(Reference::from),
            created_at: Time(edit.created_at),
            started_at: edit.started_at.map(Time),
            finished_at: edit.finished_at.map(Time),
            error: edit.error.as_deref().map(without_folders),
        }
    }
}
