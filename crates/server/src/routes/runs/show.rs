//! `GET /runs/{id}`

use axum::Json;
use rapport_domain::RunId;
use rapport_store::runs::{self, RunRow};

use super::run::RunDetail;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::session::Allowed;
use crate::state::Desk;

/// Shows a run with its parameters.
#[utoipa::path(
    get, path = "/runs/{id}", tag = "runs", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = RunDetail)),
)]
pub(super) async fn show_run(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(id): Id<RunId>,
) -> ApiResult<Json<RunDetail>> {
    Ok(Json(find(&app, id).await?.into()))
}

/// A run, or 404.
pub(super) async fn find(app: &Desk, id: RunId) -> ApiResult<RunRow> {
    let found = runs::find(app.store(), id).await?;
    found.ok_or_else(|| ApiError::not_found("run"))
}
