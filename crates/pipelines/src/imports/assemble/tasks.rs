//! Tasks. A task that is known is brought up to date by its source until a person edits it.

use std::collections::{BTreeMap, HashMap, HashSet};

use rapport_domain::{CustomValues, ObjectKind, Subject, Task, TaskId, TaskStatus};
use rapport_ingest::{ParsedRow, TaskRow};
use rapport_store::imports::RecordKind;
use rapport_store::tasks;
use uuid::Uuid;

use super::{Assembled, Assembler, People};
use crate::error::PipelineError;

impl Assembler<'_> {
    /// The same key of the same source is the same task, however often it comes; without a key all that
    /// the row says is.
    pub(super) fn task_id(&self, row: &TaskRow) -> TaskId {
        let key = match &row.external_id {
            Some(id) => format!("task:{id}"),
            None => format!("task::{}", row.cells.join("\u{1f}")),
        };
        TaskId(Uuid::new_v5(&self.source_id.as_uuid(), key.as_bytes()))
    }

    pub(super) async fn add_tasks(
        &mut self,
        rows: &[ParsedRow],
        people: &People,
        assembled: &mut Assembled,
    ) -> Result<(), PipelineError> {
        let told = rows.iter().enumerate().filter_map(|(idx, row)| match row {
            ParsedRow::Task(row) => Some((self.task_id(row), idx, row)),
            _ => None,
        });
        let told: Vec<(TaskId, usize, &TaskRow)> = told.collect();
        if told.is_empty() {
            return Ok(());
        }
        let subjects = self.look_up_subjects(rows).await?;
        let ids: HashSet<TaskId> = told.iter().map(|(id, ..)| *id).collect();
        let ids: Vec<TaskId> = ids.into_iter().collect();
        let found = self.records.tasks(&ids).await?;
        let edited = tasks::edited_by_people(&self.workspace.store, &ids).await?;
        let mut known: HashMap<TaskId, Task> = found.into_iter().map(|it| (it.id, it)).collect();
        assembled.see(RecordKind::Tasks, known.keys().copied());
        let mut changed: HashSet<TaskId> = HashSet::new();
        let mut new: BTreeMap<TaskId, Task> = BTreeMap::new();
        for (id, idx, row) in told {
            let subject = self.subject_of(idx, &row.about, people, &subjects);
            let is_known = known.contains_key(&id);
            if let Some(task) = known.get_mut(&id).or_else(|| new.get_mut(&id)) {
                let before = task.clone();
                if edited.contains(&id) || !self.update_task(task, row, subject) {
                    assembled.n_unchanged += 1;
                } else if is_known {
                    changed.insert(id);
                }
                let named = (id, task.title.as_str());
                assembled.outcomes.change(row.line, named, &before, task);
            } else {
                let task = self.new_task(id, row, subject);
                assembled
                    .outcomes
                    .create(row.line, Some(id.into()), &task.title);
                new.insert(id, task);
            }
        }
        assembled.batch.tasks = new.into_values().collect();
        known.retain(|id, _| changed.contains(id));
        assembled.batch.changed_tasks = known.into_values().collect();
        Ok(())
    }

    fn new_task(&self, id: TaskId, row: &TaskRow, subject: Option<Subject>) -> Task {
        let now = self.workspace.clock.now();
        let mut custom = CustomValues::new();
        self.custom.replace(&mut custom, row.line);
        self.custom.add_defaults(ObjectKind::Task, &mut custom);
        let status = row.status.unwrap_or(match row.done_at {
            Some(_) => TaskStatus::Done,
            None => TaskStatus::Open,
        });
        let mut task = Task {
            id,
            title: row.title.clone(),
            status,
            priority: row.priority.unwrap_or_default(),
            due_on: row.due_on,
            subject,
            owner_id: self.owner(row.owner.as_deref()),
            custom,
            created_at: row.created_at.map_or(now, |at| at.min(now)),
            updated_at: now,
            done_at: row.done_at,
            version: 1,
        };
        self.settle_end(&mut task);
        task
    }

    /// Takes over what the row tells; tells whether anything has changed.
    fn update_task(&self, task: &mut Task, row: &TaskRow, subject: Option<Subject>) -> bool {
        let before = task.clone();
        task.title.clone_from(&row.title);
        task.status = row.status.unwrap_or(task.status);
        task.priority = row.priority.unwrap_or(task.priority);
        task.due_on = row.due_on.or(task.due_on);
        task.done_at = row.done_at.or(task.done_at);
        task.subject = task.subject.or(subject);
        task.owner_id = task.owner_id.or(self.owner(row.owner.as_deref()));
        self.custom.replace(&mut task.custom, row.line);
        self.settle_end(task);
        let is_changed = *task != before;
        if is_changed {
            task.updated_at = self.workspace.clock.now();
        }
        is_changed
    }

    /// A task that is done ended at some time, and one that is open has not.
    fn settle_end(&self, task: &mut Task) {
        task.done_at = match task.status {
            TaskStatus::Open => None,
            TaskStatus::Done => task.done_at.or(Some(self.workspace.clock.now())),
        };
    }
}
