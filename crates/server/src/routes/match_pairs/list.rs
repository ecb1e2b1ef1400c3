//! `GET /match_pairs`

use rapport_store::{match_pairs, settings};

use super::match_pair::{MatchPair, MatchPairList};
use crate::error::ApiResult;
use crate::extract::{List, ListParams};
use crate::permissions::ReadRecords;
use crate::respond::Paged;
use crate::session::Allowed;

/// Lists pairs of contacts that may be one person, of which both are there and seen by the caller: those first
/// from which most can be learned. `filter=status:eq:open` leaves out those that somebody has decided on,
/// `filter=contact_id:eq:…` finds those of which a contact is either. What is accepted at once from a probability
/// on is what `status:eq:open`, `is_grouped:eq:true` and `probability:gte:…` find.
#[utoipa::path(
    get, path = "/match_pairs", tag = "match_pairs", params(ListParams),
    responses((status = 200, body = MatchPairList)),
)]
pub(super) async fn list_match_pairs(
    Allowed { app, .. }: Allowed<ReadRecords>,
    list: List,
) -> ApiResult<Paged<MatchPairList>> {
    let threshold = settings::matching(app.store()).await?.threshold;
    let page = match_pairs::list(app.store(), &list.query).await?;
    let counts = match_pairs::counts(app.store(), threshold).await?;
    Ok(list.answer(page, |pairs, meta| MatchPairList {
        match_pairs: pairs
            .into_iter()
            .map(|pair| MatchPair::of(pair, threshold))
            .collect(),
        n_open: counts.n_open,
        n_certain: counts.n_certain,
        meta,
    }))
}
