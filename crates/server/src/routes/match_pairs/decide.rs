//! `POST /match_pairs/{id}/decisions`

use axum::Json;
use rapport_domain::{ContactId, MatchPairId};
use rapport_store::match_pairs::{self, PairDecision};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::match_pair::{MatchPair, MatchVerdict};
use super::show::find;
use crate::error::ApiResult;
use crate::extract::{Body, Id};
use crate::permissions::WriteRecords;
use crate::routes::identities::checked_reason;
use crate::session::Allowed;

/// What is decided of a pair, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MatchPairDecisionRequest {
    /// `same` merges the two, `different` keeps them apart for good.
    verdict: MatchVerdict,
    /// Which of the two stays; where it is absent that with more identities, else the older one.
    keep: Option<Uuid>,
    /// Why, for those who read the log.
    reason: Option<String>,
}

/// A decision that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MatchPairDecision {
    /// The pair as it is now.
    match_pair: MatchPair,
    /// The number of the operation, by which the decision is taken back.
    operation: i64,
}

/// Decides on an open pair. Takes the rights of merging: to change the one that stays and to delete the one
/// that goes, or to change both. Answers 409 where it is decided already or one of the two was merged
/// otherwise, and where somebody has said that the two are never the same.
#[utoipa::path(
    post, path = "/match_pairs/{id}/decisions", tag = "match_pairs",
    request_body = MatchPairDecisionRequest, params(("id" = Uuid, Path)),
    responses((status = 200, body = MatchPairDecision)),
)]
pub(super) async fn create_match_pair_decision(
    Allowed { app, .. }: Allowed<WriteRecords>,
    Id(id): Id<MatchPairId>,
    Body(asked): Body<MatchPairDecisionRequest>,
) -> ApiResult<Json<MatchPairDecision>> {
    let decision = PairDecision {
        pair: id,
        verdict: asked.verdict.into(),
        keep: asked.keep.map(ContactId),
        reason: checked_reason(asked.reason)?,
    };
    let operation = match_pairs::decide(app.store(), decision).await?;
    Ok(Json(MatchPairDecision {
        match_pair: find(&app, id).await?,
        operation,
    }))
}
