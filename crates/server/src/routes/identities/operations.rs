//! `GET /contacts/{id}/identity_operations`

use axum::Json;
use rapport_domain::ContactId;
use rapport_store::identity_log;
use serde::Serialize;
use utoipa::ToSchema;

use super::operation::IdentityOperation;
use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::routes::contacts::find;
use crate::session::Allowed;

/// What was done to who a contact is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct IdentityOperationList {
    /// The operations, the latest first.
    identity_operations: Vec<IdentityOperation>,
}

/// Lists the merges, splits and decisions of a contact and of all that is part of it.
#[utoipa::path(
    get, path = "/contacts/{id}/identity_operations", tag = "contacts",
    params(("id" = uuid::Uuid, Path)), responses((status = 200, body = IdentityOperationList)),
)]
pub(super) async fn list_contact_identity_operations(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(id): Id<ContactId>,
) -> ApiResult<Json<IdentityOperationList>> {
    find(&app, id).await?;
    let rows = identity_log::list(app.store(), id).await?;
    Ok(Json(IdentityOperationList {
        identity_operations: rows.into_iter().map(IdentityOperation::from).collect(),
    }))
}
