//! `GET /session`

use axum::Json;

use super::user::{Session, SessionUser};
use crate::error::ApiResult;
use crate::permissions::KeepOwnAccount;
use crate::session::Allowed;

/// Shows who is signed in.
#[utoipa::path(
    get, path = "/session", tag = "session", responses((status = 200, body = Session)),
)]
pub(super) async fn show_session(user: Allowed<KeepOwnAccount>) -> ApiResult<Json<Session>> {
    let app = &user.app;
    Ok(Json(Session {
        user: SessionUser::of(app.store(), &user).await?,
    }))
}
