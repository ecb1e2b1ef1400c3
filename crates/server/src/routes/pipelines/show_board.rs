//! `GET /pipelines/{id}/board`

use axum::Json;
use rapport_domain::PipelineId;
use rapport_store::boards;

use super::board::DealBoard;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Id, List, ListParams};
use crate::permissions::ReadRecords;
use crate::session::Allowed;

/// Shows a pipeline as a board: for each stage its deals, their number, and what they are worth.
/// Takes the filter and the order of deals, by default `-stage_entered_at`; `limit` is the number
/// of deals per column. A column goes on by `GET /deals`.
#[utoipa::path(
    get, path = "/pipelines/{id}/board", tag = "pipelines",
    params(("id" = uuid::Uuid, Path), ListParams),
    responses((status = 200, body = DealBoard)),
)]
pub(super) async fn show_deal_board(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(id): Id<PipelineId>,
    list: List,
) -> ApiResult<Json<DealBoard>> {
    if list.query.cursor.is_some() {
        let message = "a board has no next page; read a column on at /api/v1/deals";
        return Err(ApiError::bad_request(
            "?cursor",
            "unknown_parameter",
            message,
        ));
    }
    let board = boards::show(app.store(), id, &list.query).await?;
    let board = board.ok_or_else(|| ApiError::not_found("pipeline"))?;
    Ok(Json(board.into()))
}
