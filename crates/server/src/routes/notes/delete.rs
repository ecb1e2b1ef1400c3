//! `DELETE /notes/{id}`

use axum::extract::State;
use axum::http::StatusCode;
use rapport_domain::NoteId;
use rapport_store::notes;

use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::WriteRecords;
use crate::session::Allowed;
use crate::state::AppState;

/// Deletes a note.
#[utoipa::path(
    delete, path = "/notes/{id}", tag = "notes", params(("id" = uuid::Uuid, Path)),
    responses((status = 204)),
)]
pub(super) async fn delete_note(
    State(app): State<AppState>,
    _: Allowed<WriteRecords>,
    Id(id): Id<NoteId>,
) -> ApiResult<StatusCode> {
    notes::delete(app.store(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
