//! `GET /settings/survivorship`

use axum::Json;
use rapport_store::settings;

use super::survivorship::SurvivorshipSettings;
use crate::error::ApiResult;
use crate::permissions::ReadRecords;
use crate::session::Allowed;

/// Shows which values survive a merge.
#[utoipa::path(
    get, path = "/settings/survivorship", tag = "settings",
    responses((status = 200, body = SurvivorshipSettings)),
)]
pub(super) async fn show_survivorship_settings(
    Allowed { app, .. }: Allowed<ReadRecords>,
) -> ApiResult<Json<SurvivorshipSettings>> {
    Ok(Json(settings::survivorship(app.store()).await?.into()))
}
