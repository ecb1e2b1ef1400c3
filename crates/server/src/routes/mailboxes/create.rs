//! `POST /mailboxes`

use axum::Json;
use axum::http::StatusCode;
use rapport_domain::Invalid;
use rapport_store::mailboxes::{self, MAILBOXES_MAX};

use super::mailbox::{Mailbox, MailboxInput};
use crate::error::{ApiError, ApiResult};
use crate::extract::Body;
use crate::permissions::ManageMailboxes;
use crate::respond::Created;
use crate::session::Allowed;

/// Adds a mailbox to be read, at once where it has a schedule. Ask for a check first to hear of what is wrong.
#[utoipa::path(
    post, path = "/mailboxes", tag = "mailboxes", request_body = MailboxInput,
    responses((status = 201, body = Mailbox)),
)]
pub(super) async fn create_mailbox(
    administrator: Allowed<ManageMailboxes>,
    Body(input): Body<MailboxInput>,
) -> ApiResult<Created<Json<Mailbox>>> {
    let app = &administrator.app;
    let (mailbox, given) = input.into_parts(app);
    let mut broken = mailbox.check().err().map_or(Vec::new(), |it| it.violations);
    let secret = given.settle(&mailbox, None).unwrap_or_else(|more| {
        broken.extend(more);
        None
    });
    Invalid::check(broken)?;
    administrator.confirm().await?;
    let (id, secret) = (mailbox.id, secret.unwrap_or_default());
    if !mailboxes::create(app.store(), mailbox, &secret, app.now()).await? {
        return Err(too_many());
    }
    let made = Mailbox::of(app, super::find(app, id).await?).await?;
    Ok(Created::new("mailboxes", id.0, Json(made)))
}

fn too_many() -> ApiError {
    let detail = format!("there are {MAILBOXES_MAX} mailboxes; remove one that is not needed");
    ApiError::new(StatusCode::CONFLICT, "too_many_mailboxes", detail)
}
