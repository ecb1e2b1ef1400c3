//! Tickets: requests for help.

mod bulk;
mod create;
mod delete;
mod list;
mod show;
mod ticket;
mod update;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use show::find;
pub(crate) use ticket::Ticket;

use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_tickets, create::create_ticket))
        .routes(routes!(bulk::create_ticket_bulk_edit))
        .routes(routes!(
            show::show_ticket,
            update::update_ticket,
            delete::delete_ticket
        ))
}
