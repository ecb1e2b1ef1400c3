//! `GET /runs`

use rapport_store::runs;

use super::run::{RunList, RunSummary};
use crate::error::ApiResult;
use crate::extract::{List, ListParams};
use crate::permissions::ReadRecords;
use crate::respond::Paged;
use crate::session::Allowed;

/// Lists runs, the latest first.
#[utoipa::path(
    get, path = "/runs", tag = "runs", params(ListParams),
    responses((status = 200, body = RunList)),
)]
pub(super) async fn list_runs(
    Allowed { app, .. }: Allowed<ReadRecords>,
    list: List,
) -> ApiResult<Paged<RunList>> {
    let page = runs::list(app.store(), &list.query).await?;
    Ok(list.answer(page, |rows, meta| RunList {
        runs: rows.into_iter().map(RunSummary::from).collect(),
        meta,
    }))
}
