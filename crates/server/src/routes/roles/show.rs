//! `GET /roles/{id}`

use rapport_domain::RoleId;
use rapport_store::roles;

use super::role::CustomRole;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ManageUsers;
use crate::respond::Record;
use crate::session::Allowed;
use crate::state::Desk;

/// Shows a role.
#[utoipa::path(
    get, path = "/roles/{id}", tag = "roles", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = CustomRole)),
)]
pub(super) async fn show_role(
    Allowed { app, .. }: Allowed<ManageUsers>,
    Id(id): Id<RoleId>,
) -> ApiResult<Record<CustomRole>> {
    Ok(CustomRole::from(find(&app, id).await?).into())
}

/// The role as it is now.
pub(super) async fn find(app: &Desk, id: RoleId) -> ApiResult<roles::CustomRole> {
    let role = roles::find(app.store(), id).await?;
    role.ok_or_else(|| ApiError::not_found("role"))
}
