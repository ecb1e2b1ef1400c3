//! `GET /users`

use axum::Json;
use axum::extract::State;
use rapport_store::users;

use super::user::{User, UserList};
use crate::error::ApiResult;
use crate::permissions::ManageUsers;
use crate::respond::Meta;
use crate::session::Allowed;
use crate::state::AppState;

/// Lists all users by name, on one page.
#[utoipa::path(
    get, path = "/users", tag = "users", responses((status = 200, body = UserList)),
)]
pub(super) async fn list_users(
    State(app): State<AppState>,
    _: Allowed<ManageUsers>,
) -> ApiResult<Json<UserList>> {
    let users = users::list(app.store()).await?;
    let meta = Meta {
        next_cursor: None,
        estimate: Some(users.len() as u64),
    };
    Ok(Json(UserList {
        users: users.into_iter().map(User::from).collect(),
        meta,
    }))
}
