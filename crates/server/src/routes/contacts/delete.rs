//! `DELETE /contacts/{id}`

use axum::http::StatusCode;
use rapport_domain::ContactId;
use rapport_store::contacts;

use super::show;
use crate::error::ApiResult;
use crate::extract::{Id, IfMatch};
use crate::permissions::WriteRecords;
use crate::session::Allowed;

/// Deletes a contact; with `If-Match` only if it still has that version.
#[utoipa::path(
    delete, path = "/contacts/{id}", tag = "contacts",
    params(("id" = uuid::Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204)),
)]
pub(super) async fn delete_contact(
    Allowed { app, .. }: Allowed<WriteRecords>,
    Id(id): Id<ContactId>,
    version: Option<IfMatch>,
) -> ApiResult<StatusCode> {
    let version = match version {
        Some(IfMatch(version)) => version,
        None => show::find(&app, id).await?.version,
    };
    contacts::delete(app.store(), id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
