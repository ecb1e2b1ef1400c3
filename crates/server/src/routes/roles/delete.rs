//! `DELETE /roles/{id}`

use axum::http::StatusCode;
use rapport_domain::RoleId;
use rapport_store::roles;

use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::ManageUsers;
use crate::session::Allowed;

/// Deletes a role; one that somebody has is 409.
#[utoipa::path(
    delete, path = "/roles/{id}", tag = "roles", params(("id" = uuid::Uuid, Path)),
    responses((status = 204)),
)]
pub(super) async fn delete_role(
    Allowed { app, .. }: Allowed<ManageUsers>,
    Id(id): Id<RoleId>,
) -> ApiResult<StatusCode> {
    roles::delete(app.store(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
