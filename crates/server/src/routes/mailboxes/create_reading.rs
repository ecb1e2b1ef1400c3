//! `POST /mailboxes/{id}/readings`

use axum::Json;
use axum::http::StatusCode;
use rapport_domain::MailboxId;
use rapport_pipelines::mailboxes;

use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::ManageMailboxes;
use crate::routes::jobs::JobAccepted;
use crate::session::Allowed;

/// Reads a mailbox now, whether its schedule rests or not; follow the job. Where it is being read already, that
/// job is answered.
#[utoipa::path(
    post, path = "/mailboxes/{id}/readings", tag = "mailboxes", params(("id" = uuid::Uuid, Path)),
    responses((status = 202, body = JobAccepted)),
)]
pub(super) async fn create_mailbox_reading(
    Allowed { app, .. }: Allowed<ManageMailboxes>,
    Id(id): Id<MailboxId>,
) -> ApiResult<(StatusCode, Json<JobAccepted>)> {
    super::find(&app, id).await?;
    let job = mailboxes::read_now(app.workspace(), id).await?;
    Ok((StatusCode::ACCEPTED, Json(JobAccepted { job: job.into() })))
}
