//! What journals of imports and of bulk edits have in common: rows as columns with values, how they
//! differ before and after a change, and what can be taken back of it.
//!
//! Columns that follow from others are left out: they are derived anew.

mod edited;
mod restore;
mod rows;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub(crate) use crate::codec::Columns;
pub(crate) use edited::{edited_since, writes_taken_back};
pub(crate) use restore::{Left, Overwritten, compare, is_gone, is_taken};
pub(crate) use rows::{Tracked, rows_by};

/// What a record is found by: its id; of a line of an order the order's id and its number, which is
/// 0 for all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RecordKey {
    pub(crate) id: Uuid,
    pub(crate) line_no: i64,
}

impl RecordKey {
    pub(crate) fn of(id: impl Into<Uuid>) -> Self {
        Self {
            id: id.into(),
            line_no: 0,
        }
    }
}

/// Columns of a record that were changed.
pub(crate) struct Change {
    pub(crate) key: RecordKey,
    pub(crate) before: Columns,
    pub(crate) after: Columns,
}

/// Why an undo left something as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictReason {
    /// The column holds something else by now than what was written, or the deleted record is there again.
    Changed,
    /// The record, or the one that the former value named, is gone.
    Deleted,
    /// A person has edited the record that the import made.
    Edited,
    /// Others hang on the record that the import made.
    InUse,
    /// Another import has changed the record since.
    ChangedByImport,
    /// Another import has told of the record since, as it is.
    ToldAgain,
    /// Events that were sent tell of the record: without their contact they would be nobody's, and an
    /// order or a company that was told of is there, whatever a file said first.
    HasEvents,
    /// What stood there before must be unique (a custom value, an identity), and another record has it by now.
    Taken,
    /// The record is no longer one that whoever takes the change back may change.
    NotAllowed,
}

/// The columns whose values differ, before and after.
pub(crate) fn difference(mut before: Columns, mut after: Columns) -> (Columns, Columns) {
    before.retain(|name, value| after.get(name) != Some(&*value));
    after.retain(|name, _| before.contains_key(name));
    (before, after)
}
