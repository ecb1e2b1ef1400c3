//! `GET /jobs/{id}`

use axum::Json;
use rapport_domain::JobId;
use rapport_store::jobs;

use super::job::Job;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadEverything;
use crate::session::Allowed;

/// Shows a job.
#[utoipa::path(
    get, path = "/jobs/{id}", tag = "jobs", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Job)),
)]
pub(super) async fn show_job(
    Allowed { app, .. }: Allowed<ReadEverything>,
    Id(id): Id<JobId>,
) -> ApiResult<Json<Job>> {
    let job = jobs::find(app.store(), id).await?;
    job.map(|job| Json(job.into()))
        .ok_or_else(|| ApiError::not_found("job"))
}
