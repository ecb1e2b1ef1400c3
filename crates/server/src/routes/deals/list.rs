//! `GET /deals`

use rapport_store::deals;

use super::deal::{Deal, DealList};
use crate::error::ApiResult;
use crate::extract::{List, ListParams};
use crate::permissions::ReadRecords;
use crate::respond::Paged;
use crate::session::Allowed;

/// Lists deals.
#[utoipa::path(
    get, path = "/deals", tag = "deals", params(ListParams),
    responses((status = 200, body = DealList)),
)]
pub(super) async fn list_deals(
    Allowed { app, .. }: Allowed<ReadRecords>,
    list: List,
) -> ApiResult<Paged<DealList>> {
    let page = deals::list(app.store(), &list.query).await?;
    Ok(list.answer(page, |rows, meta| DealList {
        deals: rows.into_iter().map(Deal::from).collect(),
        meta,
    }))
}
