//! `PATCH /mailboxes/{id}`

use rapport_domain::{Invalid, MailboxId};
use rapport_store::mailboxes;

use super::mailbox::{Mailbox, MailboxPatch};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Body, Id, IfMatch};
use crate::permissions::ManageMailboxes;
use crate::respond::Record;
use crate::session::Allowed;

/// Changes a mailbox by a merge patch, or lets its schedule rest and go on. One that is connected to
/// differently is read at once.
#[utoipa::path(
    patch, path = "/mailboxes/{id}", tag = "mailboxes", request_body = MailboxPatch,
    params(("id" = uuid::Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = Mailbox)),
)]
pub(super) async fn update_mailbox(
    administrator: Allowed<ManageMailboxes>,
    Id(id): Id<MailboxId>,
    IfMatch(version): IfMatch,
    Body(patch): Body<MailboxPatch>,
) -> ApiResult<Record<Mailbox>> {
    let app = &administrator.app;
    let opened = mailboxes::open(app.store(), id).await?;
    let (before, kept) = opened.ok_or_else(|| ApiError::not_found("mailbox"))?;
    let mut changed = before.mailbox.clone();
    let given = patch.apply(&mut changed)?;
    let mut broken = changed.check().err().map_or(Vec::new(), |it| it.violations);
    let secret = given.settle(&changed, Some((&before.mailbox, kept)));
    let secret = secret.unwrap_or_else(|more| {
        broken.extend(more);
        None
    });
    Invalid::check(broken)?;
    administrator.confirm().await?;
    changed.updated_at = app.now();
    mailboxes::update(app.store(), changed, secret, version, app.now()).await?;
    let row = super::find(app, id).await?;
    Ok(Mailbox::of(app, row).await?.into())
}
