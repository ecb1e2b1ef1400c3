//! What an undo is about and what it left, as the API shows it.

use rapport_store::imports as stored;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::Meta;
use crate::wire::{ConflictReason, RecordKind};

/// Something that an undo left as it is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportConflict {
    /// Its number.
    pub(crate) seq: i64,
    /// Kind of the record.
    pub(crate) kind: RecordKind,
    /// The record; of a line its order.
    pub(crate) record_id: Uuid,
    /// Number of the line in its order; 0 for all other kinds.
    pub(crate) line_no: i64,
    /// What people call the record; empty where it is gone.
    pub(crate) name: String,
    /// Why it was left.
    pub(crate) reason: ConflictReason,
    /// The column; none where the record itself should have been deleted.
    pub(crate) field: Option<String>,
    /// What stood there before the import.
    pub(crate) before: Option<String>,
    /// What the import wrote.
    pub(crate) after: Option<String>,
    /// What stands there now.
    pub(crate) found: Option<String>,
}

/// A page of conflicts, in the order in which the undo met them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportConflictList {
    /// The conflicts.
    pub(crate) conflicts: Vec<ImportConflict>,
    /// Where the list goes on.
    pub(crate) meta: Meta,
}

/// What an import has done to records of one kind.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportEffect {
    /// The kind.
    pub(crate) kind: RecordKind,
    /// Records that it made: an undo deletes them.
    pub(crate) n_made: u64,
    /// Records that it changed: an undo restores them.
    pub(crate) n_changed: u64,
}

/// What an import has done.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportEffects {
    /// By kind; kinds that it did not touch are left out.
    pub(crate) effects: Vec<ImportEffect>,
}

impl From<stored::ImportConflict> for ImportConflict {
    fn from(conflict: stored::ImportConflict) -> Self {
        Self {
            seq: conflict.seq,
            kind: conflict.kind.into(),
            record_id: conflict.record_id,
            line_no: conflict.line_no,
            name: conflict.name,
            reason: conflict.reason.into(),
            field: conflict.field,
            before: text_of(conflict.before),
            after: text_of(conflict.after),
            found: text_of(conflict.found),
        }
    }
}

/// A value as people read it.
pub(crate) fn text_of(value: Option<Value>) -> Option<String> {
    match value? {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}
