//! `GET /tickets/{id}`

use axum::extract::State;
use rapport_domain::TicketId;
use rapport_store::tickets;

use super::ticket::Ticket;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::respond::Record;
use crate::session::Allowed;
use crate::state::AppState;

/// Shows a ticket.
#[utoipa::path(
    get, path = "/tickets/{id}", tag = "tickets", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Ticket)),
)]
pub(super) async fn show_ticket(
    State(app): State<AppState>,
    _: Allowed<ReadRecords>,
    Id(id): Id<TicketId>,
) -> ApiResult<Record<Ticket>> {
    Ok(find(&app, id).await?.into())
}

/// The ticket as it is now.
pub(super) async fn find(app: &AppState, id: TicketId) -> ApiResult<Ticket> {
    let row = tickets::find_row(app.store(), id).await?;
    row.map(Ticket::from)
        .ok_or_else(|| ApiError::not_found("ticket"))
}
