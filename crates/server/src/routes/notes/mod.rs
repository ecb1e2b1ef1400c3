//! Notes: free text on records.

mod create;
mod delete;
mod list;
mod note;
mod show;
mod update;

use rapport_domain::NoteId;
use rapport_store::notes;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::{ApiError, ApiResult};
use crate::routes::notes::note::Note;
use crate::state::{AppState, Desk};

pub(crate) use update::check_author;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_notes, create::create_note))
        .routes(routes!(
            show::show_note,
            update::update_note,
            delete::delete_note
        ))
}

/// The note as it is now.
pub(crate) async fn find(app: &Desk, id: NoteId) -> ApiResult<Note> {
    let row = notes::find_row(app.store(), id).await?;
    row.map(Note::from)
        .ok_or_else(|| ApiError::not_found("note"))
}
