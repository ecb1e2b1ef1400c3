//! `GET /segmentations`

use axum::Json;
use rapport_store::segmentations;

use super::segmentation::{Segmentation, SegmentationList};
use crate::error::ApiResult;
use crate::permissions::ReadRecords;
use crate::respond::Meta;
use crate::session::Allowed;

/// How many are listed.
const N_LATEST: u64 = 100;

/// Lists the latest segmentations, newest first, on one page.
#[utoipa::path(
    get, path = "/segmentations", tag = "segmentations",
    responses((status = 200, body = SegmentationList)),
)]
pub(super) async fn list_segmentations(
    Allowed { app, .. }: Allowed<ReadRecords>,
) -> ApiResult<Json<SegmentationList>> {
    let found = segmentations::list(app.store(), N_LATEST).await?;
    let meta = Meta {
        next_cursor: None,
        estimate: None,
    };
    let segmentations = found.into_iter().map(Segmentation::from).collect();
    Ok(Json(SegmentationList {
        segmentations,
        meta,
    }))
}
