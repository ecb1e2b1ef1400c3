//! `GET /settings/matching`

use axum::Json;
use rapport_store::settings;

use super::matching::MatchingSettings;
use crate::error::ApiResult;
use crate::permissions::ReadRecords;
use crate::session::Allowed;

/// Shows how contacts of one person are found.
#[utoipa::path(
    get, path = "/settings/matching", tag = "settings",
    responses((status = 200, body = MatchingSettings)),
)]
pub(super) async fn show_matching_settings(
    Allowed { app, .. }: Allowed<ReadRecords>,
) -> ApiResult<Json<MatchingSettings>> {
    Ok(Json(settings::matching(app.store()).await?.into()))
}
