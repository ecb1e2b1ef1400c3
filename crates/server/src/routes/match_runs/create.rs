//! `POST /match_runs`

use axum::Json;
use axum::http::StatusCode;
use rapport_pipelines::matching;

use crate::error::ApiResult;
use crate::permissions::ImportFiles;
use crate::routes::jobs::JobAccepted;
use crate::session::Allowed;

/// Looks for contacts of one person among all; follow the job. Where that is under way already, its job is
/// answered. By itself it is done soon after each import that made contacts.
#[utoipa::path(
    post, path = "/match_runs", tag = "match_pairs", responses((status = 202, body = JobAccepted)),
)]
pub(super) async fn create_match_run(
    Allowed { app, .. }: Allowed<ImportFiles>,
) -> ApiResult<(StatusCode, Json<JobAccepted>)> {
    let job = matching::start(app.workspace()).await?;
    Ok((StatusCode::ACCEPTED, Json(JobAccepted { job: job.into() })))
}
