//! `GET /tickets`

use rapport_store::tickets;

use super::ticket::{Ticket, TicketList};
use crate::error::ApiResult;
use crate::extract::{List, ListParams};
use crate::permissions::ReadRecords;
use crate::respond::Paged;
use crate::session::Allowed;

/// Lists tickets.
#[utoipa::path(
    get, path = "/tickets", tag = "tickets", params(ListParams),
    responses((status = 200, body = TicketList)),
)]
pub(super) async fn list_tickets(
    Allowed { app, .. }: Allowed<ReadRecords>,
    list: List,
) -> ApiResult<Paged<TicketList>> {
    let page = tickets::list(app.store(), &list.query).await?;
    Ok(list.answer(page, |rows, meta| TicketList {
        tickets: rows.into_iter().map(Ticket::from).collect(),
        meta,
    }))
}
