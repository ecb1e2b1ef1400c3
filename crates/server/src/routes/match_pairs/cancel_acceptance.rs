//! `POST /match_pairs/acceptances/{id}/cancel`

use axum::Json;
use axum::http::StatusCode;
use rapport_domain::JobId;
use rapport_pipelines::matching;

use super::acceptance::{MatchAcceptance, expect, read};
use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::{Action, WriteRecords};
use crate::session::Allowed;

/// Stops an acceptance after the pair under way. What was merged by then stays, and can be taken back. Open to
/// who asked for it and who may cancel jobs.
#[utoipa::path(
    post, path = "/match_pairs/acceptances/{id}/cancel", tag = "match_pairs",
    params(("id" = uuid::Uuid, Path)), responses((status = 202, body = MatchAcceptance)),
)]
pub(super) async fn cancel_match_acceptance(
    user: Allowed<WriteRecords>,
    Id(id): Id<JobId>,
) -> ApiResult<(StatusCode, Json<MatchAcceptance>)> {
    expect(&user, id, Action::ImportFiles).await?;
    matching::cancel(user.app.workspace(), id).await?;
    Ok((StatusCode::ACCEPTED, Json(read(&user.app, id).await?)))
}
