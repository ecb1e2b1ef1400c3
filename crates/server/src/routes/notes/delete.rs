//! `DELETE /notes/{id}`

use axum::http::StatusCode;
use rapport_domain::NoteId;
use rapport_store::notes;

use super::update::changeable;
use crate::error::ApiResult;
use crate::extract::Id;
use crate::permissions::WriteRecords;
use crate::session::Allowed;

/// Deletes a note: by its author or an administrator.
#[utoipa::path(
    delete, path = "/notes/{id}", tag = "notes", params(("id" = uuid::Uuid, Path)),
    responses((status = 204)),
)]
pub(super) async fn delete_note(
    user: Allowed<WriteRecords>,
    Id(id): Id<NoteId>,
) -> ApiResult<StatusCode> {
    let app = &user.app;
    let note = changeable(app, &user, id).await?;
    notes::delete(app.store(), note.id).await?;
    Ok(StatusCode::NO_CONTENT)
}
