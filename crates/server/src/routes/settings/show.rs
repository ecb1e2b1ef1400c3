//! `GET /settings`

use axum::Json;
use rapport_store::settings;

use super::workspace::Settings;
use crate::error::ApiResult;
use crate::permissions::ReadRecords;
use crate::session::Allowed;

/// Shows the workspace's settings.
#[utoipa::path(
    get, path = "/settings", tag = "settings", responses((status = 200, body = Settings)),
)]
pub(super) async fn show_settings(
    Allowed { app, .. }: Allowed<ReadRecords>,
) -> ApiResult<Json<Settings>> {
    Ok(Json(settings::workspace(app.store()).await?.into()))
}
