//! Tasks.

use super::super::TaskRow;
use super::{Fault, Standardizer, about};
use crate::Field;
use crate::value::choice::{PRIORITY, TASK_STATUS};

/// Reads a task.
pub(in crate::row) fn task(
    values: &mut Standardizer,
    line: u64,
    cells: &[String],
) -> Result<TaskRow, Fault> {
    let title = values
        .text(cells, Field::Subject)?
        .ok_or_else(|| values.missing(Field::Subject))?;
    let due = values.instant(cells, Field::DueOn)?;
    Ok(TaskRow {
        line,
        cells: Vec::new(),
        external_id: values.record_key(cells, Field::ExternalId)?,
        title,
        status: values.choice(cells, Field::Status, TASK_STATUS)?,
        priority: values.choice(cells, Field::Priority, PRIORITY)?,
        due_on: due.map(|at| at.date()),
        done_at: values.instant(cells, Field::DoneAt)?,
        created_at: values.instant(cells, Field::CreatedAt)?,
        owner: values.text(cells, Field::Owner)?,
        note: values.text(cells, Field::Note)?,
        about: about(values, cells)?,
    })
}
