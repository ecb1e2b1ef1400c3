//! `POST /api_keys`

use axum::Json;
use axum::http::StatusCode;
use rapport_domain::{ApiKeyId, RolePolicy, Violation};
use rapport_store::api_keys;

use super::api_key::{ApiKeyInput, NewApiKey};
use crate::error::{ApiError, ApiResult};
use crate::extract::Body;
use crate::permissions::{KeepOwnAccount, Scope};
use crate::respond::{Created, ShownOnce};
use crate::routes::me::check_name;
use crate::session::Allowed;

/// Keys of one user that count at once.
const N_KEYS_MAX: u64 = 100;

/// Makes an API key that acts as oneself within its scopes. This answer alone shows it.
#[utoipa::path(
    post, path = "/api_keys", tag = "api_keys", request_body = ApiKeyInput,
    responses((status = 201, body = NewApiKey)),
)]
pub(super) async fn create_api_key(
    user: Allowed<KeepOwnAccount>,
    Body(input): Body<ApiKeyInput>,
) -> ApiResult<ShownOnce<Created<Json<NewApiKey>>>> {
    let app = &user.app;
    let now = app.now();
    let expires_at = input.expires_at.map(|at| at.0);
    if expires_at.is_some_and(|at| at <= now) {
        let message = "choose an instant to come";
        ApiError::check(vec![Violation::new("/expires_at", "in_the_past", message)])?;
    }
    let id: ApiKeyId = app.new_id();
    let new = api_keys::NewApiKey {
        id,
        name: check_name(&input.name)?,
        user_id: user.id,
        scopes: names(&input.scopes, &app.access().policy)?,
        expires_at,
    };
    user.confirm().await?;
    let key = api_keys::ApiKey::generate();
    if !api_keys::create(app.store(), &key, new, N_KEYS_MAX, now).await? {
        return Err(too_many());
    }
    let row = api_keys::find(app.store(), id).await?;
    let made = NewApiKey {
        key: key.to_string(),
        api_key: row.ok_or_else(|| ApiError::not_found("API key"))?.into(),
    };
    Ok(ShownOnce(Created::new("api_keys", id.0, Json(made))))
}

/// The names of scopes, each once, if the role allows what all of them are about.
fn names(scopes: &[Scope], policy: &RolePolicy) -> ApiResult<Vec<String>> {
    if scopes.is_empty() {
        let message = "give the key at least one scope";
        return Err(ApiError::unprocessable("/scopes", "required", message));
    }
    let mut names: Vec<String> = Vec::with_capacity(scopes.len());
    for (idx, scope) in scopes.iter().enumerate() {
        if !policy.allows(scope.action()) {
            let message = "your role does not allow this, and a key can do no more than you";
            let pointer = format!("/scopes/{idx}");
            return Err(ApiError::unprocessable(pointer, "beyond_role", message));
        }
        if !names.iter().any(|name| name == scope.name()) {
            names.push(scope.name().to_owned());
        }
    }
    Ok(names)
}

fn too_many() -> ApiError {
    let detail = format!("you have {N_KEYS_MAX} API keys; revoke one that is not needed");
    ApiError::new(StatusCode::CONFLICT, "too_many_api_keys", detail)
}
