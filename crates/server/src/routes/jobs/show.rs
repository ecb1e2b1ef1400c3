//! `GET /jobs/{id}`

use axum::Json;
use axum::extract::State;
use rapport_domain::JobId;
use rapport_store::jobs;

use super::job::Job;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::session::Allowed;
use crate::state::AppState;

/// Shows a job.
#[utoipa::path(
    get, path = "/jobs/{id}", tag = "jobs", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Job)),
)]
pub(super) async fn show_job(
    State(app): State<AppState>,
    _: Allowed<ReadRecords>,
    Id(id): Id<JobId>,
) -> ApiResult<Json<Job>> {
    let job = jobs::find(app.store(), id).await?;
    job.map(|job| Json(job.into()))
        .ok_or_else(|| ApiError::not_found("job"))
}
