//! `POST /session`

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use rapport_domain::User;
use rapport_store::sessions::SessionToken;
use rapport_store::sign_ins::{self, SignInAttempt, SignInLimits};
use rapport_store::{sessions, users};
use serde::Deserialize;
use utoipa::ToSchema;

use super::user::{Session, SessionUser};
use crate::error::{ApiError, ApiResult};
use crate::extract::Body;
use crate::session::{ClientAddress, IDLE, write_cookie};
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
    Body(input): Body<SessionInput>,
) -> ApiResult<([(HeaderName, HeaderValue); 1], Json<Session>)> {
    let user = authenticate(&app, &address, input).await?;
    let token = SessionToken::generate();
    sessions::create(app.store(), &token, user.id, app.now(), IDLE).await?;
    sessions::delete_expired(app.store(), app.now()).await?;
    let cookie = write_cookie(&token, app.config().is_https());
    let user = SessionUser::of(&app, &user).await?;
    Ok(([(header::SET_COOKIE, cookie)], Json(Session { user })))
}

/// The user whose password this is, unless it was tried too often.
async fn authenticate(app: &AppState, address: &str, input: SessionInput) -> ApiResult<User> {
    let SessionInput { email, password } = input;
    let (store, limits) = (app.store(), SignInLimits::default());
    let attempt = SignInAttempt {
        account: &email,
        address,
    };
    // Waiting here bounds both the memory of hashing and how far parallel guesses can overshoot.
    let _slot = app.sign_in_slot().await;
    if let Some(wait) = sign_ins::retry_after(store, attempt, &limits, app.now()).await? {
        return Err(ApiError::too_many_attempts(wait));
    }
    match users::authenticate(store, &email, password).await? {
        Some(user) => {
            sign_ins::record_success(store, attempt).await?;
            Ok(user)
        }
        None => {
            sign_ins::record_failure(store, attempt, &limits, app.now()).await?;
            let detail = "this address and password do not belong together";
            Err(ApiError::new(
                StatusCode::UNAUTHORIZED,
                "wrong_credentials",
                detail,
            ))
        }
    }
}
