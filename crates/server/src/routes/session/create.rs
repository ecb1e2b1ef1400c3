//! `POST /session`

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use rapport_store::sessions::{self, SessionToken};
use serde::Deserialize;
use utoipa::ToSchema;

use super::user::{Session, SessionUser};
use crate::error::{ApiError, ApiResult};
use crate::extract::Body;
use crate::session::{Claim, ClientAddress, IDLE, ThisBrowser, check_password, write_cookie};
use crate::state::AppState;

/// What to sign in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SessionInput {
    /// The user's e-mail address.
    email: String,
    /// The user's password.
    password: String,
}

/// Signs in and sets the session's cookie. Too many failures of an account or from an address are
/// answered with 429 and `Retry-After`.
#[utoipa::path(
    post, path = "/session", tag = "session", request_body = SessionInput,
    responses((status = 200, body = Session)),
)]
pub(super) async fn create_session(
    State(app): State<AppState>,
    ClientAddress(address): ClientAddress,
    browser: ThisBrowser,
    Body(input): Body<SessionInput>,
) -> ApiResult<([(HeaderName, HeaderValue); 1], Json<Session>)> {
    let claim = Claim {
        email: input.email,
        password: input.password,
        address,
    };
    let user = check_password(&app, claim).await?;
    let user = user.ok_or_else(wrong_credentials)?;
    let token = SessionToken::generate();
    sessions::create(app.system(), &token, user.id, browser.0, app.now(), IDLE).await?;
    sessions::delete_expired(app.system(), app.now()).await?;
    let cookie = write_cookie(&token, app.config().is_https());
    let user = SessionUser::of(app.system(), &user).await?;
    Ok(([(header::SET_COOKIE, cookie)], Json(Session { user })))
}

fn wrong_credentials() -> ApiError {
    let detail = "this address and password do not belong together";
    ApiError::new(StatusCode::UNAUTHORIZED, "wrong_credentials", detail)
}
