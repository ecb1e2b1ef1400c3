//! `POST /sources/{id}/write_keys`

use axum::Json;
use rapport_domain::SourceId;
use rapport_store::write_keys;

use super::source::find;
use super::write_key::NewWriteKey;
use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::ManageSources;
use crate::respond::{Created, ShownOnce};
use crate::session::Allowed;

/// Makes a key for a source to send events with. This answer alone shows it.
#[utoipa::path(
    post, path = "/sources/{id}/write_keys", tag = "sources",
    params(("id" = uuid::Uuid, Path)), responses((status = 201, body = NewWriteKey)),
)]
pub(super) async fn create_write_key(
    Allowed { app, .. }: Allowed<ManageSources>,
    Id(id): Id<SourceId>,
) -> ApiResult<ShownOnce<Created<Json<NewWriteKey>>>> {
    let source = find(&app, id).await?;
    let key = write_keys::WriteKey::generate();
    let row = write_keys::create(app.store(), &key, app.new_id(), source.id, app.now()).await?;
    let made = NewWriteKey {
        key: key.to_string(),
        write_key: row.into(),
    };
    let made = Created::new("write_keys", made.write_key.id, Json(made));
    Ok(ShownOnce(made))
}
