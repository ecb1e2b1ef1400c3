//! `GET /users/{id}/sessions`

use axum::Json;
use axum::http::HeaderMap;
use rapport_domain::UserId;
use rapport_store::sessions;

use super::show::find;
use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::ManageUsers;
use crate::routes::signed_in::SignedInBrowserList;
use crate::session::{Allowed, read_cookie};

/// Lists the browsers that a user is signed in with.
#[utoipa::path(
    get, path = "/users/{id}/sessions", operation_id = "list_user_sessions", tag = "users",
    params(("id" = uuid::Uuid, Path)), responses((status = 200, body = SignedInBrowserList)),
)]
pub(super) async fn list_sessions(
    Allowed { app, .. }: Allowed<ManageUsers>,
    headers: HeaderMap,
    Id(id): Id<UserId>,
) -> ApiResult<Json<SignedInBrowserList>> {
    let user = find(&app, id).await?;
    let rows = sessions::list_of(app.store(), user.id, app.now()).await?;
    let current = read_cookie(&headers).map(|token| token.id());
    Ok(Json(SignedInBrowserList::new(rows, current)))
}
