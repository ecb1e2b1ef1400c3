//! `POST /match_pairs/acceptances`

use axum::Json;
use axum::http::StatusCode;
use rapport_pipelines::matching;
use serde::Deserialize;
use utoipa::ToSchema;

use super::acceptance::MatchAcceptanceAccepted;
use crate::error::{ApiError, ApiResult};
use crate::extract::Body;
use crate::permissions::WriteRecords;
use crate::session::Allowed;

/// Which open pairs are accepted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MatchAcceptanceRequest {
    /// The probability from which on they are, 0.5 to 1.
    #[schema(minimum = 0.5, maximum = 1)]
    min_probability: Option<f64>,
}

/// Merges all open pairs from a probability on that the whole group of their records supports and of which the
/// caller sees both contacts. Each is a merge of its own in the log, made in the caller's name and with the
/// caller's rights. What these do not allow is told and left, and so is what was taken back before, what a source
/// that holds each person once knows both of, and what has changed since it was compared. The whole can be taken
/// back. Asked twice, the first acceptance is answered while it is under way. Who does not see all that is
/// compared chooses 0.5 or 0.9.
#[utoipa::path(
    post, path = "/match_pairs/acceptances", tag = "match_pairs",
    request_body = MatchAcceptanceRequest,
    responses((status = 202, body = MatchAcceptanceAccepted)),
)]
pub(super) async fn create_match_acceptance(
    user: Allowed<WriteRecords>,
    Body(asked): Body<MatchAcceptanceRequest>,
) -> ApiResult<(StatusCode, Json<MatchAcceptanceAccepted>)> {
    let Some(min_probability) = asked.min_probability else {
        let message = "say from which probability on pairs are accepted";
        return Err(ApiError::unprocessable(
            "/min_probability",
            "required",
            message,
        ));
    };
    if !(0.5..=1.0).contains(&min_probability) {
        let message = "choose a probability from 0.5 to 1";
        return Err(ApiError::unprocessable(
            "/min_probability",
            "out_of_range",
            message,
        ));
    }
    let (job, n_pairs) = matching::accept(user.app.workspace(), min_probability).await?;
    let accepted = MatchAcceptanceAccepted {
        job: job.into(),
        n_pairs,
    };
    Ok((StatusCode::ACCEPTED, Json(accepted)))
}
