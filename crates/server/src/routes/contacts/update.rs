//! `PATCH /contacts/{id}`

use rapport_domain::{ContactId, ObjectKind};
use rapport_pipelines::company_attachments;
use rapport_store::contacts;

use super::contact::Contact;
use super::patch::ContactPatch;
use super::show;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Body, Id, IfMatch};
use crate::permissions::WriteRecords;
use crate::respond::Record;
use crate::routes::custom_fields::check_custom;
use crate::routes::record_patch::RecordPatch as _;
use crate::routes::references::{check_references, named_anew};
use crate::session::Allowed;

/// Changes a contact by a merge patch.
#[utoipa::path(
    patch, path = "/contacts/{id}", tag = "contacts", request_body = ContactPatch,
    params(("id" = uuid::Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = Contact)),
)]
pub(super) async fn update_contact(
    Allowed { app, .. }: Allowed<WriteRecords>,
    Id(id): Id<ContactId>,
    IfMatch(version): IfMatch,
    Body(mut patch): Body<ContactPatch>,
) -> ApiResult<Record<Contact>> {
    let contact = contacts::find(app.store(), id).await?;
    let mut contact = contact.ok_or_else(|| ApiError::not_found("contact"))?;
    let before = contact.clone();
    check_custom(&app, ObjectKind::Contact, &mut patch.custom).await?;
    ApiError::check(patch.apply(&mut contact, app.now()))?;
    contact.updated_at = app.now();
    check_references(
        &app,
        [
            ("/owner_id", named_anew(before.owner_id, contact.owner_id)),
            (
                "/company_id",
                named_anew(before.company_id, contact.company_id),
            ),
        ],
    )
    .await?;
    // Not where somebody has just taken the company away.
    let may_attach = contact.email != before.email && contact.company_id.is_none();
    contacts::update(app.store(), contact, version).await?;
    if may_attach {
        company_attachments::attach(app.workspace(), id).await?;
    }
    Ok(show::find(&app, id).await?.into())
}
