//! `DELETE /deals/{id}`

use axum::extract::State;
use axum::http::StatusCode;
use rapport_domain::DealId;
use rapport_store::deals;

use super::show;
use crate::error::ApiResult;
use crate::extract::{Id, IfMatch};
use crate::permissions::WriteRecords;
use crate::session::Allowed;
use crate::state::AppState;

/// Deletes a deal; with `If-Match` only if it still has that version.
#[utoipa::path(
    delete, path = "/deals/{id}", tag = "deals",
    params(("id" = uuid::Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204)),
)]
pub(super) async fn delete_deal(
    State(app): State<AppState>,
    _: Allowed<WriteRecords>,
    Id(id): Id<DealId>,
    version: Option<IfMatch>,
) -> ApiResult<StatusCode> {
    let version = match version {
        Some(IfMatch(version)) => version,
        None => show::find(&app, id).await?.version,
    };
    deals::delete(app.store(), id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
