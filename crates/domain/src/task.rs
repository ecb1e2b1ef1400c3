//! Tasks: things to do.

use serde::{Deserialize, Serialize};

use crate::error::check_text;
use crate::{CustomValues, Date, Invalid, Subject, TaskId, Timestamp, UserId};

/// How urgent something is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Can wait.
    Low,
    /// As usual.
    #[default]
    Normal,
    /// Soon.
    High,
    /// Now.
    Urgent,
}

/// Whether a task is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskStatus {
    /// To do.
    Open,
    /// Done.
    Done,
}

/// Something to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// Identifier.
    pub id: TaskId,
    /// What to do.
    pub title: String,
    /// Whether it is done.
    pub status: TaskStatus,
    /// How urgent it is.
    pub priority: Priority,
    /// By when.
    pub due_on: Option<Date>,
    /// Whom it is about.
    pub subject: Option<Subject>,
    /// Who does it.
    pub owner_id: Option<UserId>,
    /// Values of custom fields by key.
    pub custom: CustomValues,
    /// When the record was made.
    pub created_at: Timestamp,
    /// Latest change of the record.
    pub updated_at: Timestamp,
    /// When it was done.
    pub done_at: Option<Timestamp>,
    /// Grows by one with every change.
    pub version: i64,
}

impl Task {
    /// Checks the fields that people type.
    ///
    /// # Errors
    /// [`Invalid`] with every broken rule.
    pub fn check(&self) -> Result<(), Invalid> {
        let mut violations = Vec::new();
        check_text(&mut violations, "/title", &self.title, 500);
        Invalid::check(violations)
    }
}
