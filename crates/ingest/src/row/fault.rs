//! Why a row is not taken, before it is known which row it is.

use rapport_domain::{RejectReason, RejectedRow};

/// The first thing that is wrong with a row.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(super) reason: RejectReason,
    /// Position of the offending column; none where a constant or nothing is to blame.
    pub(super) column: Option<usize>,
    pub(super) value: Option<String>,
    pub(super) message: String,
}

impl Fault {
    /// The row with the reason why it is not taken.
    pub(crate) fn reject(self, line: u64, columns: &[String], cells: Vec<String>) -> RejectedRow {
        RejectedRow {
            line,
            column: self.column.and_then(|idx| columns.get(idx).cloned()),
            value: self.value,
            reason: self.reason,
            message: self.message,
            cells,
        }
    }
}

/// A value between quotes, shortened where it is long, for a message.
pub(super) fn quoted(value: &str) -> String {
    const MAX_CHARS: usize = 60;
    match value.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("\"{}…\"", &value[..end]),
        None => format!("\"{value}\""),
    }
}
