//! The user of a request, if the user may do what the handler is for.

use std::marker::PhantomData;
use std::ops::Deref;

use axum::extract::{FromRequestParts, MatchedPath};
use axum::http::StatusCode;
use axum::http::request::Parts;
use rapport_domain::{Access, User};
use rapport_store::{access, users};

use crate::answers::Eyes;
use crate::error::ApiError;
use crate::permissions::{Action, Permission};
use crate::session::{Caller, not_signed_in};
use crate::state::{AppState, Desk};

/// The user who asks, with the permission `P`. A handler that takes it cannot run without either:
/// nobody is 401, not allowed is 403.
#[derive(Debug, Clone)]
pub(crate) struct Allowed<P> {
    caller: Caller,
    /// The application as this user sees it.
    pub(crate) app: Desk,
    /// The first segment of the address, which the scopes of an API key name.
    resource: String,
    permission: PhantomData<P>,
}

impl<P> Deref for Allowed<P> {
    type Target = User;

    fn deref(&self) -> &User {
        &self.caller.user
    }
}

impl<P: Permission> FromRequestParts<AppState> for Allowed<P> {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let access = access::of(app.system(), &caller.user).await?;
        let allowed = Self {
            app: app.desk_of(access, caller.actor()),
            caller,
            resource: resource_of(parts),
            permission: PhantomData,
        };
        allowed.require::<P>()?;
        if let Some(eyes) = parts.extensions.get::<Eyes>() {
            eyes.look(&allowed.app);
        }
        Ok(allowed)
    }
}

impl<P: Permission> Allowed<P> {
    /// Asks once more. A body may take half a minute to arrive, and who sends it may have been locked
    /// out meanwhile: that must not make or change accounts.
    pub(crate) async fn confirm(&self) -> Result<(), ApiError> {
        let store = self.app.store();
        let user = users::find(store, self.id).await?;
        let user = user.filter(|user| user.disabled_at.is_none());
        let access = access::of(store, &user.ok_or_else(not_signed_in)?).await?;
        self.require_under::<P>(&access)
    }
}

impl<P> Allowed<P> {
    /// Whether the caller may also do something else here.
    pub(crate) fn may(&self, action: Action) -> bool {
        self.may_under(self.app.access(), action)
    }

    /// Refuses a caller whom the permission `Q` is not given here.
    pub(crate) fn require<Q: Permission>(&self) -> Result<(), ApiError> {
        self.require_under::<Q>(self.app.access())
    }

    /// Refuses a key that was not given `Q` at addresses that begin with `resource`, where something is done
    /// to the records of these.
    pub(crate) fn require_given_at<Q: Permission>(&self, resource: &str) -> Result<(), ApiError> {
        if self.caller.is_given(Q::ACTION, resource) {
            return Ok(());
        }
        Err(scope_missing())
    }

    /// Refuses a caller whose role does not allow `Q`, whatever was given to the key.
    pub(crate) fn require_of_role<Q: Permission>(&self) -> Result<(), ApiError> {
        if self.app.access().policy.allows(Q::ACTION) {
            return Ok(());
        }
        Err(not_allowed())
    }

    fn may_under(&self, access: &Access, action: Action) -> bool {
        access.policy.allows(action) && self.caller.is_given(action, &self.resource)
    }

    fn require_under<Q: Permission>(&self, access: &Access) -> Result<(), ApiError> {
        if self.may_under(access, Q::ACTION) {
            return Ok(());
        }
        if access.policy.allows(Q::ACTION) {
            return Err(scope_missing());
        }
        Err(not_allowed())
    }
}

fn scope_missing() -> ApiError {
    let detail = "this API key was not given a scope for this; make a key that has one";
    ApiError::new(StatusCode::FORBIDDEN, "scope_missing", detail)
}

fn not_allowed() -> ApiError {
    let detail = "your role does not allow this; ask an administrator";
    ApiError::new(StatusCode::FORBIDDEN, "not_allowed", detail)
}

fn resource_of(parts: &Parts) -> String {
    let path = parts.extensions.get::<MatchedPath>();
    let path = path.map_or("", |path| path.as_str().trim_start_matches("/api/v1"));
    let segment = path.trim_start_matches('/').split('/').next();
    segment.unwrap_or_default().to_owned()
}
