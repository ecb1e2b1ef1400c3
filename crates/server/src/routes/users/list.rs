//! `GET /users`

use axum::Json;
use rapport_store::users;

use super::user::{User, UserList};
use crate::error::ApiResult;
use crate::permissions::{Action, ReadRecords};
use crate::respond::Meta;
use crate::session::Allowed;

/// Lists users by name, on one page: all of them with their accounts for administrators, the names
/// of those who may sign in for all others.
#[utoipa::path(
    get, path = "/users", tag = "users", responses((status = 200, body = UserList)),
)]
pub(super) async fn list_users(viewer: Allowed<ReadRecords>) -> ApiResult<Json<UserList>> {
    let app = &viewer.app;
    let mut users = users::list(app.store()).await?;
    if !viewer.may(Action::ManageUsers) {
        users.retain(|user| user.disabled_at.is_none());
    }
    let meta = Meta {
        next_cursor: None,
        estimate: Some(users.len() as u64),
    };
    let users = users.into_iter().map(|user| User::seen_by(&viewer, user));
    Ok(Json(UserList {
        users: users.collect(),
        meta,
    }))
}
