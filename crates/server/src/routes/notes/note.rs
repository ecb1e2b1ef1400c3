//! A note as the API shows and takes it.

use rapport_store::notes::NoteRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::Meta;
use crate::routes::subject::SubjectRef;
use crate::wire::{Reference, Time};

/// A free text on a record.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Note {
    /// Identifier.
    pub(crate) id: Uuid,
    /// The text.
    pub(crate) body: String,
    /// Record that it is about.
    pub(crate) subject: SubjectRef,
    /// Who wrote it.
    pub(crate) author: Option<Reference>,
    /// When it was written.
    pub(crate) created_at: Time,
    /// Latest change.
    pub(crate) updated_at: Time,
}

/// A page of notes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoteList {
    /// The notes.
    pub(crate) notes: Vec<Note>,
    /// Where the list goes on.
    pub(crate) meta: Meta,
}

/// A new note.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoteInput {
    /// The text.
    pub(super) body: String,
    /// Record that it is about.
    pub(super) subject: SubjectRef,
}

/// A new text for a note.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NotePatch {
    /// The text.
    pub(super) body: String,
}

impl From<NoteRow> for Note {
    fn from(NoteRow { note, author }: NoteRow) -> Self {
        Self {
            id: note.id.0,
            body: note.body,
            subject: note.subject.into(),
            author: author.map(Reference::from),
            created_at: Time(note.created_at),
            updated_at: Time(note.updated_at),
        }
    }
}
