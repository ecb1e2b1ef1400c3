//! `GET /segmentations/{id}`

use axum::Json;
use rapport_domain::SegmentationId;
use rapport_store::{segmentations, settings};

use super::segment::portraits;
use super::segmentation::SegmentationDetail;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::session::Allowed;
use crate::state::Desk;

/// Shows a segmentation with the portraits of its segments.
#[utoipa::path(
    get, path = "/segmentations/{id}", tag = "segmentations", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = SegmentationDetail)),
)]
pub(super) async fn show_segmentation(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(id): Id<SegmentationId>,
) -> ApiResult<Json<SegmentationDetail>> {
    detail(&app, segmentations::find(app.store(), id).await?).await
}

/// A segmentation, if there is one, with the portraits of its segments.
pub(super) async fn detail(
    app: &Desk,
    found: Option<segmentations::Segmentation>,
) -> ApiResult<Json<SegmentationDetail>> {
    let found = found.ok_or_else(|| ApiError::not_found("segmentation"))?;
    let store = app.store();
    let currency = settings::workspace(store).await?.default_currency;
    let segments = segmentations::list_segments(store, found.id).await?;
    let segments = portraits(store, segments, currency).await?;
    Ok(Json(SegmentationDetail {
        segmentation: found.into(),
        segments,
    }))
}
