//! `GET /segmentations/{id}/map`

use axum::Json;
use rapport_domain::SegmentationId;
use rapport_store::segmentations;

use super::segmentation::SegmentationMap;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadEverything;
use crate::session::Allowed;

/// Shows all customers of a segmentation as points of a map.
#[utoipa::path(
    get, path = "/segmentations/{id}/map", operation_id = "show_segmentation_map",
    tag = "segmentations", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = SegmentationMap)),
)]
pub(super) async fn show_map(
    Allowed { app, .. }: Allowed<ReadEverything>,
    Id(id): Id<SegmentationId>,
) -> ApiResult<Json<SegmentationMap>> {
    let found = segmentations::find(app.store(), id).await?;
    let found = found.ok_or_else(|| ApiError::not_found("segmentation"))?;
    let columns = segmentations::map(app.store(), id).await?;
    Ok(Json(SegmentationMap::of(columns, found.axes)))
}
