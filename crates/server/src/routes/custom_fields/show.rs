//! `GET /custom_fields/{id}`

use rapport_domain::CustomFieldId;
use rapport_store::custom_fields;

use super::custom_field::CustomField;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::respond::Record;
use crate::session::Allowed;
use crate::state::Desk;

/// Shows the definition of a custom field.
#[utoipa::path(
    get, path = "/custom_fields/{id}", tag = "custom_fields", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = CustomField)),
)]
pub(super) async fn show_custom_field(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(id): Id<CustomFieldId>,
) -> ApiResult<Record<CustomField>> {
    Ok(CustomField::from(find(&app, id).await?).into())
}

/// The field as it is now.
pub(super) async fn find(app: &Desk, id: CustomFieldId) -> ApiResult<rapport_domain::CustomField> {
    let found = custom_fields::find(app.store(), id).await?;
    let found = found.filter(|field| app.shows(field));
    found.ok_or_else(|| ApiError::not_found("custom field"))
}
