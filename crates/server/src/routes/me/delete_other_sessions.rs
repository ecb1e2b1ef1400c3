//! `DELETE /me/sessions`

use axum::http::{HeaderMap, StatusCode};
use rapport_store::sessions;

use crate::error::ApiResult;
use crate::permissions::KeepOwnAccount;
use crate::session::{Allowed, read_cookie};

/// Signs out everywhere else: all browsers of one's own but the one that asks.
#[utoipa::path(
    delete, path = "/me/sessions", operation_id = "delete_other_sessions", tag = "me",
    responses((status = 204)),
)]
pub(super) async fn delete_other_sessions(
    user: Allowed<KeepOwnAccount>,
    headers: HeaderMap,
) -> ApiResult<StatusCode> {
    let app = &user.app;
    match read_cookie(&headers) {
        Some(token) => sessions::end_others(app.store(), user.id, &token).await?,
        None => sessions::end_all(app.store(), user.id).await?,
    }
    Ok(StatusCode::NO_CONTENT)
}
