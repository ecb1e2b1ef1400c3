//! Table `tasks`.

use rapport_domain::{Task, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{StoreError, codec};

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "tasks")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) title: String,
    pub(crate) status: String,
    pub(crate) priority: i32,
    pub(crate) due_on: Option<i32>,
    pub(crate) subject_kind: Option<String>,
    pub(crate) subject_id: Option<Uuid>,
    pub(crate) owner_id: Option<Uuid>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) done_at: Option<i64>,
    pub(crate) version: i64,
    pub(crate) custom: String,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for Task {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let subject = row.subject_kind.as_deref().zip(row.subject_id);
        Ok(Self {
            id: row.id.into(),
            title: row.title,
            status: codec::member("tasks.status", &row.status)?,
            priority: codec::priority("tasks.priority", row.priority)?,
            due_on: codec::date("tasks.due_on", row.due_on)?,
            subject: subject
                .map(|(kind, id)| codec::subject("tasks.subject_kind", kind, id))
                .transpose()?,
            owner_id: row.owner_id.map(Into::into),
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
            done_at: codec::instant(row.done_at),
            version: row.version,
            custom: codec::from_json("tasks.custom", &row.custom)?,
        })
    }
}

impl From<Task> for Model {
    fn from(task: Task) -> Self {
        let (subject_kind, subject_id) = task.subject.map(codec::subject_columns).unzip();
        Self {
            id: task.id.into(),
            title: task.title,
            status: codec::name_of(&task.status),
            priority: codec::priority_rank(task.priority),
            due_on: task.due_on.map(|on| on.days_since_epoch()),
            subject_kind: subject_kind.map(str::to_owned),
            subject_id,
            owner_id: task.owner_id.map(Into::into),
            created_at: task.created_at.as_micros(),
            updated_at: task.updated_at.as_micros(),
            done_at: codec::micros(task.done_at),
            version: task.version,
            custom: codec::to_json(&task.custom),
        }
    }
}
