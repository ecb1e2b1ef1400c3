//! What a bulk edit, or its undo, left as it is, as the API shows it.

use std::borrow::Cow;

use rapport_store::bulk_edits as stored;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::Meta;
use crate::routes::imports::text_of;
use crate::wire::{ConflictReason, RefusalReason};

/// A record that a bulk edit left as it is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RefusedRow {
    /// The record.
    record_id: Uuid,
    /// What people call it; empty where it is not there or not seen.
    name: String,
    /// Why.
    reason: RefusalReason,
    /// What to do.
    message: String,
}

/// A page of refused rows.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RefusedRowList {
    /// The rows.
    pub(super) refused_rows: Vec<RefusedRow>,
    /// Where the list goes on.
    pub(super) meta: Meta,
}

/// Something that the undo of a bulk edit left as it is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BulkEditConflict {
    /// Its number.
    seq: i64,
    /// The record.
    record_id: Uuid,
    /// What people call it; empty where it is gone or not seen.
    name: String,
    /// Why it was left.
    reason: ConflictReason,
    /// The column; none where the record itself should have come back.
    field: Option<String>,
    /// What stood there before the edit.
    before: Option<String>,
    /// What the edit wrote.
    after: Option<String>,
    /// What stands there now.
    found: Option<String>,
}

/// A page of conflicts.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BulkEditConflictList {
    /// The conflicts.
    pub(super) conflicts: Vec<BulkEditConflict>,
    /// Where the list goes on.
    pub(super) meta: Meta,
}

impl RefusedRow {
    /// The row's cells in a file, under [`Self::HEADERS`].
    pub(super) fn cells(row: &stored::RefusedRow) -> [Cow<'_, str>; 4] {
        let reason = serde_json::to_value(row.reason).unwrap_or_default();
        let reason = reason.as_str().unwrap_or_default().to_owned();
        [
            row.record_id.to_string().into(),
            (&*row.name).into(),
            reason.into(),
            (&*row.message).into(),
        ]
    }

    /// The columns of the file.
    pub(super) const HEADERS: [&'static str; 4] = ["record_id", "name", "reason", "message"];
}

impl From<stored::RefusedRow> for RefusedRow {
    fn from(row: stored::RefusedRow) -> Self {
        Self {
            record_id: row.record_id,
            name: row.name,
            reason: row.reason.into(),
            message: row.message,
        }
    }
}

impl From<stored::BulkConflict> for BulkEditConflict {
    fn from(conflict: stored::BulkConflict) -> Self {
        Self {
            seq: conflict.seq,
            record_id: conflict.record_id,
            name: conflict.name,
            reason: conflict.reason.into(),
            field: conflict.field,
            before: text_of(conflict.before),
            after: text_of(conflict.after),
            found: text_of(conflict.found),
        }
    }
}
