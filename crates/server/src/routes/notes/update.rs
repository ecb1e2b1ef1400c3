//! `PATCH /notes/{id}`

use axum::Json;
use axum::http::StatusCode;
use rapport_domain::{NoteId, User, UserId};
use rapport_store::notes;

use super::note::{Note, NotePatch};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Body, Id};
use crate::permissions::{WriteRecords, may_change_note};
use crate::session::Allowed;
use crate::state::Desk;

/// Changes a note's text: by its author or an administrator.
#[utoipa::path(
    patch, path = "/notes/{id}", tag = "notes", request_body = NotePatch,
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Note)),
)]
pub(super) async fn update_note(
    user: Allowed<WriteRecords>,
    Id(id): Id<NoteId>,
    Body(patch): Body<NotePatch>,
) -> ApiResult<Json<Note>> {
    let app = &user.app;
    let mut note = changeable(app, &user, id).await?;
    note.body = patch.body;
    note.updated_at = app.now();
    notes::update(app.store(), note).await?;
    Ok(Json(super::find(app, id).await?))
}

/// The note, where the user may change it.
pub(super) async fn changeable(
    app: &Desk,
    user: &User,
    id: NoteId,
) -> ApiResult<rapport_domain::Note> {
    let note = notes::find(app.store(), id).await?;
    let note = note.ok_or_else(|| ApiError::not_found("note"))?;
    check_author(user, note.author_id)?;
    Ok(note)
}

/// Refuses who may not change what this author has written.
pub(crate) fn check_author(user: &User, author: Option<UserId>) -> ApiResult<()> {
    if may_change_note(user, author) {
        return Ok(());
    }
    let detail = "a note is changed by who wrote it; write one of your own";
    Err(ApiError::new(StatusCode::FORBIDDEN, "not_allowed", detail))
}
