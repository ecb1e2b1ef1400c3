//! `POST /match_pairs/acceptances/{id}/undo`

use axum::Json;
use axum::http::StatusCode;
use rapport_domain::JobId;
use rapport_pipelines::matching;

use super::acceptance::expect_to_undo;
use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::WriteRecords;
use crate::routes::jobs::JobAccepted;
use crate::session::Allowed;

/// Takes back all merges of a job that accepted pairs, with the caller's rights; follow the job. Answers 409
/// while that job is under way. Open to who asked for it and who may change all contacts.
#[utoipa::path(
    post, path = "/match_pairs/acceptances/{id}/undo", tag = "match_pairs",
    params(("id" = uuid::Uuid, Path)), responses((status = 202, body = JobAccepted)),
)]
pub(super) async fn create_match_acceptance_undo(
    user: Allowed<WriteRecords>,
    Id(id): Id<JobId>,
) -> ApiResult<(StatusCode, Json<JobAccepted>)> {
    expect_to_undo(&user, id).await?;
    let job = matching::undo(user.app.workspace(), id).await?;
    Ok((StatusCode::ACCEPTED, Json(JobAccepted { job: job.into() })))
}
