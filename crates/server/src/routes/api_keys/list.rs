//! `GET /api_keys`

use axum::Json;
use rapport_store::api_keys;

use super::api_key::{ApiKey, ApiKeyList};
use crate::error::ApiResult;
use crate::permissions::{Action, KeepOwnAccount, Scope};
use crate::session::Allowed;

/// Lists one's own API keys by their first characters; administrators see everybody's.
#[utoipa::path(
    get, path = "/api_keys", tag = "api_keys", responses((status = 200, body = ApiKeyList)),
)]
pub(super) async fn list_api_keys(user: Allowed<KeepOwnAccount>) -> ApiResult<Json<ApiKeyList>> {
    let app = &user.app;
    let policy = &app.access().policy;
    let owner = (!user.may(Action::ManageUsers)).then_some(user.id);
    let rows = api_keys::list(app.store(), owner).await?;
    let scopes = Scope::ALL.iter().copied();
    Ok(Json(ApiKeyList {
        api_keys: rows.into_iter().map(ApiKey::from).collect(),
        scopes: scopes
            .filter(|scope| policy.allows(scope.action()))
            .collect(),
    }))
}
