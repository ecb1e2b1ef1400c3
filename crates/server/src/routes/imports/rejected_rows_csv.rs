//! `GET /imports/{id}/rejected_rows.csv`: the rows to mend, streamed piece by piece.

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use rapport_domain::ImportId;
use rapport_pipelines::imports;

use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::ReadEverything;
use crate::session::Allowed;

/// Downloads all rows of an import that were not taken, with line, reason and what to do before
/// their own columns.
#[utoipa::path(
    get, path = "/imports/{id}/rejected_rows.csv", tag = "imports",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, content_type = "text/csv", body = String)),
)]
pub(super) async fn show_rejected_rows_csv(
    Allowed { app, .. }: Allowed<ReadEverything>,
    Id(id): Id<ImportId>,
) -> ApiResult<Response> {
    let pieces = imports::rejected_csv(app.workspace(), id).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"rejected_rows.csv\"",
        ),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}
