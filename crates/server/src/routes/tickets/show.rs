//! `GET /tickets/{id}`

use rapport_domain::{AuditObject, TicketId};
use rapport_store::tickets;

use super::ticket::Ticket;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::respond::Record;
use crate::session::Allowed;
use crate::state::Desk;

/// Shows a ticket.
#[utoipa::path(
    get, path = "/tickets/{id}", tag = "tickets", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Ticket)),
)]
pub(super) async fn show_ticket(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(id): Id<TicketId>,
) -> ApiResult<Record<Ticket>> {
    let ticket = find(&app, id).await?;
    app.saw(AuditObject::Ticket, id);
    Ok(ticket.into())
}

/// The ticket as it is now.
pub(crate) async fn find(app: &Desk, id: TicketId) -> ApiResult<Ticket> {
    let row = tickets::find_row(app.store(), id).await?;
    row.map(Ticket::from)
        .ok_or_else(|| ApiError::not_found("ticket"))
}
