//! `POST /imports/{id}/dry_run`

use axum::Json;
use axum::http::StatusCode;
use rapport_domain::ImportId;
use rapport_pipelines::imports;

use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::ImportFiles;
use crate::routes::jobs::JobAccepted;
use crate::session::Allowed;

/// Starts a dry run of an import that was not run yet: it tells what each row would do and writes no
/// record. Follow its job.
#[utoipa::path(
    post, path = "/imports/{id}/dry_run", tag = "imports", params(("id" = uuid::Uuid, Path)),
    responses((status = 202, body = JobAccepted)),
)]
pub(super) async fn create_import_dry_run(
    Allowed { app, .. }: Allowed<ImportFiles>,
    Id(id): Id<ImportId>,
) -> ApiResult<(StatusCode, Json<JobAccepted>)> {
    let job = imports::start_dry_run(app.workspace(), id).await?;
    Ok((StatusCode::ACCEPTED, Json(JobAccepted { job: job.into() })))
}
