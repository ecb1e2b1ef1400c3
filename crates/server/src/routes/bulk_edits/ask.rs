//! Asking for a bulk edit: everything is checked before anything is written.

use axum::Json;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rapport_domain::{BulkAction, Changeable as _, ObjectKind};
use rapport_pipelines::bulk_edits::{self as pipeline, Asked};
use rapport_store::{StoreError, bulk_edits};
use serde_json::Value;

use super::bulk_edit::{BulkEdit, BulkEditAccepted, BulkEditPreview};
use super::request::{BulkEditInput, BulkEditParams, Choice, in_body};
use crate::answers::fields_of;
use crate::error::{ApiError, ApiResult};
use crate::extract::read_value;
use crate::permissions::WriteRecords;
use crate::routes::custom_fields::check_custom;
use crate::routes::record_patch::RecordPatch;
use crate::routes::references::check_references;
use crate::session::Allowed;
use crate::state::Desk;

/// Queues a bulk edit of one kind of records, or tells what it would do.
pub(crate) async fn ask<P: RecordPatch>(
    allowed: &Allowed<WriteRecords>,
    params: Result<Query<BulkEditParams>, QueryRejection>,
    request: BulkEditInput,
) -> ApiResult<Response> {
    let app = &allowed.app;
    let Query(params) = params.map_err(|_| {
        let message = "this address takes dry_run=true or dry_run=false";
        ApiError::bad_request("?dry_run", "bad_query", message)
    })?;
    let action = action_of::<P>(app, &request).await?;
    let chosen = match request.choice(app.now())? {
        Choice::Ids(ids) => bulk_edits::choose_ids(app.store(), P::KIND, &ids).await,
        Choice::Query(query) => bulk_edits::choose(app.store(), P::KIND, &query).await,
    };
    let chosen = chosen.map_err(|error| in_body(error.into()))?;
    let n_rows = chosen.len() as u64;
    if let Some(expected) = request.expect.filter(|expected| *expected != n_rows) {
        let detail = format!(
            "{n_rows} records are meant by now, and not {expected}; look again and repeat the request"
        );
        return Err(ApiError::new(StatusCode::CONFLICT, "count_changed", detail));
    }
    if params.dry_run {
        let counts = bulk_edits::preview(app.store(), action, &chosen, app.now()).await?;
        return Ok(Json(BulkEditPreview::of(n_rows, &counts)).into_response());
    }
    let words = serde_json::to_value(&request).unwrap_or(Value::Null);
    let asked = Asked {
        action,
        words,
        chosen,
    };
    let (edit, job) = pipeline::start(app.workspace(), allowed.id, asked).await?;
    let accepted = BulkEditAccepted {
        bulk_edit: BulkEdit::from(edit),
        job: job.into(),
    };
    Ok((StatusCode::ACCEPTED, Json(accepted)).into_response())
}

/// What is to be done to each record: the values are checked once, on a record that breaks no rule.
async fn action_of<P: RecordPatch>(app: &Desk, request: &BulkEditInput) -> ApiResult<BulkAction> {
    let set = match (&request.set, request.delete) {
        (Some(set), false) if !set.is_empty() => set,
        (None, true) => return Ok(BulkAction::Delete(P::KIND)),
        (Some(_), true) => {
            let message = "set fields or delete, not both";
            return Err(ApiError::unprocessable("/delete", "not_both", message));
        }
        _ => {
            let message = "name the fields to set, or delete";
            return Err(ApiError::unprocessable("/set", "required", message));
        }
    };
    check_rules(app, P::KIND, fields_of(set)).map_err(in_set)?;
    let changes = read_changes::<P>(app, set.clone().into()).await;
    Ok(P::action(changes.map_err(in_set)?))
}

async fn read_changes<P: RecordPatch>(
    app: &Desk,
    set: Value,
) -> ApiResult<Vec<<P::Record as rapport_domain::Changeable>::Change>> {
    let mut patch: P = read_value(set)?;
    check_custom(app, P::KIND, patch.custom()).await?;
    let mut violations = Vec::new();
    let changes = patch.changes(&mut violations);
    let mut probe = P::probe(app.now());
    if let Err(invalid) = probe.apply(&changes, app.now()) {
        violations.extend(invalid.violations);
    }
    ApiError::check(violations)?;
    check_references(app, P::named(&changes)).await?;
    P::check(app, &changes).await?;
    Ok(changes)
}

/// Refuses fields that are not the caller's to set, were it to what they are: a hidden value is not guessed
/// by many records either.
pub(super) fn check_rules(
    app: &Desk,
    kind: ObjectKind,
    fields: impl IntoIterator<Item = String>,
) -> ApiResult<()> {
    let policy = &app.access().policy;
    let rules = fields.into_iter().filter_map(|field| {
        let rule = policy.field_rule(kind, &field)?;
        Some((field, rule))
    });
    let fields: Vec<_> = rules.collect();
    match fields.is_empty() {
        true => Ok(()),
        false => Err(StoreError::FieldsNotAllowed { fields }.into()),
    }
}

/// The same error where the fields stand in `set`.
fn in_set(mut error: ApiError) -> ApiError {
    for problem in &mut error.errors {
        problem.pointer = format!("/set{}", problem.pointer);
    }
    error
}
