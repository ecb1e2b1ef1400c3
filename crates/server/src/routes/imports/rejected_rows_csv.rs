//! `GET /imports/{id}/rejected_rows.csv`: the rows to mend, streamed page by page.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use rapport_domain::ImportId;
use rapport_ingest::RejectedWriter;
use rapport_store::{Store, imports};

use crate::error::{ApiError, ApiResult};
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::session::Allowed;
use crate::state::AppState;

/// Rows that are read at once.
const PAGE_ROWS: u64 = 2_000;

/// Downloads all rows of an import that were not taken, with line, reason and what to do before
/// their own columns.
#[utoipa::path(
    get, path = "/imports/{id}/rejected_rows.csv", tag = "imports",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, content_type = "text/csv", body = String)),
)]
pub(super) async fn show_rejected_rows_csv(
    State(app): State<AppState>,
    _: Allowed<ReadRecords>,
    Id(id): Id<ImportId>,
) -> ApiResult<Response> {
    let import = imports::find(app.store(), id).await?;
    let import = import.ok_or_else(|| ApiError::not_found("import"))?;
    let download = Download::begin(app.store().clone(), id, &import.columns)?;
    let pages = futures::stream::try_unfold(download, Download::next);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"rejected_rows.csv\"",
        ),
    ];
    Ok((headers, Body::from_stream(pages)).into_response())
}

/// A download under way; memory holds one page.
struct Download {
    store: Store,
    import: ImportId,
    after_line: u64,
    /// None once the last row is written.
    writer: Option<RejectedWriter<Page>>,
    page: Page,
}

impl Download {
    fn begin(store: Store, import: ImportId, columns: &[String]) -> ApiResult<Self> {
        let page = Page::default();
        let writer = Some(RejectedWriter::new(page.clone(), columns)?);
        Ok(Self {
            store,
            import,
            after_line: 0,
            writer,
            page,
        })
    }

    /// The next piece of the file; none at its end.
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, io::Error> {
        loop {
            let Some(mut writer) = self.writer.take() else {
                return Ok(None);
            };
            let (store, after) = (&self.store, self.after_line);
            let rows = imports::list_rejected_after(store, self.import, after, PAGE_ROWS).await;
            let rows = rows.map_err(io::Error::other)?;
            for row in &rows {
                writer.write(row).map_err(io::Error::other)?;
            }
            match rows.last() {
                Some(last) => {
                    self.after_line = last.line;
                    self.writer = Some(writer);
                }
                None => {
                    writer.finish().map_err(io::Error::other)?;
                }
            }
            let bytes = self.page.take();
            if !bytes.is_empty() {
                return Ok(Some((bytes, self)));
            }
        }
    }
}

/// What the writer has written and the client has not been sent.
#[derive(Debug, Clone, Default)]
struct Page(Arc<Mutex<Vec<u8>>>);

impl Page {
    fn take(&self) -> Bytes {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into()
    }
}

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
