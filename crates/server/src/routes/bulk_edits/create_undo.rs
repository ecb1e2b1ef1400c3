//! `POST /bulk_edits/{id}/undo`

use std::borrow::Cow;

use axum::Json;
use axum::http::StatusCode;
use rapport_domain::BulkEditId;
use rapport_pipelines::bulk_edits;

use super::ask::check_rules;
use super::bulk_edit::BulkEditAccepted;
use super::show::find;
use super::steer::check_steering;
use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::WriteRecords;
use crate::session::Allowed;

/// Takes a bulk edit back, or goes on where an earlier undo stopped: what others have changed since stays,
/// and is listed as a conflict. Open to who asked for the edit and who may change all records of its kind; a
/// key needs the scope for these, too. What the edit has set must be the caller's to set.
#[utoipa::path(
    post, path = "/bulk_edits/{id}/undo", tag = "bulk_edits", params(("id" = uuid::Uuid, Path)),
    responses((status = 202, body = BulkEditAccepted)),
)]
pub(super) async fn create_bulk_edit_undo(
    allowed: Allowed<WriteRecords>,
    Id(id): Id<BulkEditId>,
) -> ApiResult<(StatusCode, Json<BulkEditAccepted>)> {
    check_steering(&allowed, id).await?;
    let app = &allowed.app;
    let action = find(app, id).await?.action;
    let fields = action.fields().into_iter().map(Cow::into_owned);
    check_rules(app, action.object(), fields)?;
    let job = bulk_edits::undo(app.workspace(), allowed.id, id).await?;
    let accepted = BulkEditAccepted {
        bulk_edit: find(app, id).await?.into(),
        job: job.into(),
    };
    Ok((StatusCode::ACCEPTED, Json(accepted)))
}
