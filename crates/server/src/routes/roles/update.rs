//! `PUT /roles/{id}`

use rapport_domain::RoleId;
use rapport_store::roles;

use super::fields::check_fields;
use super::role::{CustomRole, RoleInput};
use super::show;
use crate::error::ApiResult;
use crate::extract::{Body, Id, IfMatch};
use crate::permissions::ManageUsers;
use crate::respond::Record;
use crate::session::Allowed;

/// Writes a role anew. It holds from the next request of each of its users on.
#[utoipa::path(
    put, path = "/roles/{id}", tag = "roles", request_body = RoleInput,
    params(("id" = uuid::Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = CustomRole)),
)]
pub(super) async fn update_role(
    administrator: Allowed<ManageUsers>,
    Id(id): Id<RoleId>,
    IfMatch(version): IfMatch,
    Body(input): Body<RoleInput>,
) -> ApiResult<Record<CustomRole>> {
    administrator.confirm().await?;
    let app = &administrator.app;
    let mut role = show::find(app, id).await?;
    role.name = input.name.trim().to_owned();
    role.policy = input.policy.into();
    check_fields(app, &role.policy).await?;
    roles::update(app.store(), role, version).await?;
    app.announce_access();
    Ok(CustomRole::from(show::find(app, id).await?).into())
}
