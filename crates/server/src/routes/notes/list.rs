//! `GET /notes`

use rapport_store::notes;

use super::note::{Note, NoteList};
use crate::error::ApiResult;
use crate::extract::{List, ListParams};
use crate::permissions::ReadRecords;
use crate::respond::Paged;
use crate::session::Allowed;

/// Lists notes.
#[utoipa::path(
    get, path = "/notes", tag = "notes", params(ListParams),
    responses((status = 200, body = NoteList)),
)]
pub(super) async fn list_notes(
    Allowed { app, .. }: Allowed<ReadRecords>,
    list: List,
) -> ApiResult<Paged<NoteList>> {
    let page = notes::list(app.store(), &list.query).await?;
    Ok(list.answer(page, |rows, meta| NoteList {
        notes: rows.into_iter().map(Note::from).collect(),
        meta,
    }))
}
