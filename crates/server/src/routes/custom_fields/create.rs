//! `POST /custom_fields`

use rapport_pipelines::custom_fields::follow_up;
use rapport_store::custom_fields;

use super::custom_field::{CustomField, CustomFieldInput};
use crate::error::ApiResult;
use crate::extract::Body;
use crate::permissions::DefineFields;
use crate::respond::{Created, Record};
use crate::session::Allowed;

/// Adds a field to an object: records, lists, files and this document have it at once.
#[utoipa::path(
    post, path = "/custom_fields", tag = "custom_fields", request_body = CustomFieldInput,
    responses((status = 201, body = CustomField)),
)]
pub(super) async fn create_custom_field(
    Allowed { app, .. }: Allowed<DefineFields>,
    Body(input): Body<CustomFieldInput>,
) -> ApiResult<Created<Record<CustomField>>> {
    let draft = input.into_draft(app.new_id(), app.now());
    let field = custom_fields::create(app.store(), draft).await?;
    follow_up(app.workspace(), None, &field).await?;
    let id = field.id.0;
    Ok(Created::new(
        "custom_fields",
        id,
        CustomField::from(field).into(),
    ))
}
