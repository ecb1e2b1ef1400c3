//! `DELETE /me/sessions/{id}`

use axum::http::StatusCode;
use rapport_domain::SessionId;
use rapport_store::sessions;

use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::KeepOwnAccount;
use crate::session::Allowed;

/// Signs one of one's own browsers out.
#[utoipa::path(
    delete, path = "/me/sessions/{id}", operation_id = "delete_own_session", tag = "me",
    params(("id" = uuid::Uuid, Path)), responses((status = 204)),
)]
pub(super) async fn delete_session(
    user: Allowed<KeepOwnAccount>,
    Id(id): Id<SessionId>,
) -> ApiResult<StatusCode> {
    let app = &user.app;
    sessions::end_one(app.store(), user.id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
