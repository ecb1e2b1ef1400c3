//! Who asks: a user through a browser that is signed in, or a program with an API key.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use rapport_domain::{Actor, ApiKeyId, User};
use rapport_store::api_keys::{self, ApiKey, KeyHolder};
use rapport_store::sessions;
use rapport_store::sign_ins::{self, SignInLimits};

use crate::error::{ApiError, ApiResult};
use crate::permissions::{Action, Scope, covers};
use crate::session::{ClientAddress, IDLE, read_bearer, read_cookie};
use crate::state::AppState;

/// Who asks. It is found once for a request; a key that is shown counts, and not a cookie beside it.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// The user, or the user as whom the key acts.
    pub(crate) user: User,
    pub(super) key: Option<Grant>,
}

/// What a key was given.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    id: ApiKeyId,
    scopes: Vec<Scope>,
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &AppState,
    ) -> Result<Self, Self::Rejection> {
        if let Some(found) = parts.extensions.get::<Self>() {
            return Ok(found.clone());
        }
        let caller = match read_bearer(&parts.headers).map(str::to_owned) {
            Some(key) => of_key(&key, parts, app).await?,
            None => of_session(parts, app).await?,
        };
        parts.extensions.insert(caller.clone());
        Ok(caller)
    }
}

impl Caller {
    /// Whether nothing but the user's role limits an action here, or the key covers it.
    pub(crate) fn is_given(&self, action: Action, resource: &str) -> bool {
        let key = self.key.as_ref();
        key.is_none_or(|key| covers(&key.scopes, action, resource))
    }

    /// Who acts, as the audit has it.
    pub(crate) fn actor(&self) -> Actor {
        let user_id = self.user.id;
        match &self.key {
            Some(key) => Actor::ApiKey {
                key_id: key.id,
                user_id,
            },
            None => Actor::User(user_id),
        }
    }

    /// A text that no other caller has.
    pub(crate) fn name(&self) -> String {
        match &self.key {
            Some(key) => format!("api_key:{}", key.id),
            None => format!("user:{}", self.user.id),
        }
    }
}

impl From<KeyHolder> for Caller {
    /// A scope that this version does not know gives nothing.
    fn from(holder: KeyHolder) -> Self {
        let scopes = holder.scopes.iter();
        let scopes = scopes.filter_map(|name| Scope::named(name)).collect();
        Self {
            user: holder.user,
            key: Some(Grant {
                id: holder.id,
                scopes,
            }),
        }
    }
}

async fn of_session(parts: &Parts, app: &AppState) -> ApiResult<Caller> {
    let user = match read_cookie(&parts.headers) {
        Some(token) => sessions::find_user(app.system(), &token, app.now(), IDLE).await?,
        None => None,
    };
    let user = user.ok_or_else(not_signed_in)?;
    Ok(Caller { user, key: None })
}

async fn of_key(text: &str, parts: &mut Parts, app: &AppState) -> ApiResult<Caller> {
    let holder = match text.parse::<ApiKey>() {
        Ok(key) => api_keys::find_holder(app.system(), &key, app.now()).await?,
        Err(_) => None,
    };
    match holder {
        Some(holder) => {
            note_use(app, holder.id);
            Ok(holder.into())
        }
        None => Err(wrong_key(parts, app).await?),
    }
}

/// Counts a wrong key; after too many from one network the answer is 429. A right key is never made
/// to wait: nobody guesses 256 bits, and programs that share an address do not share their faults.
async fn wrong_key(parts: &mut Parts, app: &AppState) -> ApiResult<ApiError> {
    let address = ClientAddress::from_request_parts(parts, app).await;
    let ClientAddress(address) = address.unwrap_or_else(|never| match never {});
    let (limits, now) = (SignInLimits::default(), app.now());
    if let Some(wait) = sign_ins::retry_key_after(app.system(), &address, &limits, now).await? {
        return Ok(ApiError::too_many_attempts(wait));
    }
    sign_ins::record_wrong_key(app.system(), &address, &limits, now).await?;
    let detail = "this API key is unknown, revoked or past its end, or its user is disabled";
    Ok(ApiError::new(
        StatusCode::UNAUTHORIZED,
        "unknown_api_key",
        detail,
    ))
}

/// Notes that a key is used, beside the request and not before its answer.
fn note_use(app: &AppState, id: ApiKeyId) {
    let now = app.now();
    if !app.key_uses().is_due(id, now) {
        return;
    }
    let store = app.system().clone();
    tokio::spawn(async move {
        if let Err(error) = api_keys::note_use(&store, id, now).await {
            tracing::warn!(%error, "the use of an API key could not be noted");
        }
    });
}

/// The answer to whoever shows neither a session nor a key.
pub(crate) fn not_signed_in() -> ApiError {
    ApiError::new(StatusCode::UNAUTHORIZED, "not_signed_in", "sign in first")
}
