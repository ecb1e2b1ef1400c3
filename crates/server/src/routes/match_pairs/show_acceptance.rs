//! `GET /match_pairs/acceptances/{id}`

use axum::Json;
use rapport_domain::JobId;

use super::acceptance::{MatchAcceptance, expect, read};
use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::{Action, ReadRecords};
use crate::session::Allowed;

/// Shows what became of the pairs that were accepted at once, by the job that merges them. Open to who asked
/// for it and who may read jobs.
#[utoipa::path(
    get, path = "/match_pairs/acceptances/{id}", tag = "match_pairs",
    params(("id" = uuid::Uuid, Path)), responses((status = 200, body = MatchAcceptance)),
)]
pub(super) async fn show_match_acceptance(
    user: Allowed<ReadRecords>,
    Id(id): Id<JobId>,
) -> ApiResult<Json<MatchAcceptance>> {
    expect(&user, id, Action::ReadEverything).await?;
    Ok(Json(read(&user.app, id).await?))
}
