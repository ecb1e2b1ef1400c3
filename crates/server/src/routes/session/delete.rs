//! `DELETE /session`

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use rapport_store::sessions;

use crate::error::ApiResult;
use crate::session::{clear_cookie, read_cookie};
use crate::state::AppState;

/// Signs out; signing out twice is fine.
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204)))]
pub(super) async fn delete_session(
    State(app): State<AppState>,
    headers: HeaderMap,
) -> ApiResult<(StatusCode, [(HeaderName, HeaderValue); 1])> {
    if let Some(token) = read_cookie(&headers) {
        sessions::revoke(app.system(), &token).await?;
    }
    let cookie = clear_cookie(app.config().is_https());
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]))
}
