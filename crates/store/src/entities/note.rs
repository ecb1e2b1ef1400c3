//! Table `notes`.

use rapport_domain::{Note, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{StoreError, codec};

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "notes")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) body: String,
    pub(crate) subject_kind: String,
    pub(crate) subject_id: Uuid,
    pub(crate) author_id: Option<Uuid>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for Note {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            body: row.body,
            subject: codec::subject("notes.subject_kind", &row.subject_kind, row.subject_id)?,
            author_id: row.author_id.map(Into::into),
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

impl From<Note> for Model {
    fn from(note: Note) -> Self {
        let (subject_kind, subject_id) = codec::subject_columns(note.subject);
        Self {
            id: note.id.into(),
            body: note.body,
            subject_kind: subject_kind.to_owned(),
            subject_id,
            author_id: note.author_id.map(Into::into),
            created_at: note.created_at.as_micros(),
            updated_at: note.updated_at.as_micros(),
        }
    }
}
