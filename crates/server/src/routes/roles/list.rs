//! `GET /roles`

use axum::Json;
use rapport_store::roles;

use super::role::{Role, RoleList};
use crate::error::ApiResult;
use crate::permissions::ManageUsers;
use crate::respond::Meta;
use crate::session::Allowed;

/// Lists the roles that people put together, by name, on one page.
#[utoipa::path(get, path = "/roles", tag = "roles", responses((status = 200, body = RoleList)))]
pub(super) async fn list_roles(
    Allowed { app, .. }: Allowed<ManageUsers>,
) -> ApiResult<Json<RoleList>> {
    let roles: Vec<Role> = roles::list(app.store())
        .await?
        .into_iter()
        .map(Role::from)
        .collect();
    let meta = Meta {
        next_cursor: None,
        estimate: Some(roles.len() as u64),
    };
    Ok(Json(RoleList { roles, meta }))
}
