//! The rows of a file of vCards (2.1, 3.0 and 4.0), one card a row.
//!
//! Cards are taken apart here and not by a library: what phones write breaks the standards in ways
//! that every reader has to know (quoted-printable with soft breaks, pictures without folding, a card
//! that never ends), and a broken card must be kept with its line while those around it are read.

mod card;
mod gathered;
mod property;

use std::io::Read;

use rapport_domain::{RejectReason, RejectedRow};

pub(crate) use card::COLUMNS;

use self::gathered::Gathered;
use super::window::Window;
use super::{BadCell, RawRow, bad_row};
use crate::IngestError;
use crate::source::TextSource;

/// Properties of one card. A person's has some dozens.
const PROPERTIES_MAX: usize = 5_000;

/// Rows of a file of vCards, one by one.
#[derive(Debug)]
pub(crate) struct VcardRows<R: Read> {
    window: Window<R>,
    columns: Vec<String>,
    line: u64,
}

/// A physical line that begins here.
enum Physical {
    End,
    /// Bytes of it, line break included.
    Line(usize),
    /// It is longer than any row may be.
    TooLong,
}

impl<R: Read> VcardRows<R> {
    /// Opens a file.
    pub(crate) fn open(text: TextSource<R>) -> Self {
        Self {
            window: Window::new(text),
            columns: COLUMNS.iter().map(|&name| name.to_owned()).collect(),
            line: 1,
        }
    }

    pub(crate) fn columns(&self) -> &[String] {
        &self.columns
    }

    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    pub(crate) fn n_bytes(&self) -> u64 {
        self.window.n_bytes()
    }

    /// Bytes of the source that the rows read so far take up; an estimate where it is compressed.
    pub(crate) fn n_bytes_taken(&self) -> f64 {
        self.window.n_bytes_taken()
    }

    /// The next card, or what stands outside of any; `None` at the end of the file.
    pub(crate) fn next_row(&mut self) -> Result<Option<RawRow>, IngestError> {
        let mut stray = Gathered::default();
        let mut begins = self.line;
        loop {
            let physical = self.physical()?;
            let is_over = match &physical {
                Physical::End => true,
                Physical::Line(n) => is_mark(&self.window.text()[..*n], "BEGIN:VCARD"),
                Physical::TooLong => false,
            };
            if !is_over {
                if stray.is_empty() {
                    begins = self.line;
                }
                self.take(&physical, &mut stray)?;
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
        let begins = self.line;
        let mut card = Gathered::default();
        let physical = self.physical()?;
        self.pass(&physical)?;
        // Cards within an AGENT of version 2.1 that are open here.
        let mut depth = 0_u32;
        loop {
            let physical = self.physical()?;
            let (is_begin, is_end) = match &physical {
                Physical::Line(n) => {
                    let text = &self.window.text()[..*n];
                    (is_mark(text, "BEGIN:VCARD"), is_mark(text, "END:VCARD"))
                }
                Physical::End => {
                    return Ok(rejected(begins, &card, unended()));
                }
                Physical::TooLong => (false, false),
            };
            if is_begin && depth == 0 && !card.ends_with_agent() {
                // The next card begins: what is here is told, and that one read for itself.
                return Ok(rejected(begins, &card, unended()));
            }
            if is_end && depth == 0 {
                self.pass(&physical)?;
                return Ok(self.row(begins, &card));
            }
            if is_begin || is_end {
                depth = if is_begin { depth + 1 } else { depth - 1 };
                self.pass(&physical)?;
            } else if depth > 0 {
                self.pass(&physical)?;
            } else {
                self.take(&physical, &mut card)?;
            }
        }
    }

    fn row(&self, line: u64, card: &Gathered) -> RawRow {
        if let Some(fault) = card.fault() {
            return rejected(line, card, fault);
        }
        if card.lines().count() > PROPERTIES_MAX {
            let message = format!(
                "the card has more than {PROPERTIES_MAX} properties; leave out what tells nothing \
                 of the person"
            );
            return rejected(line, card, message);
        }
        let mut properties = Vec::new();
        for (n, text) in card.lines() {
            let Ok(text) = std::str::from_utf8(text) else {
                let bad = BadCell {
                    idx: 0,
                    has_nul: false,
                };
                return RawRow::Rejected(bad.reject(line, &[], vec![card.to_lossy()]));
            };
            match property::parse(text) {
                Some(property) => properties.push(property),
                None => {
                    let message = format!(
                        "line {n} of the card is no property, which is written NAME:value; mend or \
                         remove it"
                    );
                    return rejected(line, card, message);
                }
            }
        }
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

    fn physical(&mut self) -> Result<Physical, IngestError> {
        Ok(match self.window.line_len()? {
            None => Physical::TooLong,
            Some(0) => Physical::End,
            Some(n) => Physical::Line(n),
        })
    }

    /// Adds the line that begins here and passes over it.
    fn take(&mut self, physical: &Physical, to: &mut Gathered) -> Result<(), IngestError> {
        match physical {
            Physical::Line(n) => to.add(self.line, &self.window.text()[..*n]),
            Physical::TooLong => to.add_too_long(self.line, self.window.text()),
            Physical::End => {}
        }
        self.pass(physical)
    }

    fn pass(&mut self, physical: &Physical) -> Result<(), IngestError> {
        match physical {
            Physical::Line(n) => self.window.take(*n),
            Physical::TooLong => self.window.skip_line()?,
            Physical::End => return Ok(()),
        }
        self.line += 1;
        Ok(())
    }
}

fn unended() -> String {
    "the card has no END:VCARD; it was cut off, export it again".to_owned()
}

fn rejected(line: u64, text: &Gathered, message: String) -> RawRow {
    RawRow::Rejected(bad_row(line, text.to_lossy().as_bytes(), message))
}

/// Whether a line is one of the two that a card stands between.
fn is_mark(line: &[u8], mark: &str) -> bool {
    let line = line.trim_ascii();
    line.eq_ignore_ascii_case(mark.as_bytes())
}

#[cfg(test)]
mod tests;
