//! `GET /segmentations/current`

use axum::Json;
use rapport_store::segmentations;

use super::segmentation::SegmentationDetail;
use super::show::detail;
use crate::error::ApiResult;
use crate::permissions::ReadRecords;
use crate::session::Allowed;

/// Shows the segmentation in force with the portraits of its segments; 404 before the first.
#[utoipa::path(
    get, path = "/segmentations/current", operation_id = "show_current_segmentation",
    tag = "segmentations", responses((status = 200, body = SegmentationDetail)),
)]
pub(super) async fn show_current(
    Allowed { app, .. }: Allowed<ReadRecords>,
) -> ApiResult<Json<SegmentationDetail>> {
    detail(&app, segmentations::find_current(app.store()).await?).await
}
