//! `GET /session`

use axum::Json;
use axum::extract::State;

use super::user::{Session, SessionUser};
use crate::error::ApiResult;
use crate::permissions::KeepOwnAccount;
use crate::session::Allowed;
use crate::state::AppState;

/// Shows who is signed in.
#[utoipa::path(
    get, path = "/session", tag = "session", responses((status = 200, body = Session)),
)]
pub(super) async fn show_session(
    State(app): State<AppState>,
    user: Allowed<KeepOwnAccount>,
) -> ApiResult<Json<Session>> {
    Ok(Json(Session {
        user: SessionUser::of(&app, &user).await?,
    }))
}
