//! `GET /sources/{id}/write_keys`

use axum::Json;
use rapport_domain::SourceId;
use rapport_store::write_keys;

use super::source::find;
use super::write_key::{WriteKey, WriteKeyList};
use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::ManageSources;
use crate::session::Allowed;

/// Lists the keys that a source sends events with, by their first characters.
#[utoipa::path(
    get, path = "/sources/{id}/write_keys", tag = "sources",
    params(("id" = uuid::Uuid, Path)), responses((status = 200, body = WriteKeyList)),
)]
pub(super) async fn list_write_keys(
    Allowed { app, .. }: Allowed<ManageSources>,
    Id(id): Id<SourceId>,
) -> ApiResult<Json<WriteKeyList>> {
    let source = find(&app, id).await?;
    let rows = write_keys::list_of(app.store(), source.id).await?;
    Ok(Json(WriteKeyList {
        write_keys: rows.into_iter().map(WriteKey::from).collect(),
    }))
}
