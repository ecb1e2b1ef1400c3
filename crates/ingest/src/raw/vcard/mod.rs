//! The rows of a file of vCards (2.1, 3.0 and 4.0), one card a row.
//!
//! A card that is broken or never ends is kept with its line while those around it are read.

mod card;

use std::io::Read;

use rapport_domain::{RejectReason, RejectedRow};

pub(crate) use card::COLUMNS;

use super::content_lines::{self, ContentLines, Gathered, Physical, rejected};
use super::{BadCell, RawRow, bad_row};
use crate::IngestError;
use crate::source::TextSource;

const BEGIN: &str = "BEGIN:VCARD";

/// Rows of a file of vCards, one by one.
#[derive(Debug)]
pub(crate) struct VcardRows<R: Read> {
    lines: ContentLines<R>,
    columns: Vec<String>,
}

impl<R: Read> VcardRows<R> {
    /// Opens a file.
    pub(crate) fn open(text: TextSource<R>) -> Self {
        Self {
            lines: ContentLines::open(text),
            columns: COLUMNS.iter().map(|&name| name.to_owned()).collect(),
        }
    }

    pub(crate) fn columns(&self) -> &[String] {
        &self.columns
    }

    pub(crate) fn line(&self) -> u64 {
        self.lines.line()
    }

    pub(crate) fn n_bytes(&self) -> u64 {
        self.lines.n_bytes()
    }

    /// Bytes of the source that the rows read so far take up; an estimate where it is compressed.
    pub(crate) fn n_bytes_taken(&self) -> f64 {
        self.lines.n_bytes_taken()
    }

    /// The next card, or what stands outside of any; `None` at the end of the file.
    pub(crate) fn next_row(&mut self) -> Result<Option<RawRow>, IngestError> {
        let mut stray = Gathered::default();
        let mut begins = self.lines.line();
        loop {
            let physical = self.lines.physical()?;
            let is_end = matches!(physical, Physical::End);
            if !is_end && !self.lines.is_mark(&physical, BEGIN) {
                if stray.is_empty() {
                    begins = self.lines.line();
                }
                self.lines.take(&physical, &mut stray)?;
            } else if !stray.is_empty() {
                let message = "the text stands outside of a card, between END:VCARD and BEGIN:VCARD; \
                               remove it or complete its card";
                return Ok(Some(rejected(begins, &stray, message.to_owned())));
            } else if let Physical::Line(_) = physical {
                return self.card().map(Some);
            } else {
                return Ok(None);
            }
        }
    }

    /// The card that begins here.
    fn card(&mut self) -> Result<RawRow, IngestError> {
        let begins = self.lines.line();
        let mut card = Gathered::default();
        let physical = self.lines.physical()?;
        self.lines.pass(&physical)?;
        // Cards within an AGENT of version 2.1 that are open here.
        let mut depth = 0_u32;
        loop {
            let physical = self.lines.physical()?;
            if let Physical::End = physical {
                return Ok(rejected(begins, &card, unended()));
            }
            let is_begin = self.lines.is_mark(&physical, BEGIN);
            let is_end = self.lines.is_mark(&physical, "END:VCARD");
            if is_begin && depth == 0 && !card.ends_with_agent() {
                // The next card begins: what is here is told, and that one read for itself.
                return Ok(rejected(begins, &card, unended()));
            }
            if is_end && depth == 0 {
                self.lines.pass(&physical)?;
                return Ok(self.row(begins, &card));
            }
            if is_begin || is_end {
                depth = if is_begin { depth + 1 } else { depth - 1 };
                self.lines.pass(&physical)?;
            } else if depth > 0 {
                self.lines.pass(&physical)?;
            } else {
                self.lines.take(&physical, &mut card)?;
            }
        }
    }

    fn row(&self, line: u64, card: &Gathered) -> RawRow {
        let properties = match content_lines::properties("card", line, card) {
            Ok(properties) => properties,
            Err(row) => return row,
        };
        match card::cells(&properties) {
            Ok(cells) => match cells.iter().position(|cell| cell.contains('\0')) {
                Some(idx) => {
                    let bad = BadCell { idx, has_nul: true };
                    RawRow::Rejected(bad.reject(line, &self.columns, cells))
                }
                None => RawRow::Cells { line, cells },
            },
            Err(message) => RawRow::Rejected(RejectedRow {
                reason: RejectReason::Invalid,
                ..bad_row(line, card.to_lossy().as_bytes(), message)
            }),
        }
    }
}

fn unended() -> String {
    "the card has no END:VCARD; it was cut off, export it again".to_owned()
}

#[cfg(test)]
mod tests;
