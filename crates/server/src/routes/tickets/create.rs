//! `POST /tickets`

use rapport_domain::{
    CustomValues, ObjectKind, Priority, Ticket as Draft, TicketChannel, TicketId, TicketStatus,
    Timestamp,
};
use rapport_store::tickets;

use super::show;
use super::ticket::{Ticket, TicketPatch};
use crate::error::{ApiError, ApiResult};
use crate::extract::Body;
use crate::permissions::WriteRecords;
use crate::respond::{Created, Record};
use crate::routes::custom_fields::check_new_custom;
use crate::routes::record_patch::RecordPatch as _;
use crate::routes::references::check_references;
use crate::session::Allowed;

/// Creates a ticket.
#[utoipa::path(
    post, path = "/tickets", tag = "tickets", request_body = TicketPatch,
    responses((status = 201, body = Ticket)),
)]
pub(super) async fn create_ticket(
    Allowed { app, .. }: Allowed<WriteRecords>,
    Body(mut patch): Body<TicketPatch>,
) -> ApiResult<Created<Record<Ticket>>> {
    check_new_custom(&app, ObjectKind::Ticket, &mut patch.custom).await?;
    let mut draft = empty(app.new_id(), app.now());
    ApiError::check(patch.apply(&mut draft, app.now()))?;
    check_references(
        &app,
        [
            ("/owner_id", draft.owner_id.map(Into::into)),
            ("/contact_id", draft.contact_id.map(Into::into)),
        ],
    )
    .await?;
    let id = tickets::create(app.store(), draft).await?.id;
    Ok(Created::new(
        "tickets",
        id.0,
        show::find(&app, id).await?.into(),
    ))
}

/// An open ticket without a subject, which the patch must bring.
pub(super) fn empty(id: TicketId, now: Timestamp) -> Draft {
    Draft {
        id,
        subject: String::new(),
        body: String::new(),
        status: TicketStatus::Open,
        priority: Priority::Normal,
        channel: TicketChannel::Web,
        contact_id: None,
        owner_id: None,
        custom: CustomValues::new(),
        created_at: now,
        updated_at: now,
        solved_at: None,
        version: 1,
    }
}
