//! `GET /custom_fields`

use axum::Json;
use rapport_store::custom_fields;

use super::custom_field::{CustomField, CustomFieldList};
use crate::error::ApiResult;
use crate::permissions::ReadRecords;
use crate::session::Allowed;

/// Lists the custom fields of all objects, but for those that the caller's role hides.
#[utoipa::path(
    get, path = "/custom_fields", tag = "custom_fields",
    responses((status = 200, body = CustomFieldList)),
)]
pub(super) async fn list_custom_fields(
    Allowed { app, .. }: Allowed<ReadRecords>,
) -> ApiResult<Json<CustomFieldList>> {
    let fields = custom_fields::list(app.store(), None).await?;
    let fields = fields.into_iter().filter(|field| app.shows(field));
    let custom_fields = fields.map(CustomField::from).collect();
    Ok(Json(CustomFieldList { custom_fields }))
}
