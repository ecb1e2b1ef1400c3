//! `GET /runs/{id}/trials`

use rapport_domain::RunId;
use rapport_store::runs;

use super::show;
use super::trial::{Trial, TrialList};
use crate::error::ApiResult;
use crate::extract::{Id, List, ListParams};
use crate::permissions::ReadRecords;
use crate::respond::Paged;
use crate::session::Allowed;

/// Lists the trials of a search.
#[utoipa::path(
    get, path = "/runs/{id}/trials", tag = "runs", params(("id" = uuid::Uuid, Path), ListParams),
    responses((status = 200, body = TrialList)),
)]
pub(super) async fn list_run_trials(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(id): Id<RunId>,
    list: List,
) -> ApiResult<Paged<TrialList>> {
    show::find(&app, id).await?;
    let page = runs::list_trials(app.store(), id, &list.query).await?;
    Ok(list.answer(page, |trials, meta| TrialList {
        trials: trials.into_iter().map(Trial::from).collect(),
        meta,
    }))
}
