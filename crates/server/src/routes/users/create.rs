//! `POST /users`

use axum::Json;
use rapport_domain::EmailAddress;
use rapport_store::users::{self, NewUser};

use super::user::{User, UserInput};
use crate::error::ApiResult;
use crate::extract::Body;
use crate::permissions::ManageUsers;
use crate::respond::Created;
use crate::routes::me::check_name;
use crate::session::Allowed;
use crate::wire::Language;

/// Adds a user.
#[utoipa::path(
    post, path = "/users", tag = "users", request_body = UserInput,
    responses((status = 201, body = User)),
)]
pub(super) async fn create_user(
    administrator: Allowed<ManageUsers>,
    Body(input): Body<UserInput>,
) -> ApiResult<Created<Json<User>>> {
    let app = &administrator.app;
    administrator.confirm().await?;
    let new = NewUser {
        id: app.new_id(),
        email: input.email.parse::<EmailAddress>()?,
        name: check_name(&input.name)?,
        role: input.role.into(),
        language: input.language.unwrap_or(Language::En).into(),
        password: input.password,
    };
    let (store, now) = (app.store().clone(), app.now());
    let created = app.hashing(async move { users::create(&store, new, now).await });
    let user = created.await?;
    Ok(Created::new("users", user.id.0, Json(user.into())))
}
