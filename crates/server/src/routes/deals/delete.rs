//! `DELETE /deals/{id}`

use axum::http::StatusCode;
use rapport_domain::DealId;
use rapport_store::deals;

use super::show;
use crate::error::ApiResult;
use crate::extract::{Id, IfMatch};
use crate::permissions::WriteRecords;
use crate::session::Allowed;

/// Deletes a deal; with `If-Match` only if it still has that version.
#[utoipa::path(
    delete, path = "/deals/{id}", tag = "deals",
    params(("id" = uuid::Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204)),
)]
pub(super) async fn delete_deal(
    Allowed { app, .. }: Allowed<WriteRecords>,
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
