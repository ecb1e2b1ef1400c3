//! `GET /jobs`

use rapport_store::jobs;

use super::job::{Job, JobList};
use crate::error::ApiResult;
use crate::extract::{List, ListParams};
use crate::permissions::ReadEverything;
use crate::respond::Paged;
use crate::session::Allowed;

/// Lists jobs, the latest first.
#[utoipa::path(
    get, path = "/jobs", tag = "jobs", params(ListParams),
    responses((status = 200, body = JobList)),
)]
pub(super) async fn list_jobs(
    Allowed { app, .. }: Allowed<ReadEverything>,
    list: List,
) -> ApiResult<Paged<JobList>> {
    let page = jobs::list(app.store(), &list.query).await?;
    Ok(list.answer(page, |rows, meta| JobList {
        jobs: rows.into_iter().map(Job::from).collect(),
        meta,
    }))
}
