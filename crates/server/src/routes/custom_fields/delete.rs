//! `DELETE /custom_fields/{id}`

use axum::http::StatusCode;
use rapport_domain::CustomFieldId;
use rapport_store::custom_fields;

use super::show;
use crate::error::ApiResult;
use crate::extract::{Id, IfMatch};
use crate::permissions::DefineFields;
use crate::session::Allowed;

/// Deletes an archived field, and its values in all records, for good; with `If-Match` only if it
/// still has that version.
#[utoipa::path(
    delete, path = "/custom_fields/{id}", tag = "custom_fields",
    params(("id" = uuid::Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204)),
)]
pub(super) async fn delete_custom_field(
    Allowed { app, .. }: Allowed<DefineFields>,
    Id(id): Id<CustomFieldId>,
    version: Option<IfMatch>,
) -> ApiResult<StatusCode> {
    let version = match version {
        Some(IfMatch(version)) => version,
        None => show::find(&app, id).await?.version,
    };
    custom_fields::delete(app.store(), id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
