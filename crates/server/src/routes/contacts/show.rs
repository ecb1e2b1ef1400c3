//! `GET /contacts/{id}`

use rapport_domain::{AuditObject, ContactId};
use rapport_store::contacts;

use super::contact::Contact;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::respond::Record;
use crate::session::Allowed;
use crate::state::Desk;

/// Shows a contact.
#[utoipa::path(
    get, path = "/contacts/{id}", tag = "contacts", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Contact)),
)]
pub(super) async fn show_contact(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(id): Id<ContactId>,
) -> ApiResult<Record<Contact>> {
    let contact = find(&app, id).await?;
    app.saw(AuditObject::Contact, id);
    Ok(contact.into())
}

/// The contact as it is now.
pub(crate) async fn find(app: &Desk, id: ContactId) -> ApiResult<Contact> {
    let row = contacts::find_row(app.store(), id).await?;
    row.map(Contact::from)
        .ok_or_else(|| ApiError::not_found("contact"))
}
