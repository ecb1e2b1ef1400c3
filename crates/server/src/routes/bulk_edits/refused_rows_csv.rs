//! `GET /bulk_edits/{id}/refused_rows.csv`: the records that were left as they are, streamed page by page.

use std::borrow::Cow;
use std::io;

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures::stream;
use rapport_domain::BulkEditId;
use rapport_ingest::CsvWriter;
use rapport_store::{Cursor, ListQuery, Store, bulk_edits};

use super::left::RefusedRow;
use super::show::find;
use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::ExportRecords;
use crate::session::Allowed;

/// Downloads the records that a bulk edit left as they are, with the reason and what to do.
#[utoipa::path(
    get, path = "/bulk_edits/{id}/refused_rows.csv", tag = "bulk_edits",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, content_type = "text/csv", body = String)),
)]
pub(super) async fn show_bulk_edit_refused_rows_csv(
    Allowed { app, .. }: Allowed<ExportRecords>,
    Id(id): Id<BulkEditId>,
) -> ApiResult<Response> {
    find(&app, id).await?;
    let store = app.store().clone();
    let (first, next) = piece(&store, id, None).await?;
    let rest = stream::try_unfold((store, id, next), async |(store, id, next)| {
        let Some(cursor) = next else {
            return Ok(None);
        };
        let (piece, next) = piece(&store, id, Some(cursor)).await.map_err(|error| {
            tracing::error!(bulk_edit = %id, ?error, "a download was broken off");
            io::Error::other("the download was broken off")
        })?;
        Ok::<_, io::Error>(Some((piece, (store, id, next))))
    });
    let pieces = futures::StreamExt::chain(stream::iter([Ok(first)]), rest);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"refused_rows.csv\"",
        ),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

/// The part of the file after a cursor, and where the next one begins.
async fn piece(
    store: &Store,
    id: BulkEditId,
    cursor: Option<Cursor>,
) -> ApiResult<(Vec<u8>, Option<Cursor>)> {
    let is_first = cursor.is_none();
    let query = ListQuery {
        cursor,
        limit: ListQuery::LIMIT_MAX,
        ..ListQuery::default()
    };
    let page = bulk_edits::list_refused(store, id, &query).await?;
    let mut csv = match is_first {
        true => CsvWriter::new(Vec::new(), RefusedRow::HEADERS.map(Cow::Borrowed))?,
        false => CsvWriter::going_on(Vec::new()),
    };
    for row in &page.items {
        csv.write(RefusedRow::cells(row))?;
    }
    Ok((csv.finish()?, page.next))
}
