//! `POST /jobs/{id}/cancel`

use axum::Json;
use axum::http::StatusCode;
use rapport_domain::{ImportStatus, JobId};
use rapport_store::{ListQuery, Op, imports, jobs};

use super::job::{Job, JobAccepted};
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ImportFiles;
use crate::session::Allowed;

/// Asks a job to stop: one that waits is cancelled at once, one that runs at its next step.
#[utoipa::path(
    post, path = "/jobs/{id}/cancel", tag = "jobs", params(("id" = uuid::Uuid, Path)),
    responses((status = 202, body = JobAccepted)),
)]
pub(super) async fn cancel_job(
    Allowed { app, .. }: Allowed<ImportFiles>,
    Id(id): Id<JobId>,
) -> ApiResult<(StatusCode, Json<JobAccepted>)> {
    let query = ListQuery::default().with("job_id", Op::Eq, id);
    let import = imports::list(app.store(), &query).await?.items.pop();
    let job = match import {
        // An import that waits must end together with its job.
        Some(import) if is_under_way(import.status) => {
            rapport_pipelines::imports::cancel(app.workspace(), import.id).await?;
            jobs::find(app.store(), id)
                .await?
                .ok_or_else(|| ApiError::not_found("job"))?
        }
        _ => {
            let job = jobs::cancel(app.store(), id, app.now()).await?;
            rapport_pipelines::jobs::announce(app.workspace(), &job);
            job
        }
    };
    Ok((
        StatusCode::ACCEPTED,
        Json(JobAccepted {
            job: Job::from(job),
        }),
    ))
}

fn is_under_way(status: ImportStatus) -> bool {
    matches!(status, ImportStatus::Queued | ImportStatus::Running)
}
