//! `GET /deals/{id}`

use rapport_domain::{AuditObject, DealId};
use rapport_store::deals;

use super::deal::Deal;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::respond::Record;
use crate::session::Allowed;
use crate::state::Desk;

/// Shows a deal.
#[utoipa::path(
    get, path = "/deals/{id}", tag = "deals", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Deal)),
)]
pub(super) async fn show_deal(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(id): Id<DealId>,
) -> ApiResult<Record<Deal>> {
    let deal = find(&app, id).await?;
    app.saw(AuditObject::Deal, id);
    Ok(deal.into())
}

/// The deal as it is now.
pub(crate) async fn find(app: &Desk, id: DealId) -> ApiResult<Deal> {
    let row = deals::find_row(app.store(), id).await?;
    row.map(Deal::from)
        .ok_or_else(|| ApiError::not_found("deal"))
}
