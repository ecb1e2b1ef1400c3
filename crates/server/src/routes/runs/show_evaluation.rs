//! `GET /runs/{id}/evaluation`

use axum::Json;
use rapport_domain::RunId;
use rapport_store::runs;

use super::evaluation::Evaluation;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::session::Allowed;

/// Shows how good the result of a run proved to be on rows that it had not seen.
#[utoipa::path(
    get, path = "/runs/{id}/evaluation", tag = "runs", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Evaluation)),
)]
pub(super) async fn show_run_evaluation(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(id): Id<RunId>,
) -> ApiResult<Json<Evaluation>> {
    let found = runs::find_evaluation(app.store(), id).await?;
    let found = found.ok_or_else(|| ApiError::not_found("evaluation"))?;
    Ok(Json(found.into()))
}
