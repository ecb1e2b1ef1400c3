//! `PATCH /settings/survivorship`

use axum::Json;
use rapport_store::settings;

use super::survivorship::{SurvivorshipPatch, SurvivorshipSettings, check_sources};
use crate::error::{ApiError, ApiResult};
use crate::extract::Body;
use crate::permissions::ManageSettings;
use crate::session::Allowed;

/// Changes which values survive a merge. Merges of before keep the rules that they were made by, also where
/// others around them are taken back.
#[utoipa::path(
    patch, path = "/settings/survivorship", tag = "settings", request_body = SurvivorshipPatch,
    responses((status = 200, body = SurvivorshipSettings)),
)]
pub(super) async fn update_survivorship_settings(
    Allowed { app, .. }: Allowed<ManageSettings>,
    Body(patch): Body<SurvivorshipPatch>,
) -> ApiResult<Json<SurvivorshipSettings>> {
    let mut rules = settings::survivorship(app.store()).await?;
    ApiError::check(patch.apply(&mut rules))?;
    check_sources(app.store(), &rules).await?;
    settings::save_survivorship(app.store(), &rules).await?;
    Ok(Json(rules.into()))
}
