//! `PATCH /settings`

use axum::Json;
use rapport_pipelines::company_attachments;
use rapport_store::settings;

use super::workspace::{Settings, SettingsPatch};
use crate::error::{ApiError, ApiResult};
use crate::extract::Body;
use crate::permissions::ManageSettings;
use crate::session::Allowed;

/// Changes the workspace's settings.
#[utoipa::path(
    patch, path = "/settings", tag = "settings", request_body = SettingsPatch,
    responses((status = 200, body = Settings)),
)]
pub(super) async fn update_settings(
    Allowed { app, .. }: Allowed<ManageSettings>,
    Body(patch): Body<SettingsPatch>,
) -> ApiResult<Json<Settings>> {
    let mut workspace = settings::workspace(app.store()).await?;
    let before = workspace.attaches_companies;
    ApiError::check(patch.apply(&mut workspace))?;
    settings::save_workspace(app.store(), &workspace).await?;
    if workspace.attaches_companies && !before {
        company_attachments::start(app.workspace()).await?;
    }
    Ok(Json(workspace.into()))
}
