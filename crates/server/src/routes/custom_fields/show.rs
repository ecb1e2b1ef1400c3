//! `GET /custom_fields/{id}`

use axum::Json;
use rapport_domain::CustomFieldId;
use rapport_store::custom_fields;

use super::custom_field::CustomField;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::session::Allowed;

/// Shows the definition of a custom field.
#[utoipa::path(
    get, path = "/custom_fields/{id}", tag = "custom_fields", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = CustomField)),
)]
pub(super) async fn show_custom_field(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(id): Id<CustomFieldId>,
) -> ApiResult<Json<CustomField>> {
    let found = custom_fields::find(app.store(), id).await?;
    let found = found.ok_or_else(|| ApiError::not_found("custom field"))?;
    Ok(Json(found.into()))
}
