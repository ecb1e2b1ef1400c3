//! `POST /me/password`

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use rapport_store::sessions::{self, SessionToken};
use rapport_store::users;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::{ApiError, ApiResult};
use crate::extract::Body;
use crate::permissions::KeepOwnAccount;
use crate::session::{Allowed, Claim, ClientAddress, IDLE, ThisBrowser, write_cookie};

/// The old and the new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordInput {
    /// The password until now.
    current: String,
    /// The password from now on.
    #[schema(min_length = 8, max_length = 200)]
    new: String,
}

/// Changes one's own password and ends all other sessions.
#[utoipa::path(
    post, path = "/me/password", operation_id = "update_password", tag = "me",
    request_body = PasswordInput, responses((status = 204)),
)]
pub(super) async fn change_password(
    user: Allowed<KeepOwnAccount>,
    ClientAddress(address): ClientAddress,
    browser: ThisBrowser,
    Body(input): Body<PasswordInput>,
) -> ApiResult<(StatusCode, [(HeaderName, HeaderValue); 1])> {
    let app = &user.app;
    // A stolen session must not be able to guess the password either, so failures count.
    let claim = Claim {
        email: user.email.to_string(),
        password: input.current,
        address,
    };
    if app.check_password(claim).await?.is_none() {
        return Err(wrong_password());
    }
    let (store, id) = (app.store().clone(), user.id);
    let changed = app.hashing(async move { users::set_password(&store, id, input.new).await });
    changed
        .await
        .map_err(|error| ApiError::from(error).at_pointer("/password", "/new"))?;
    // All sessions have ended, this browser's too: it goes on with a new one.
    let token = SessionToken::generate();
    sessions::create(app.store(), &token, user.id, browser.0, app.now(), IDLE).await?;
    let cookie = write_cookie(&token, app.config().is_https());
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]))
}

fn wrong_password() -> ApiError {
    let message = "this is not your password";
    ApiError::unprocessable("/current", "wrong_password", message)
}
