//! `POST /imports/{id}/undo`

use axum::Json;
use axum::http::StatusCode;
use rapport_domain::ImportId;
use rapport_pipelines::imports;

use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::ImportFiles;
use crate::routes::jobs::JobAccepted;
use crate::session::Allowed;

/// Takes an import back, or goes on where an earlier undo stopped; follow its job or the import itself.
#[utoipa::path(
    post, path = "/imports/{id}/undo", tag = "imports", params(("id" = uuid::Uuid, Path)),
    responses((status = 202, body = JobAccepted)),
)]
pub(super) async fn create_import_undo(
    Allowed { app, .. }: Allowed<ImportFiles>,
    Id(id): Id<ImportId>,
) -> ApiResult<(StatusCode, Json<JobAccepted>)> {
    let job = imports::undo(app.workspace(), id).await?;
    Ok((StatusCode::ACCEPTED, Json(JobAccepted { job: job.into() })))
}
