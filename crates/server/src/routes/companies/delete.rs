//! `DELETE /companies/{id}`

use axum::http::StatusCode;
use rapport_domain::CompanyId;
use rapport_store::companies;

use super::show;
use crate::error::ApiResult;
use crate::extract::{Id, IfMatch};
use crate::permissions::WriteRecords;
use crate::session::Allowed;

/// Deletes a company; with `If-Match` only if it still has that version.
#[utoipa::path(
    delete, path = "/companies/{id}", tag = "companies",
    params(("id" = uuid::Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204)),
)]
pub(super) async fn delete_company(
    Allowed { app, .. }: Allowed<WriteRecords>,
    Id(id): Id<CompanyId>,
    version: Option<IfMatch>,
) -> ApiResult<StatusCode> {
    let version = match version {
        Some(IfMatch(version)) => version,
        None => show::find(&app, id).await?.version,
    };
    companies::delete(app.store(), id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
