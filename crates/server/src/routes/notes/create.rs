//! `POST /notes`

use axum::Json;
use rapport_domain::Note as Draft;
use rapport_store::notes;

use super::note::{Note, NoteInput};
use crate::error::ApiResult;
use crate::extract::Body;
use crate::permissions::WriteRecords;
use crate::respond::Created;
use crate::routes::references::check_references;
use crate::session::Allowed;

/// Writes a note on a record.
#[utoipa::path(
    post, path = "/notes", tag = "notes", request_body = NoteInput,
    responses((status = 201, body = Note)),
)]
pub(super) async fn create_note(
    user: Allowed<WriteRecords>,
    Body(input): Body<NoteInput>,
) -> ApiResult<Created<Json<Note>>> {
    let app = &user.app;
    let now = app.now();
    let draft = Draft {
        id: app.new_id(),
        body: input.body,
        subject: input.subject.into(),
        author_id: Some(user.id),
        created_at: now,
        updated_at: now,
    };
    check_references(app, [("/subject/id", Some(draft.subject.into()))]).await?;
    let id = notes::create(app.store(), draft).await?.id;
    Ok(Created::new(
        "notes",
        id.0,
        Json(super::find(app, id).await?),
    ))
}
