//! `POST /contacts/{id}/merge`

use axum::Json;
use rapport_domain::ContactId;
use rapport_store::identity_log::{self, Merge};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::grounds;
use crate::error::ApiResult;
use crate::extract::{Body, Id};
use crate::permissions::WriteRecords;
use crate::routes::contacts::{Contact, find};
use crate::session::Allowed;

/// Which contact becomes part of this one, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ContactMergeRequest {
    /// The contact that goes. All that hangs on it hangs on this one from then on.
    from: Option<Uuid>,
    /// Why, for those who read the log.
    reason: Option<String>,
}

/// A merge that happened.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ContactMerge {
    /// The number of the operation, by which it is taken back.
    operation: i64,
    /// The contact that stays.
    contact: Contact,
}

/// Makes another contact part of this one, which gets the fields that it lacks; where both have a value, the
/// rules of `/settings/survivorship` choose. Takes the right to change this one and to delete the other.
/// Answers 409 where the two are one already, where the other is part of somebody, and where somebody has
/// said that they are never the same, naming the operation.
#[utoipa::path(
    post, path = "/contacts/{id}/merge", tag = "contacts", request_body = ContactMergeRequest,
    params(("id" = Uuid, Path)), responses((status = 200, body = ContactMerge)),
)]
pub(super) async fn create_contact_merge(
    Allowed { app, .. }: Allowed<WriteRecords>,
    Id(id): Id<ContactId>,
    Body(asked): Body<ContactMergeRequest>,
) -> ApiResult<Json<ContactMerge>> {
    // Who names nobody is told what a contact and itself is told, after all that is asked of rights.
    let from = asked.from.map_or(id, ContactId);
    let merge = Merge {
        grounds: grounds(asked.reason)?,
        ..Merge::of(from, id)
    };
    let merged = identity_log::merge(app.store(), merge).await?;
    Ok(Json(ContactMerge {
        operation: merged.operation,
        contact: find(&app, id).await?,
    }))
}
