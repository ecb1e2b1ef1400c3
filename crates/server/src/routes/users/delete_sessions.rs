//! `DELETE /users/{id}/sessions`

use axum::http::StatusCode;
use rapport_domain::UserId;
use rapport_store::sessions;

use super::show::find;
use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::ManageUsers;
use crate::session::Allowed;

/// Signs a user out of all browsers.
#[utoipa::path(
    delete, path = "/users/{id}/sessions", operation_id = "delete_user_sessions", tag = "users",
    params(("id" = uuid::Uuid, Path)), responses((status = 204)),
)]
pub(super) async fn delete_sessions(
    Allowed { app, .. }: Allowed<ManageUsers>,
    Id(id): Id<UserId>,
) -> ApiResult<StatusCode> {
    let user = find(&app, id).await?;
    sessions::end_all(app.store(), user.id).await?;
    app.announce_access();
    Ok(StatusCode::NO_CONTENT)
}
