//! `GET /users/{id}`

use axum::Json;
use rapport_domain::UserId;
use rapport_store::users;

use super::user::User;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::session::Allowed;
use crate::state::Desk;

/// Shows a user.
#[utoipa::path(
    get, path = "/users/{id}", tag = "users", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = User)),
)]
pub(super) async fn show_user(
    viewer: Allowed<ReadRecords>,
    Id(id): Id<UserId>,
) -> ApiResult<Json<User>> {
    let app = &viewer.app;
    let user = find(app, id).await?;
    Ok(Json(User::seen_by(&viewer, user)))
}

/// The user as it is now.
pub(super) async fn find(app: &Desk, id: UserId) -> ApiResult<rapport_domain::User> {
    let user = users::find(app.store(), id).await?;
    user.ok_or_else(|| ApiError::not_found("user"))
}
