//! Mailboxes that are read, and whether one could be.

mod create;
mod create_check;
mod create_reading;
mod delete;
mod list;
mod mailbox;
mod secret;
mod show;
mod update;

use rapport_domain::MailboxId;
use rapport_store::mailboxes::{self, MailboxRow};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::{ApiError, ApiResult};
use crate::state::{AppState, Desk};

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_mailboxes, create::create_mailbox))
        .routes(routes!(
            show::show_mailbox,
            update::update_mailbox,
            delete::delete_mailbox
        ))
        .routes(routes!(create_reading::create_mailbox_reading))
        .routes(routes!(create_check::create_mailbox_check))
}

async fn find(app: &Desk, id: MailboxId) -> ApiResult<MailboxRow> {
    let row = mailboxes::find(app.store(), id).await?;
    row.ok_or_else(|| ApiError::not_found("mailbox"))
}
