//! `PATCH /tickets/{id}`

use rapport_domain::{ObjectKind, TicketId};
use rapport_store::tickets;

use super::show;
use super::ticket::{Ticket, TicketPatch};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Body, Id, IfMatch};
use crate::permissions::WriteRecords;
use crate::respond::Record;
use crate::routes::custom_fields::check_custom;
use crate::routes::record_patch::RecordPatch as _;
use crate::routes::references::{check_references, named_anew};
use crate::session::Allowed;

/// Changes a ticket by a merge patch.
#[utoipa::path(
    patch, path = "/tickets/{id}", tag = "tickets", request_body = TicketPatch,
    params(("id" = uuid::Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = Ticket)),
)]
pub(super) async fn update_ticket(
    Allowed { app, .. }: Allowed<WriteRecords>,
    Id(id): Id<TicketId>,
    IfMatch(version): IfMatch,
    Body(mut patch): Body<TicketPatch>,
) -> ApiResult<Record<Ticket>> {
    let ticket = tickets::find(app.store(), id).await?;
    let mut ticket = ticket.ok_or_else(|| ApiError::not_found("ticket"))?;
    let before = ticket.clone();
    check_custom(&app, ObjectKind::Ticket, &mut patch.custom).await?;
    ApiError::check(patch.apply(&mut ticket, app.now()))?;
    ticket.updated_at = app.now();
    check_references(
        &app,
        [
            ("/owner_id", named_anew(before.owner_id, ticket.owner_id)),
            (
                "/contact_id",
                named_anew(before.contact_id, ticket.contact_id),
            ),
        ],
    )
    .await?;
    tickets::update(app.store(), ticket, version).await?;
    Ok(show::find(&app, id).await?.into())
}
