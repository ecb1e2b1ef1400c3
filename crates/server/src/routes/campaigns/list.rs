//! `GET /campaigns`

use rapport_store::campaigns;

use super::campaign::{Campaign, CampaignList};
use crate::error::ApiResult;
use crate::extract::{List, ListParams};
use crate::permissions::ReadRecords;
use crate::respond::Paged;
use crate::session::Allowed;

/// Lists campaigns.
#[utoipa::path(
    get, path = "/campaigns", tag = "campaigns", params(ListParams),
    responses((status = 200, body = CampaignList)),
)]
pub(super) async fn list_campaigns(
    Allowed { app, .. }: Allowed<ReadRecords>,
    list: List,
) -> ApiResult<Paged<CampaignList>> {
    let page = campaigns::list(app.store(), &list.query).await?;
    Ok(list.answer(page, |rows, meta| CampaignList {
        campaigns: rows.into_iter().map(Campaign::from).collect(),
        meta,
    }))
}
