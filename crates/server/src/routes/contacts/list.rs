//! `GET /contacts`

use rapport_store::contacts;

use super::contact::{Contact, ContactList};
use crate::error::ApiResult;
use crate::extract::{List, ListParams};
use crate::permissions::ReadRecords;
use crate::respond::Paged;
use crate::session::Allowed;

/// Lists contacts.
#[utoipa::path(
    get, path = "/contacts", tag = "contacts", params(ListParams),
    responses((status = 200, body = ContactList)),
)]
pub(super) async fn list_contacts(
    Allowed { app, .. }: Allowed<ReadRecords>,
    list: List,
) -> ApiResult<Paged<ContactList>> {
    let page = contacts::list(app.store(), &list.query).await?;
    Ok(list.answer(page, |rows, meta| ContactList {
        contacts: rows.into_iter().map(Contact::from).collect(),
        meta,
    }))
}
