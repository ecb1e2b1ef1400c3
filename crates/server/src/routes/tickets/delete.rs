//! `DELETE /tickets/{id}`

use axum::http::StatusCode;
use rapport_domain::TicketId;
use rapport_store::tickets;

use super::show;
use crate::error::ApiResult;
use crate::extract::{Id, IfMatch};
use crate::permissions::WriteRecords;
use crate::session::Allowed;

/// Deletes a ticket; with `If-Match` only if it still has that version.
#[utoipa::path(
    delete, path = "/tickets/{id}", tag = "tickets",
    params(("id" = uuid::Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204)),
)]
pub(super) async fn delete_ticket(
    Allowed { app, .. }: Allowed<WriteRecords>,
    Id(id): Id<TicketId>,
    version: Option<IfMatch>,
) -> ApiResult<StatusCode> {
    let version = match version {
        Some(IfMatch(version)) => version,
        None => show::find(&app, id).await?.version,
    };
    tickets::delete(app.store(), id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
