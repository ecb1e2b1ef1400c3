//! `DELETE /mailboxes/{id}`

use axum::http::StatusCode;
use rapport_domain::MailboxId;
use rapport_store::mailboxes;

use crate::error::ApiResult;
use crate::extract::{Id, IfMatch};
use crate::permissions::ManageMailboxes;
use crate::session::Allowed;

/// Removes a mailbox with its password; with `If-Match` only if it still has that version. Records, imports and
/// the mail itself stay.
#[utoipa::path(
    delete, path = "/mailboxes/{id}", tag = "mailboxes",
    params(("id" = uuid::Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204)),
)]
pub(super) async fn delete_mailbox(
    Allowed { app, .. }: Allowed<ManageMailboxes>,
    Id(id): Id<MailboxId>,
    version: Option<IfMatch>,
) -> ApiResult<StatusCode> {
    let row = super::find(&app, id).await?;
    let version = version.map_or(row.mailbox.version, |IfMatch(version)| version);
    mailboxes::delete(app.store(), id, version, app.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
