//! `GET /match_pairs/acceptances`

use rapport_store::match_pairs;

use super::acceptance::{MatchAcceptanceList, MatchAcceptanceSummary};
use crate::error::ApiResult;
use crate::extract::{List, ListParams};
use crate::permissions::{Action, ReadRecords};
use crate::respond::Paged;
use crate::session::Allowed;

/// Lists acceptances of many pairs, the latest first: the caller's own, and those of all where the caller may
/// read jobs.
#[utoipa::path(
    get, path = "/match_pairs/acceptances", tag = "match_pairs", params(ListParams),
    responses((status = 200, body = MatchAcceptanceList)),
)]
pub(super) async fn list_match_acceptances(
    user: Allowed<ReadRecords>,
    list: List,
) -> ApiResult<Paged<MatchAcceptanceList>> {
    let own = (!user.may(Action::ReadEverything)).then_some(user.id);
    let page = match_pairs::list_acceptances(user.app.store(), own, &list.query).await?;
    Ok(list.answer(page, |rows, meta| MatchAcceptanceList {
        acceptances: rows.into_iter().map(MatchAcceptanceSummary::from).collect(),
        meta,
    }))
}
