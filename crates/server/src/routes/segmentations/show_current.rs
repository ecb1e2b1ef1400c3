//! `GET /segmentations/current`

use axum::Json;
use axum::extract::State;
use rapport_store::{segmentations, settings};

use super::segment::portraits;
use super::segmentation::SegmentationDetail;
use crate::error::{ApiError, ApiResult};
use crate::permissions::ReadRecords;
use crate::session::Allowed;
use crate::state::AppState;

/// Shows the segmentation in force with the portraits of its segments; 404 before the first.
#[utoipa::path(
    get, path = "/segmentations/current", operation_id = "show_current_segmentation",
    tag = "segmentations", responses((status = 200, body = SegmentationDetail)),
)]
pub(super) async fn show_current(
    State(app): State<AppState>,
    _: Allowed<ReadRecords>,
) -> ApiResult<Json<SegmentationDetail>> {
    let store = app.store();
    let found = segmentations::find_current(store).await?;
    let found = found.ok_or_else(|| ApiError::not_found("segmentation"))?;
    let currency = settings::workspace(store).await?.default_currency;
    let segments = segmentations::list_segments(store, found.id).await?;
    let segments = portraits(store, segments, currency).await?;
    Ok(Json(SegmentationDetail {
        segmentation: found.into(),
        segments,
    }))
}
