//! `GET /mailboxes/{id}`

use rapport_domain::MailboxId;

use super::mailbox::Mailbox;
use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::ManageMailboxes;
use crate::respond::Record;
use crate::session::Allowed;

/// Shows a mailbox.
#[utoipa::path(
    get, path = "/mailboxes/{id}", tag = "mailboxes", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Mailbox)),
)]
pub(super) async fn show_mailbox(
    Allowed { app, .. }: Allowed<ManageMailboxes>,
    Id(id): Id<MailboxId>,
) -> ApiResult<Record<Mailbox>> {
    let row = super::find(&app, id).await?;
    Ok(Mailbox::of(&app, row).await?.into())
}
