//! `GET /imports/{id}/rejected_rows.csv`: the rows to mend, streamed piece by piece.

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use rapport_domain::ImportId;
use rapport_pipelines::imports;

use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::{ExportRecords, ReadEverything};
use crate::routes::exports::note_export;
use crate::session::Allowed;

/// Downloads all rows of an import that were not taken, with line, reason and what to do before
/// their own columns. Who may export records may; the list shows them to everybody one by one.
#[utoipa::path(
    get, path = "/imports/{id}/rejected_rows.csv", tag = "imports",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, content_type = "text/csv", body = String)),
)]
pub(super) async fn show_rejected_rows_csv(
    user: Allowed<ExportRecords>,
    Id(id): Id<ImportId>,
) -> ApiResult<Response> {
    // The rows are of everybody's records.
    user.require_of_role::<ReadEverything>()?;
    note_export(&user.app, "rejected_rows.csv", Some(id.into()), None).await?;
    let pieces = imports::rejected_csv(user.app.workspace(), id).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"rejected_rows.csv\"",
        ),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}
