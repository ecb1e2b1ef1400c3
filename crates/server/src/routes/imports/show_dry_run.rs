//! `GET /imports/{id}/dry_run`

use axum::Json;
use axum::extract::State;
use rapport_domain::ImportId;
use rapport_store::{imports, jobs};

use super::dry_run::DryRun;
use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::session::Allowed;
use crate::state::AppState;

/// Shows how far the dry run of an import is and how many rows would do what. There is none any more once
/// the file is mapped anew or read in.
#[utoipa::path(
    get, path = "/imports/{id}/dry_run", tag = "imports", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = DryRun)),
)]
pub(super) async fn show_import_dry_run(
    State(app): State<AppState>,
    _: Allowed<ReadRecords>,
    Id(id): Id<ImportId>,
) -> ApiResult<Json<DryRun>> {
    let import = imports::find(app.store(), id).await?;
    let import = import.ok_or_else(|| ApiError::not_found("import"))?;
    let none = || ApiError::not_found("dry run");
    let job = import.dry_run_job_id.ok_or_else(none)?;
    let job = jobs::find(app.store(), job).await?.ok_or_else(none)?;
    let counts = imports::count_dry_run_rows(app.store(), id).await?;
    Ok(Json(DryRun::of(job, &counts)))
}
