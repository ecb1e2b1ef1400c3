//! `GET /match_runs`

use rapport_store::match_pairs;

use super::match_run::{MatchRun, MatchRunList};
use crate::error::ApiResult;
use crate::extract::{List, ListParams};
use crate::permissions::ReadEverything;
use crate::respond::Paged;
use crate::session::Allowed;

/// Lists runs of the matcher, the latest first.
#[utoipa::path(
    get, path = "/match_runs", tag = "match_pairs", params(ListParams),
    responses((status = 200, body = MatchRunList)),
)]
pub(super) async fn list_match_runs(
    Allowed { app, .. }: Allowed<ReadEverything>,
    list: List,
) -> ApiResult<Paged<MatchRunList>> {
    let page = match_pairs::list_runs(app.store(), &list.query).await?;
    Ok(list.answer(page, |runs, meta| MatchRunList {
        match_runs: runs.into_iter().map(MatchRun::from).collect(),
        meta,
    }))
}
