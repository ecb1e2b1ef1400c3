//! `GET /notes/{id}`

use axum::Json;
use rapport_domain::NoteId;

use super::note::Note;
use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::ReadRecords;
use crate::session::Allowed;

/// Shows a note.
#[utoipa::path(
    get, path = "/notes/{id}", tag = "notes", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Note)),
)]
pub(super) async fn show_note(
    Allowed { app, .. }: Allowed<ReadRecords>,
    Id(id): Id<NoteId>,
) -> ApiResult<Json<Note>> {
    Ok(Json(super::find(&app, id).await?))
}
