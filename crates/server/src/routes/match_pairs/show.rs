//! `GET /match_pairs/{id}`

use axum::Json;
use rapport_domain::MatchPairId;
use rapport_store::{match_pairs, settings};

use super::match_pair::MatchPair;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::session::Allowed;
use crate::state::Desk;

/// Shows a pair of contacts that may be one person, decided or not.
#[utoipa::path(
    get, path = "/match_pairs/{id}", tag = "match_pairs", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = MatchPair)),
)]
pub(super) async fn show_match_pair(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(id): Id<MatchPairId>,
) -> ApiResult<Json<MatchPair>> {
    Ok(Json(find(&app, id).await?))
}

/// Finds a pair that the caller sees.
pub(super) async fn find(app: &Desk, id: MatchPairId) -> ApiResult<MatchPair> {
    let threshold = settings::matching(app.store()).await?.threshold;
    let pair = match_pairs::find(app.store(), id).await?;
    let pair = pair.ok_or_else(|| ApiError::not_found("match pair"))?;
    Ok(MatchPair::of(pair, threshold))
}
