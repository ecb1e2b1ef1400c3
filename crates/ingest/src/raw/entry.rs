//! What entries of all channels share (a message, a meeting, a post, a line of a talk): how long their
//! texts may be, and how a key is written.

use rapport_domain::{RejectReason, RejectedRow};
use sha2::{Digest as _, Sha256};

use super::RawRow;

/// Characters of an entry's text that are kept.
pub(super) const TEXT_CHARS_MAX: usize = 10_000;
/// Characters of a header, a title or a list of people that are kept.
pub(super) const HEADER_CHARS_MAX: usize = 2_000;
/// The longest key of an event.
const KEY_CHARS_MAX: usize = 190;
/// People of one entry who get an event each. What goes to more is a circular.
pub(super) const PEOPLE_MAX: u64 = 50;

/// The text, cut where it is longer than may be kept. NUL is no text; here and there one has it all the
/// same.
pub(super) fn bounded(text: &str, max_chars: usize) -> String {
    let text = match text.char_indices().nth(max_chars) {
        Some((end, _)) => &format!("{}…", &text[..end]),
        None => text,
    };
    text.replace('\0', "")
}

/// The key of an event, or a digest of a long one.
pub(super) fn key(id: &str) -> String {
    if id.chars().count() <= KEY_CHARS_MAX {
        return id.to_owned();
    }
    digest(&[id])
}

/// A key for what has none: a digest of what tells it from others.
pub(super) fn digest(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let bytes = hasher.finalize();
    let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.concat()
}

/// The names of a reader's columns.
pub(super) fn names(columns: &[&str]) -> Vec<String> {
    columns.iter().map(|&name| name.to_owned()).collect()
}

/// An entry that is well and stays out, with its cells as far as they are known.
pub(super) fn left_out(line: u64, cells: Vec<String>, why: String) -> RawRow {
    RawRow::Rejected(RejectedRow {
        line,
        column: None,
        value: None,
        reason: RejectReason::Invalid,
        message: why,
        cells,
    })
}
