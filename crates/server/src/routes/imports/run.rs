//! `POST /imports/{id}/run`

use axum::Json;
use axum::http::StatusCode;
use rapport_domain::ImportId;
use rapport_pipelines::imports;

use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::ImportFiles;
use crate::routes::jobs::JobAccepted;
use crate::session::Allowed;

/// Starts an import, or lets a stopped one go on; follow its job or the import itself.
#[utoipa::path(
    post, path = "/imports/{id}/run", tag = "imports", params(("id" = uuid::Uuid, Path)),
    responses((status = 202, body = JobAccepted)),
)]
pub(super) async fn run_import(
    Allowed { app, .. }: Allowed<ImportFiles>,
    Id(id): Id<ImportId>,
) -> ApiResult<(StatusCode, Json<JobAccepted>)> {
    let job = imports::start(app.workspace(), id).await?;
    Ok((StatusCode::ACCEPTED, Json(JobAccepted { job: job.into() })))
}
