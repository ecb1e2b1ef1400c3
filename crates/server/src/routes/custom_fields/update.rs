//! `PATCH /custom_fields/{id}`

use rapport_domain::CustomFieldId;
use rapport_pipelines::custom_fields::follow_up;
use rapport_store::custom_fields;

use super::custom_field::{CustomField, CustomFieldPatch};
use super::show;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Body, Id, IfMatch};
use crate::permissions::DefineFields;
use crate::respond::Record;
use crate::session::Allowed;

/// Changes a field by a merge patch: its texts, place and rules, new options, new labels of options,
/// and whether it is archived.
#[utoipa::path(
    patch, path = "/custom_fields/{id}", tag = "custom_fields", request_body = CustomFieldPatch,
    params(("id" = uuid::Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = CustomField)),
)]
pub(super) async fn update_custom_field(
    Allowed { app, .. }: Allowed<DefineFields>,
    Id(id): Id<CustomFieldId>,
    IfMatch(version): IfMatch,
    Body(patch): Body<CustomFieldPatch>,
) -> ApiResult<Record<CustomField>> {
    let before = show::find(&app, id).await?;
    let mut field = before.clone();
    ApiError::check(patch.apply(&mut field, app.now()))?;
    let field = custom_fields::update(app.store(), field, version).await?;
    follow_up(app.workspace(), Some(&before), &field).await?;
    Ok(CustomField::from(field).into())
}
