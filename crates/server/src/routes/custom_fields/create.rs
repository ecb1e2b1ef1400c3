//! `POST /custom_fields`

use axum::Json;
use rapport_store::custom_fields;

use super::custom_field::{CustomField, CustomFieldInput};
use crate::error::ApiResult;
use crate::extract::Body;
use crate::permissions::DefineFields;
use crate::respond::Created;
use crate::session::Allowed;

/// Adds a field to an object.
#[utoipa::path(
    post, path = "/custom_fields", tag = "custom_fields", request_body = CustomFieldInput,
    responses((status = 201, body = CustomField)),
)]
pub(super) async fn create_custom_field(
    Allowed { app, .. }: Allowed<DefineFields>,
    Body(input): Body<CustomFieldInput>,
) -> ApiResult<Created<Json<CustomField>>> {
    let draft = rapport_domain::CustomField {
        id: app.new_id(),
        object: input.object.into(),
        key: input.key,
        label: input.label.into(),
        kind: input.kind.into(),
        created_at: app.now(),
    };
    let field = custom_fields::create(app.store(), draft).await?;
    Ok(Created::new(
        "custom_fields",
        field.id.0,
        Json(field.into()),
    ))
}
