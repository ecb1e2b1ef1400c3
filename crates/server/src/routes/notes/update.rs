//! `PATCH /notes/{id}`

use axum::Json;
use axum::extract::State;
use rapport_domain::NoteId;
use rapport_store::notes;

use super::note::{Note, NotePatch};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Body, Id};
use crate::permissions::WriteRecords;
use crate::session::Allowed;
use crate::state::AppState;

/// Changes a note's text.
#[utoipa::path(
    patch, path = "/notes/{id}", tag = "notes", request_body = NotePatch,
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Note)),
)]
pub(super) async fn update_note(
    State(app): State<AppState>,
    _: Allowed<WriteRecords>,
    Id(id): Id<NoteId>,
    Body(patch): Body<NotePatch>,
) -> ApiResult<Json<Note>> {
    let note = notes::find(app.store(), id).await?;
    let mut note = note.ok_or_else(|| ApiError::not_found("note"))?;
    note.body = patch.body;
    note.updated_at = app.now();
    notes::update(app.store(), note).await?;
    Ok(Json(super::find(&app, id).await?))
}
