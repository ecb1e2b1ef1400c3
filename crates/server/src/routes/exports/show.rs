//! `GET /exports/{file}`: a whole list as a file.

use std::io;

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures::stream;
use rapport_ingest::{CsvWriter, IngestError};
use rapport_store::{Cursor, ListQuery, custom_fields};
use serde_json::Value;

use super::columns::Column;
use super::note_export;
use super::rows::ExportedList;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Id, List, ListParams};
use crate::permissions::ExportRecords;
use crate::session::Allowed;
use crate::state::Desk;

/// How the file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    /// CSV in UTF-8 with a byte order mark and a header.
    Csv,
    /// A record of the API's form per line.
    JsonLines,
}

/// Downloads a list whole: `contacts.csv`, or `contacts.jsonl` with a record of the API's form per
/// line; so for companies, deals, tickets, tasks, products, orders and campaigns. Filters, order and
/// search are those of the list; cursor, limit and count have no meaning here. What the caller's role hides
/// is in no file.
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
    let custom = match exported.object() {
        Some(object) => custom_fields::list_active(app.store(), object).await?,
        None => Vec::new(),
    };
    let columns = exported.columns(custom, &app.access().policy);
    let asked = list.asked();
    let export = Export {
        app,
        list: exported,
        format,
        columns,
        query: ListQuery {
            cursor: None,
            limit: ListQuery::LIMIT_MAX,
            estimate: false,
            ..list.query
        },
    };
    // The first page comes before the answer begins, so that what is wrong with the query is an error
    // and no broken file.
    let (first, next) = export.piece(None).await?;
    note_export(&export.app, &file, None, Some(&asked)).await?;
    let rest = stream::try_unfold((export, next), async |(export, next)| {
        let Some(cursor) = next else {
            return Ok(None);
        };
        let (piece, next) = export.piece(Some(cursor)).await.map_err(|error| {
            tracing::error!(list = ?export.list, ?error, "an export was broken off");
            io::Error::other("the export was broken off")
        })?;
        Ok::<_, io::Error>(Some((piece, (export, next))))
    });
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

fn parse(file: &str) -> Option<(ExportedList, Format)> {
    let (list, extension) = file.split_once('.')?;
    let format = match extension {
        "csv" => Format::Csv,
        "jsonl" => Format::JsonLines,
        _ => return None,
    };
    Some((ExportedList::of_name(list)?, format))
}

impl Format {
    const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::JsonLines => "application/jsonl",
        }
    }
}

/// A list on its way into a file.
struct Export {
    app: Desk,
    list: ExportedList,
    format: Format,
    columns: Vec<Column>,
    query: ListQuery,
}

impl Export {
    /// The part of the file after a cursor, and where the next one begins.
    async fn piece(&self, cursor: Option<Cursor>) -> ApiResult<(Vec<u8>, Option<Cursor>)> {
        let is_first = cursor.is_none();
        let query = ListQuery {
            cursor,
            ..self.query.clone()
        };
        let (records, next) = self.list.page(&self.app, &query).await?;
        let piece = match self.format {
            Format::Csv => self.as_csv(&records, is_first)?,
            Format::JsonLines => as_lines(&records),
        };
        Ok((piece, next))
    }

    fn as_csv(&self, records: &[Value], is_first: bool) -> Result<Vec<u8>, IngestError> {
        let headers = self.columns.iter().flat_map(Column::headers);
        let mut csv = if is_first {
            CsvWriter::new(Vec::new(), headers)?
        } else {
            CsvWriter::going_on(Vec::new())
        };
        for record in records {
            csv.write(self.columns.iter().flat_map(|column| column.cells(record)))?;
        }
        csv.finish()
    }
}

fn as_lines(records: &[Value]) -> Vec<u8> {
    let mut lines = String::new();
    for record in records {
        lines += &record.to_string();
        lines.push('\n');
    }
    lines.into_bytes()
}
