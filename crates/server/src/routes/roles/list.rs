//! `GET /roles`

use axum::Json;
use rapport_store::roles;

use super::role::{CustomRole, CustomRoleList};
use crate::error::ApiResult;
use crate::permissions::ManageUsers;
use crate::respond::Meta;
use crate::session::Allowed;

/// Lists the roles that people put together, by name, on one page.
#[utoipa::path(get, path = "/roles", tag = "roles", responses((status = 200, body = CustomRoleList)))]
pub(super) async fn list_roles(
    Allowed { app, .. }: Allowed<ManageUsers>,
) -> ApiResult<Json<CustomRoleList>> {
    let roles: Vec<CustomRole> = roles::list(app.store())
        .await?
        .into_iter()
        .map(CustomRole::from)
        .collect();
    let meta = Meta {
        next_cursor: None,
        estimate: Some(roles.len() as u64),
    };
    Ok(Json(CustomRoleList { roles, meta }))
}
