//! `GET /jobs`

use axum::extract::State;
use rapport_store::jobs;

use super::job::{Job, JobList};
use crate::error::ApiResult;
use crate::extract::{List, ListParams};
use crate::permissions::ReadRecords;
use crate::respond::Paged;
use crate::session::Allowed;
use crate::state::AppState;

/// Lists jobs, the latest first.
#[utoipa::path(
    get, path = "/jobs", tag = "jobs", params(ListParams),
    responses((status = 200, body = JobList)),
)]
pub(super) async fn list_jobs(
    State(app): State<AppState>,
    _: Allowed<ReadRecords>,
    list: List,
) -> ApiResult<Paged<JobList>> {
    let page = jobs::list(app.store(), &list.query).await?;
    Ok(list.answer(page, |rows, meta| JobList {
        jobs: rows.into_iter().map(Job::from).collect(),
        meta,
    }))
}
