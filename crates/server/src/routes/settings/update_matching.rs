//! `PATCH /settings/matching`

use axum::Json;
use rapport_store::{settings, sources};

use super::matching::{MatchingSettings, MatchingSettingsPatch};
use crate::error::{ApiError, ApiResult};
use crate::extract::Body;
use crate::permissions::ManageSettings;
use crate::session::Allowed;

/// Changes how contacts of one person are found; holds from the next run on.
#[utoipa::path(
    patch, path = "/settings/matching", tag = "settings", request_body = MatchingSettingsPatch,
    responses((status = 200, body = MatchingSettings)),
)]
pub(super) async fn update_matching_settings(
    Allowed { app, .. }: Allowed<ManageSettings>,
    Body(patch): Body<MatchingSettingsPatch>,
) -> ApiResult<Json<MatchingSettings>> {
    let mut matching = settings::matching(app.store()).await?;
    ApiError::check(patch.apply(&mut matching))?;
    for (source, at) in matching.distinct_sources.iter().zip(0..) {
        if sources::find(app.store(), *source).await?.is_none() {
            let pointer = format!("/distinct_sources/{at}");
            let message = "there is no such source; read the list of sources again";
            return Err(ApiError::unprocessable(
                pointer,
                "unknown_reference",
                message,
            ));
        }
    }
    settings::save_matching(app.store(), &matching).await?;
    Ok(Json(matching.into()))
}
