//! `GET /campaigns/{id}`

use axum::Json;
use rapport_domain::CampaignId;
use rapport_store::campaigns;

use super::campaign::Campaign;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::session::Allowed;

/// Shows a campaign.
#[utoipa::path(
    get, path = "/campaigns/{id}", tag = "campaigns", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Campaign)),
)]
pub(super) async fn show_campaign(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(id): Id<CampaignId>,
) -> ApiResult<Json<Campaign>> {
    let found = campaigns::find(app.store(), id).await?;
    let found = found.ok_or_else(|| ApiError::not_found("campaign"))?;
    Ok(Json(found.into()))
}
