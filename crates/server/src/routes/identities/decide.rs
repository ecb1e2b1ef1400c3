//! `POST /contacts/{id}/decisions`

use axum::Json;
use rapport_domain::ContactId;
use rapport_store::identity_log::{self, Decision};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::grounds;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Body, Id};
use crate::permissions::WriteRecords;
use crate::routes::match_pairs::MatchVerdict;
use crate::session::Allowed;

/// What is decided of this contact and another one, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ContactDecisionRequest {
    /// The other contact.
    other: Option<Uuid>,
    /// Whether they are the same person or never are.
    verdict: Option<MatchVerdict>,
    /// Why, for those who read the log.
    reason: Option<String>,
}

/// A decision that was noted.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ContactDecision {
    /// The number of the operation, by which it is taken back.
    operation: i64,
}

/// Notes that two contacts are one person, or never are; a later decision on the same two replaces an earlier
/// one. That they are one does not merge them. Takes the right to change both. Answers 409 where two that are
/// one contact at present are said to be different.
#[utoipa::path(
    post, path = "/contacts/{id}/decisions", tag = "contacts", request_body = ContactDecisionRequest,
    params(("id" = Uuid, Path)), responses((status = 200, body = ContactDecision)),
)]
pub(super) async fn create_contact_decision(
    Allowed { app, .. }: Allowed<WriteRecords>,
    Id(id): Id<ContactId>,
    Body(asked): Body<ContactDecisionRequest>,
) -> ApiResult<Json<ContactDecision>> {
    if asked.other.is_some() && asked.verdict.is_none() {
        let message = "say whether the two are same or different";
        return Err(ApiError::unprocessable("/verdict", "required", message));
    }
    let decision = Decision {
        first: id,
        // Who names nobody is told what a contact and itself is told, after all that is asked of rights.
        second: asked.other.map_or(id, ContactId),
        verdict: asked.verdict.unwrap_or(MatchVerdict::Different).into(),
        grounds: grounds(asked.reason)?,
    };
    let operation = identity_log::decide(app.store(), decision).await?;
    Ok(Json(ContactDecision { operation }))
}
