//! What follows from a change of a custom field, as a job: its index, and the words of its values.

use rapport_domain::{CustomField, CustomFieldId, JobProgress};
use rapport_store::custom_fields;
use rapport_store::jobs::{self, Job, NewJob};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Workspace;
use crate::changes::Change;
use crate::error::PipelineError;
use crate::jobs::JobContext;

/// Kind of the job.
pub(crate) const JOB_KIND: &str = "custom_field";
/// Times that the job is tried.
const ATTEMPTS_MAX: u32 = 5;

/// What the job needs to know.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Payload {
    field_id: CustomFieldId,
    /// The change that it follows, so that each change has a job of its own.
    version: i64,
}

/// Queues what a change of a field asks for; none where it asks for nothing.
///
/// # Errors
/// [`PipelineError::Store`] where the job cannot be queued.
pub async fn follow_up(
    workspace: &Workspace,
    before: Option<&CustomField>,
    field: &CustomField,
) -> Result<Option<Job>, PipelineError> {
    let indexed = |field: &CustomField| field.is_active() && (field.is_indexed || field.is_unique);
    let searched = |field: &CustomField| field.is_active() && field.is_searchable;
    let is_other = |holds: fn(&CustomField) -> bool| before.is_some_and(holds) != holds(field);
    if !is_other(indexed) && !is_other(searched) {
        return Ok(None);
    }
    let now = workspace.clock.now();
    let payload = Payload {
        field_id: field.id,
        version: field.version,
    };
    let new = NewJob {
        id: workspace.ids.next(now),
        kind: JOB_KIND.to_owned(),
        payload: json!(payload),
        unique_key: Some(format!("custom_field:{}:{}", field.id, field.version)),
        run_at: now,
        attempts_max: ATTEMPTS_MAX,
    };
    let job = jobs::enqueue(&workspace.store, new, now).await?;
    workspace.changes.announce(Change::Job(job.id));
    Ok(Some(job))
}

/// Makes the indices that fields of earlier versions lack. Without them lists are slow and two who write
/// at once may write one unique value, which is no reason not to work.
pub(crate) async fn make_missing(workspace: &Workspace) {
    if let Err(error) = custom_fields::make_missing(&workspace.store).await {
        tracing::error!(%error, "indices of custom fields could not be made");
    }
}

/// Makes what the field asks for as it is now; of a field that is gone nothing is left to make.
pub(crate) async fn run(
    workspace: &Workspace,
    payload: Payload,
    job: &mut JobContext<'_>,
) -> Result<serde_json::Value, PipelineError> {
    let store = &workspace.store;
    let field = custom_fields::find(store, payload.field_id).await?;
    let Some(field) = field else {
        return Ok(json!({ "field_id": payload.field_id }));
    };
    let mut progress = JobProgress {
        step: "indexing".to_owned(),
        done: 0,
        total: None,
    };
    job.report(progress.clone()).await?;
    custom_fields::arrange_index(store, &field).await?;
    progress.step = "refreshing_words".to_owned();
    let mut last = custom_fields::refresh_searched(store, &field, None).await?;
    while last.is_some() {
        progress.done += 1;
        job.report(progress.clone()).await?;
        last = custom_fields::refresh_searched(store, &field, last).await?;
    }
    Ok(json!({ "field_id": field.id }))
}
