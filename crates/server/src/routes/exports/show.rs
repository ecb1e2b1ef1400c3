//! `GET /exports/{file}`: a whole list as a file.

use std::io;

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures::stream;

use super::export::{ExportFormat, ListExport};
use super::note_export;
use super::rows::ExportedList;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Id, List, ListParams};
use crate::permissions::ExportRecords;
use crate::session::Allowed;

/// Downloads a list whole: `contacts.csv`, `contacts.xlsx` or `contacts.parquet` as a table, with what
/// contacts have stated (`consents`), or `contacts.jsonl` with a record of the API's form per line; so for
/// companies, deals, tickets, tasks, notes, products, orders and campaigns. Filters, order and search are
/// those of the list; cursor, limit and count have no meaning here. What the
/// caller's role hides is in no file.
#[utoipa::path(
    get, path = "/exports/{file}", tag = "exports",
    params(("file" = String, Path, example = "contacts.csv"), ListParams),
    responses((status = 200, content_type = "text/csv", body = String)),
)]
pub(super) async fn show_export(
    Allowed { app, .. }: Allowed<ExportRecords>,
    Id(file): Id<String>,
    list: List,
) -> ApiResult<Response> {
    let (exported, format) = parse(&file).ok_or_else(|| ApiError::not_found("export"))?;
    let asked = list.asked();
    let (store, policy) = (app.store().clone(), app.access().policy.clone());
    let mut export = ListExport::open(store, exported, format, list.query, policy).await?;
    // The first piece comes before the answer begins, so that what is wrong with the query is an error
    // and no broken file.
    let first = export.next().await?.unwrap_or_default();
    note_export(&app, &file, None, Some(&asked)).await?;
    let rest = stream::try_unfold(export, next_piece);
    let pieces = futures::StreamExt::chain(stream::iter([Ok(first)]), rest);
    let headers = [
        (header::CONTENT_TYPE, format.content_type().to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{file}\""),
        ),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

/// The next piece, and the export that goes on after it.
async fn next_piece(mut export: ListExport) -> io::Result<Option<(Vec<u8>, ListExport)>> {
    let piece = export.next().await.map_err(|error| {
        tracing::error!(?error, "an export was broken off");
        io::Error::other("the export was broken off")
    })?;
    Ok(piece.map(|piece| (piece, export)))
}

fn parse(file: &str) -> Option<(ExportedList, ExportFormat)> {
    let (list, extension) = file.split_once('.')?;
    let format = ExportFormat::of_extension(extension)?;
    Some((ExportedList::of_name(list)?, format))
}
