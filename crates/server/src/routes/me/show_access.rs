//! `GET /me/access`

use axum::Json;
use rapport_store::teams;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::ApiResult;
use crate::permissions::KeepOwnAccount;
use crate::routes::roles::RolePolicy;
use crate::session::Allowed;

/// What decides what the caller sees and does.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OwnAccess {
    /// The role that somebody has put together and that decides; the built-in one where null.
    role_id: Option<Uuid>,
    /// What the role allows.
    policy: RolePolicy,
    /// The teams that the caller is in.
    team_ids: Vec<Uuid>,
}

/// Shows what one's role allows, so that screens offer no more than that.
#[utoipa::path(
    get, path = "/me/access", tag = "me", responses((status = 200, body = OwnAccess)),
)]
pub(super) async fn show_own_access(user: Allowed<KeepOwnAccount>) -> ApiResult<Json<OwnAccess>> {
    let app = &user.app;
    let teams = teams::of_user(app.store(), user.id).await?;
    Ok(Json(OwnAccess {
        role_id: user.role_id.map(Into::into),
        policy: app.access().policy.clone().into(),
        team_ids: teams.into_iter().map(Into::into).collect(),
    }))
}
