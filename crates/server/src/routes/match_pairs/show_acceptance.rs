//! `GET /match_pairs/acceptances/{id}`

use axum::Json;
use rapport_domain::JobId;
use rapport_store::match_pairs;

use super::acceptance::{MatchAcceptance, expect};
use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::session::Allowed;

/// Shows what became of the pairs that a job accepts. Open to who asked for it and who may change all contacts.
#[utoipa::path(
    get, path = "/match_pairs/acceptances/{id}", tag = "match_pairs",
    params(("id" = uuid::Uuid, Path)), responses((status = 200, body = MatchAcceptance)),
)]
pub(super) async fn show_match_acceptance(
    user: Allowed<ReadRecords>,
    Id(id): Id<JobId>,
) -> ApiResult<Json<MatchAcceptance>> {
    expect(&user, id).await?;
    let acceptance = match_pairs::acceptance(user.app.store(), id).await?;
    Ok(Json(MatchAcceptance::of(id, acceptance)))
}
