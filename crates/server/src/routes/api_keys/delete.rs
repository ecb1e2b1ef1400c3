//! `DELETE /api_keys/{id}`

use axum::http::StatusCode;
use rapport_domain::ApiKeyId;
use rapport_store::api_keys;

use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::{Action, KeepOwnAccount};
use crate::session::Allowed;

/// Revokes an API key for good: one's own, or anybody's for administrators. It stays in the list.
#[utoipa::path(
    delete, path = "/api_keys/{id}", tag = "api_keys", params(("id" = uuid::Uuid, Path)),
    responses((status = 204)),
)]
pub(super) async fn delete_api_key(
    user: Allowed<KeepOwnAccount>,
    Id(id): Id<ApiKeyId>,
) -> ApiResult<StatusCode> {
    let app = &user.app;
    let key = api_keys::find(app.store(), id).await?;
    let is_theirs = key.is_some_and(|key| key.user.id == user.id);
    if !is_theirs && !user.may(Action::ManageUsers) {
        return Err(ApiError::not_found("API key"));
    }
    api_keys::revoke(app.store(), id, app.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
