//! Notes.

use super::super::NoteRow;
use super::{Fault, Standardizer, about};
use crate::Field;

/// Reads a note.
pub(in crate::row) fn note(
    values: &mut Standardizer,
    line: u64,
    cells: &[String],
) -> Result<NoteRow, Fault> {
    let body = values
        .text(cells, Field::Body)?
        .ok_or_else(|| values.missing(Field::Body))?;
    Ok(NoteRow {
        line,
        cells: Vec::new(),
        external_id: values.record_key(cells, Field::ExternalId)?,
        body,
        owner: values.text(cells, Field::Owner)?,
        created_at: values.instant(cells, Field::CreatedAt)?,
        about: about(values, cells)?,
    })
}
