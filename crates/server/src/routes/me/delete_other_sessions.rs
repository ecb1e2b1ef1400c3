//! `DELETE /me/sessions`

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use rapport_store::sessions;

use crate::error::ApiResult;
use crate::permissions::KeepOwnAccount;
use crate::session::{Allowed, read_cookie};
use crate::state::AppState;

/// Signs out everywhere else: all browsers of one's own but the one that asks.
#[utoipa::path(
    delete, path = "/me/sessions", operation_id = "delete_other_sessions", tag = "me",
    responses((status = 204)),
)]
pub(super) async fn delete_other_sessions(
    State(app): State<AppState>,
    user: Allowed<KeepOwnAccount>,
    headers: HeaderMap,
) -> ApiResult<StatusCode> {
    match read_cookie(&headers) {
        Some(token) => sessions::end_others(app.store(), user.id, &token).await?,
        None => sessions::end_all(app.store(), user.id).await?,
    }
    Ok(StatusCode::NO_CONTENT)
}
