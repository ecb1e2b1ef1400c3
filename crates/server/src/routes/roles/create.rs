//! `POST /roles`

use rapport_store::roles;

use super::fields::check_fields;
use super::role::{CustomRole, RoleInput};
use super::show;
use crate::error::ApiResult;
use crate::extract::Body;
use crate::permissions::ManageUsers;
use crate::respond::{Created, Record};
use crate::session::Allowed;

/// Puts a role together.
#[utoipa::path(
    post, path = "/roles", tag = "roles", request_body = RoleInput,
    responses((status = 201, body = CustomRole)),
)]
pub(super) async fn create_role(
    administrator: Allowed<ManageUsers>,
    Body(input): Body<RoleInput>,
) -> ApiResult<Created<Record<CustomRole>>> {
    administrator.confirm().await?;
    let app = &administrator.app;
    let role = roles::CustomRole {
        id: app.new_id(),
        name: input.name.trim().to_owned(),
        policy: input.policy.into(),
        created_at: app.now(),
        version: 1,
    };
    check_fields(app, &role.policy).await?;
    let id = role.id;
    roles::create(app.store(), role).await?;
    let role = CustomRole::from(show::find(app, id).await?);
    Ok(Created::new("roles", id.0, role.into()))
}
