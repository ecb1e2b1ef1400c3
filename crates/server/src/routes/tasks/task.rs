//! A task as the API shows and takes it.

use rapport_domain::{BulkAction, ObjectKind, TaskChange, Timestamp, Violation};
use rapport_store::tasks::TaskRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::{Meta, Record};
use crate::routes::record_patch::{CustomPatch, RecordPatch};
use crate::routes::references::Named;
use crate::routes::subject::SubjectRef;
use crate::wire::{
    CustomValue, CustomValues, Day, Patch, Priority, Reference, TaskStatus, Time, custom_changes,
    write_custom,
};

/// Something to do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Task {
    /// Identifier.
    pub(crate) id: Uuid,
    /// What to do.
    pub(crate) title: String,
    /// Whether it is done.
    pub(crate) status: TaskStatus,
    /// How urgent it is.
    pub(crate) priority: Priority,
    /// By when.
    pub(crate) due_on: Option<Day>,
    /// Record that it is about.
    pub(crate) subject: Option<SubjectRef>,
    /// The person it is about, if it is about one.
    pub(crate) contact: Option<Reference>,
    /// Who does it.
    pub(crate) owner: Option<Reference>,
    /// Custom field values by key.
    #[schema(value_type = BTreeMap<String, CustomValue>)]
    pub(crate) custom: CustomValues,
    /// When the record was made.
    pub(crate) created_at: Time,
    /// Latest change of the record.
    pub(crate) updated_at: Time,
    /// When it was done.
    pub(crate) done_at: Option<Time>,
    /// Version for `If-Match`.
    pub(crate) version: i64,
}

/// A page of tasks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TaskList {
    /// The tasks.
    pub(crate) tasks: Vec<Task>,
    /// Where the list goes on.
    pub(crate) meta: Meta,
}

/// Fields to set: a merge patch on a task, or on an empty one to create it, which needs `title`.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TaskPatch {
    /// What to do; never empty.
    #[serde(default)]
    #[schema(value_type = String, required = false)]
    title: Patch<String>,
    /// Whether it is done.
    #[serde(default)]
    #[schema(value_type = TaskStatus, required = false)]
    status: Patch<TaskStatus>,
    /// How urgent it is.
    #[serde(default)]
    #[schema(value_type = Priority, required = false)]
    priority: Patch<Priority>,
    /// By when.
    #[serde(default)]
    #[schema(value_type = Option<Day>)]
    due_on: Patch<Day>,
    /// Record that it is about.
    #[serde(default)]
    #[schema(value_type = Option<SubjectRef>)]
    subject: Patch<SubjectRef>,
    /// Who does it.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    owner_id: Patch<Uuid>,
    /// Custom values by field key; `null` removes one.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Value>)]
    pub(super) custom: CustomPatch,
}

impl RecordPatch for TaskPatch {
    const KIND: ObjectKind = ObjectKind::Task;
    type Record = rapport_domain::Task;

    fn custom(&mut self) -> &mut CustomPatch {
        &mut self.custom
    }

    fn changes(self, violations: &mut Vec<Violation>) -> Vec<TaskChange> {
        use TaskChange::{Custom, DueOn, OwnerId, Priority, Status, Subject, Title};
        let due_on = self.due_on.map(|Day(on)| on);
        let mut changes = Vec::new();
        changes.extend(self.title.required("/title", violations).map(Title));
        changes.extend(self.status.required("/status", violations).map(Status));
        changes.extend(
            self.priority
                .required("/priority", violations)
                .map(Priority),
        );
        changes.extend(due_on.value().map(DueOn));
        changes.extend(self.subject.value().map(Subject));
        changes.extend(self.owner_id.value().map(OwnerId));
        changes.extend(custom_changes(self.custom).map(|(key, value)| Custom { key, value }));
        changes
    }

    fn probe(now: Timestamp) -> rapport_domain::Task {
        let nobody = rapport_domain::TaskId(Uuid::nil());
        rapport_domain::Task {
            title: "-".to_owned(),
            ..super::create::empty(nobody, now)
        }
    }

    fn named(changes: &[TaskChange]) -> Vec<(&'static str, Option<Named>)> {
        let named = |change: &TaskChange| match change {
            TaskChange::Subject(subject) => Some(("/subject/id", subject.map(Named::from))),
            TaskChange::OwnerId(id) => Some(("/owner_id", id.map(Named::from))),
            _ => None,
        };
        changes.iter().filter_map(named).collect()
    }

    fn action(changes: Vec<TaskChange>) -> BulkAction {
        BulkAction::ChangeTasks(changes)
    }
}

impl From<TaskRow> for Task {
    fn from(
        TaskRow {
            task,
            contact,
            owner,
        }: TaskRow,
    ) -> Self {
        Self {
            id: task.id.0,
            title: task.title,
            status: task.status.into(),
            priority: task.priority.into(),
            due_on: task.due_on.map(Day),
            subject: task.subject.map(SubjectRef::from),
            contact: contact.map(Reference::from),
            owner: owner.map(Reference::from),
            custom: write_custom(task.custom),
            created_at: Time(task.created_at),
            updated_at: Time(task.updated_at),
            done_at: task.done_at.map(Time),
            version: task.version,
        }
    }
}

impl From<Task> for Record<Task> {
    fn from(task: Task) -> Self {
        Self {
            version: task.version,
            body: task,
        }
    }
}
