//! `DELETE /write_keys/{id}`

use axum::http::StatusCode;
use rapport_domain::WriteKeyId;
use rapport_store::write_keys;

use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::ManageSources;
use crate::session::Allowed;

/// Revokes a key for good: what is sent with it is refused from now on. It stays in the list.
#[utoipa::path(
    delete, path = "/write_keys/{id}", tag = "sources",
    params(("id" = uuid::Uuid, Path)), responses((status = 204)),
)]
pub(super) async fn delete_write_key(
    Allowed { app, .. }: Allowed<ManageSources>,
    Id(id): Id<WriteKeyId>,
) -> ApiResult<StatusCode> {
    write_keys::revoke(app.store(), id, app.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
