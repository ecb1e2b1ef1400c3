//! A task as the API shows and takes it.

use std::collections::BTreeMap;

use rapport_domain::{Timestamp, Violation};
use rapport_store::tasks::TaskRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::{Meta, Record};
use crate::routes::subject::SubjectRef;
use crate::wire::{
    CustomValue, CustomValues, Day, Patch, Priority, Reference, TaskStatus, Time, merge_custom,
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
    pub(super) custom: BTreeMap<String, Patch<CustomValue>>,
}

impl TaskPatch {
    /// Sets the fields that are present; tells the rules that they break.
    pub(super) fn apply(self, task: &mut rapport_domain::Task, now: Timestamp) -> Vec<Violation> {
        let mut violations = Vec::new();
        self.title
            .apply_required(&mut task.title, "/title", &mut violations);
        self.status
            .apply_required(&mut task.status, "/status", &mut violations);
        self.priority
            .apply_required(&mut task.priority, "/priority", &mut violations);
        self.due_on.map(|Day(on)| on).apply(&mut task.due_on);
        self.subject.apply(&mut task.subject);
        self.owner_id.apply(&mut task.owner_id);
        merge_custom(self.custom, &mut task.custom);
        let is_done = task.status == rapport_domain::TaskStatus::Done;
        task.done_at = is_done.then(|| task.done_at.unwrap_or(now));
        violations.extend(task.check().err().into_iter().flat_map(|e| e.violations));
        violations
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
