//! `POST /audit/erasures`

use axum::Json;
use rapport_store::audit;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::ApiResult;
use crate::extract::Body;
use crate::permissions::{ManageUsers, ReadAudit};
use crate::session::Allowed;
use crate::wire::AuditObject;

/// Whose values are to be erased.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AuditErasureInput {
    /// The kind of record, such as `contact`.
    object: AuditObject,
    /// The record; it need not be there any more.
    object_id: Uuid,
}

/// What was erased.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AuditErasure {
    /// Entries that no longer tell values.
    n_erased: u64,
}

/// Erases the values that the audit tells of a record, of notes, tasks, deals and tickets about it, and of
/// notes and tasks about those, for good: of a person who asks to be forgotten. What webhooks have sent of
/// them goes from their logs. Who did what and when stays, and the chain stays whole.
/// Only administrators do that.
#[utoipa::path(
    post, path = "/audit/erasures", tag = "audit", request_body = AuditErasureInput,
    responses((status = 200, body = AuditErasure)),
)]
pub(super) async fn create_audit_erasure(
    user: Allowed<ReadAudit>,
    Body(input): Body<AuditErasureInput>,
) -> ApiResult<Json<AuditErasure>> {
    user.require::<ManageUsers>()?;
    let n_erased = audit::erase(user.app.store(), input.object.into(), input.object_id).await?;
    Ok(Json(AuditErasure { n_erased }))
}
