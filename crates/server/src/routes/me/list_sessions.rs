//! `GET /me/sessions`

use axum::Json;
use axum::http::HeaderMap;
use rapport_store::sessions;

use crate::error::ApiResult;
use crate::permissions::KeepOwnAccount;
use crate::routes::signed_in::SignedInBrowserList;
use crate::session::{Allowed, read_cookie};

/// Lists the browsers that one is signed in with.
#[utoipa::path(
    get, path = "/me/sessions", operation_id = "list_own_sessions", tag = "me",
    responses((status = 200, body = SignedInBrowserList)),
)]
pub(super) async fn list_sessions(
    user: Allowed<KeepOwnAccount>,
    headers: HeaderMap,
) -> ApiResult<Json<SignedInBrowserList>> {
    let app = &user.app;
    let rows = sessions::list_of(app.store(), user.id, app.now()).await?;
    let current = read_cookie(&headers).map(|token| token.id());
    Ok(Json(SignedInBrowserList::new(rows, current)))
}
