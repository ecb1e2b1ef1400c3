//! `GET /mailboxes`

use axum::Json;
use rapport_store::mailboxes;

use super::mailbox::{Mailbox, MailboxList};
use crate::error::ApiResult;
use crate::permissions::ManageMailboxes;
use crate::session::Allowed;

/// Lists the mailboxes that are read, and how that goes.
#[utoipa::path(
    get, path = "/mailboxes", tag = "mailboxes", responses((status = 200, body = MailboxList)),
)]
pub(super) async fn list_mailboxes(
    Allowed { app, .. }: Allowed<ManageMailboxes>,
) -> ApiResult<Json<MailboxList>> {
    let mut list = MailboxList {
        mailboxes: Vec::new(),
    };
    for row in mailboxes::list(app.store()).await? {
        list.mailboxes.push(Mailbox::of(&app, row).await?);
    }
    Ok(Json(list))
}
