//! `POST /me/password`

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use rapport_store::sessions::SessionToken;
use rapport_store::sign_ins::{self, SignInAttempt, SignInLimits};
use rapport_store::{sessions, users};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::{ApiError, ApiResult};
use crate::extract::Body;
use crate::permissions::KeepOwnAccount;
use crate::session::{Allowed, ClientAddress, IDLE, write_cookie};
use crate::state::AppState;

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
    State(app): State<AppState>,
    user: Allowed<KeepOwnAccount>,
    ClientAddress(address): ClientAddress,
    Body(input): Body<PasswordInput>,
) -> ApiResult<(StatusCode, [(HeaderName, HeaderValue); 1])> {
    check_current(&app, user.email.as_str(), &address, input.current).await?;
    let changed = users::set_password(app.store(), user.id, input.new).await;
    changed.map_err(|error| ApiError::from(error).at_pointer("/password", "/new"))?;
    // All sessions have ended, this browser's too: it goes on with a new one.
    let token = SessionToken::generate();
    sessions::create(app.store(), &token, user.id, app.now(), IDLE).await?;
    let cookie = write_cookie(&token, app.config().is_https());
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]))
}

/// A stolen session must not be able to guess the password either, so failures count.
async fn check_current(
    app: &AppState,
    email: &str,
    address: &str,
    password: String,
) -> ApiResult<()> {
    let (store, limits) = (app.store(), SignInLimits::default());
    let attempt = SignInAttempt {
        account: email,
        address,
    };
    let _slot = app.sign_in_slot().await;
    if let Some(wait) = sign_ins::retry_after(store, attempt, &limits, app.now()).await? {
        return Err(ApiError::too_many_attempts(wait));
    }
    if users::authenticate(store, email, password).await?.is_some() {
        return Ok(());
    }
    sign_ins::record_failure(store, attempt, &limits, app.now()).await?;
    let message = "this is not your password";
    Err(ApiError::unprocessable(
        "/current",
        "wrong_password",
        message,
    ))
}
