//! `PATCH /users/{id}`

use axum::Json;
use rapport_domain::{Role, UserId};
use rapport_store::users;

use super::user::{User, UserPatch};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Body, Id};
use crate::permissions::ManageUsers;
use crate::routes::me::check_name;
use crate::session::Allowed;

/// Changes a user's name or role, or whether the user may sign in. The last active administrator
/// stays one: that is 409.
#[utoipa::path(
    patch, path = "/users/{id}", tag = "users", request_body = UserPatch,
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = User)),
)]
pub(super) async fn update_user(
    administrator: Allowed<ManageUsers>,
    Id(id): Id<UserId>,
    Body(patch): Body<UserPatch>,
) -> ApiResult<Json<User>> {
    let app = &administrator.app;
    administrator.confirm().await?;
    if patch.role.is_some() && patch.role_id.is_some() {
        let message = "name a built-in role or one that was put together, not both";
        return Err(ApiError::unprocessable("/role_id", "one_of", message));
    }
    let (name, now) = (
        patch.name.as_deref().map(check_name).transpose()?,
        app.now(),
    );
    let changed = users::change(app.store(), id, move |user| {
        if let Some(name) = name {
            user.name = name;
        }
        if let Some(role) = patch.role {
            user.role = role.into();
            user.role_id = None;
        }
        if let Some(role_id) = patch.role_id {
            // What screens take for a role that somebody has put together.
            user.role = Role::Member;
            user.role_id = Some(role_id.into());
        }
        if let Some(is_disabled) = patch.disabled {
            // Who is locked out already stays so from the first time on.
            let disabled_at = user.disabled_at.unwrap_or(now);
            user.disabled_at = is_disabled.then_some(disabled_at);
        }
    });
    let changed = changed.await?;
    app.announce_access();
    Ok(Json(changed.into()))
}
