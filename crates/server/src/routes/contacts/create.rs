//! `POST /contacts`

use rapport_domain::{Contact as Draft, ObjectKind};
use rapport_pipelines::company_attachments;
use rapport_store::contacts;

use super::contact::Contact;
use super::patch::ContactPatch;
use super::show;
use crate::error::{ApiError, ApiResult};
use crate::extract::Body;
use crate::permissions::WriteRecords;
use crate::respond::{Created, Record};
use crate::routes::custom_fields::check_new_custom;
use crate::routes::record_patch::RecordPatch as _;
use crate::routes::references::check_references;
use crate::session::Allowed;

/// Creates a contact.
#[utoipa::path(
    post, path = "/contacts", tag = "contacts", request_body = ContactPatch,
    responses((status = 201, body = Contact)),
)]
pub(super) async fn create_contact(
    Allowed { app, .. }: Allowed<WriteRecords>,
    Body(mut patch): Body<ContactPatch>,
) -> ApiResult<Created<Record<Contact>>> {
    check_new_custom(&app, ObjectKind::Contact, &mut patch.custom).await?;
    let mut draft = Draft::named(app.new_id(), "", app.now());
    ApiError::check(patch.apply(&mut draft, app.now()))?;
    check_references(
        &app,
        [
            ("/owner_id", draft.owner_id.map(Into::into)),
            ("/company_id", draft.company_id.map(Into::into)),
        ],
    )
    .await?;
    let has_company = draft.company_id.is_some();
    let id = contacts::create(app.store(), draft).await?.id;
    if !has_company {
        company_attachments::attach(app.workspace(), id).await?;
    }
    Ok(Created::new(
        "contacts",
        id.0,
        show::find(&app, id).await?.into(),
    ))
}
