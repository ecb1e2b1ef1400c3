//! The user of a request, if the user may do what the handler is for.

use std::marker::PhantomData;
use std::ops::Deref;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use rapport_domain::{Access, User};
use rapport_store::{access, sessions, users};

use crate::error::ApiError;
use crate::permissions::Permission;
use crate::session::{IDLE, read_cookie};
use crate::state::{AppState, Desk};

/// The user who is signed in, with the permission `P`. A handler that takes it cannot run without
/// either: nobody signed in is 401, not allowed is 403.
#[derive(Debug, Clone)]
pub(crate) struct Allowed<P> {
    user: User,
    /// The application as this user sees it.
    pub(crate) app: Desk,
    permission: PhantomData<P>,
}

impl<P> Deref for Allowed<P> {
    type Target = User;

    fn deref(&self) -> &User {
        &self.user
    }
}

impl<P: Permission> FromRequestParts<AppState> for Allowed<P> {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let user = match read_cookie(&parts.headers) {
            Some(token) => sessions::find_user(app.system(), &token, app.now(), IDLE).await?,
            None => None,
        };
        let user = user.ok_or_else(not_signed_in)?;
        let access = access::of(app.system(), &user).await?;
        require::<P>(&access)?;
        Ok(Self {
            app: app.desk_of(access),
            user,
            permission: PhantomData,
        })
    }
}

impl<P: Permission> Allowed<P> {
    /// Asks once more. A body may take half a minute to arrive, and who sends it may have been locked
    /// out meanwhile: that must not make or change accounts.
    pub(crate) async fn confirm(&self) -> Result<(), ApiError> {
        let store = self.app.store();
        let user = users::find(store, self.user.id).await?;
        let user = user.filter(|user| user.disabled_at.is_none());
        let access = access::of(store, &user.ok_or_else(not_signed_in)?).await?;
        require::<P>(&access)
    }
}

/// Refuses whom the permission `P` is not given.
pub(crate) fn require<P: Permission>(access: &Access) -> Result<(), ApiError> {
    if access.policy.allows(P::ACTION) {
        return Ok(());
    }
    let detail = "your role does not allow this; ask an administrator";
    Err(ApiError::new(StatusCode::FORBIDDEN, "not_allowed", detail))
}

fn not_signed_in() -> ApiError {
    ApiError::new(StatusCode::UNAUTHORIZED, "not_signed_in", "sign in first")
}
