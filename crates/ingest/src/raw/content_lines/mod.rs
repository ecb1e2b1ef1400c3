//! Content lines, which address cards (RFC 6350, section 3.3) and calendars (RFC 5545, section 3.1) share:
//! folded lines of a name, parameters and a value, between marks that begin and end a record.
//!
//! They are taken apart here and not by a library: what phones and programs write breaks the standards in
//! ways that every reader has to know (quoted-printable with soft breaks, pictures without folding, a
//! record that never ends), and a broken record must be kept with its line while those around it are read.

mod gathered;
mod property;

use std::io::Read;

pub(super) use gathered::Gathered;
pub(super) use property::Property;

use super::window::Window;
use super::{BadCell, RawRow, bad_row};
use crate::IngestError;
use crate::source::TextSource;

/// Properties of one record. A person's has some dozens.
const PROPERTIES_MAX: usize = 5_000;

/// The physical lines of a file, one by one.
#[derive(Debug)]
pub(super) struct ContentLines<R: Read> {
    window: Window<R>,
    line: u64,
}

/// A physical line that begins here.
pub(super) enum Physical {
    End,
    /// Bytes of it, line break included.
    Line(usize),
    /// It is longer than any row may be.
    TooLong,
}

impl<R: Read> ContentLines<R> {
    /// Opens a file.
    pub(super) fn open(text: TextSource<R>) -> Self {
        Self {
            window: Window::new(text),
            line: 1,
        }
    }

    /// Line that is next, from 1.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    pub(super) fn n_bytes(&self) -> u64 {
        self.window.n_bytes()
    }

    /// Bytes of the source that the lines passed so far take up; an estimate where it is compressed.
    pub(super) fn n_bytes_taken(&self) -> f64 {
        self.window.n_bytes_taken()
    }

    /// The line that begins here.
    pub(super) fn physical(&mut self) -> Result<Physical, IngestError> {
        Ok(match self.window.line_len()? {
            None => Physical::TooLong,
            Some(0) => Physical::End,
            Some(n) => Physical::Line(n),
        })
    }

    /// What stands in it; nothing at the end of the file, the beginning of a line that is too long.
    pub(super) fn text(&self, physical: &Physical) -> &[u8] {
        match physical {
            Physical::Line(n) => &self.window.text()[..*n],
            Physical::TooLong => self.window.text(),
            Physical::End => &[],
        }
    }

    /// Whether it is one of the marks that a record stands between.
    pub(super) fn is_mark(&self, physical: &Physical, mark: &str) -> bool {
        let Physical::Line(_) = physical else {
            return false;
        };
        let line = self.text(physical).trim_ascii();
        line.eq_ignore_ascii_case(mark.as_bytes())
    }

    /// Adds the line that begins here and passes over it.
    pub(super) fn take(
        &mut self,
        physical: &Physical,
        to: &mut Gathered,
    ) -> Result<(), IngestError> {
        match physical {
            Physical::Line(n) => to.add(self.line, &self.window.text()[..*n]),
            Physical::TooLong => to.add_too_long(self.line, self.window.text()),
            Physical::End => {}
        }
        self.pass(physical)
    }

    /// Passes over the line that begins here.
    pub(super) fn pass(&mut self, physical: &Physical) -> Result<(), IngestError> {
        match physical {
            Physical::Line(n) => self.window.take(*n),
            Physical::TooLong => self.window.skip_line()?,
            Physical::End => return Ok(()),
        }
        self.line += 1;
        Ok(())
    }
}

/// Lines that are no record, kept as they stand.
pub(super) fn rejected(line: u64, text: &Gathered, message: String) -> RawRow {
    RawRow::Rejected(bad_row(line, text.to_lossy().as_bytes(), message))
}

/// The properties of a record; `what` it is, such as `card`, is for people.
///
/// # Errors
/// The row that is rejected, where a line is no text or no property, or there are too many.
pub(super) fn properties(what: &str, line: u64, text: &Gathered) -> Result<Vec<Property>, RawRow> {
    if let Some(fault) = text.fault() {
        return Err(rejected(line, text, format!("the {what} is {fault}")));
    }
    if text.lines().count() > PROPERTIES_MAX {
        let message = format!(
            "the {what} has more than {PROPERTIES_MAX} properties; leave out what tells nothing"
        );
        return Err(rejected(line, text, message));
    }
    let mut properties = Vec::new();
    for (n, physical) in text.lines() {
        let Ok(physical) = std::str::from_utf8(physical) else {
            let bad = BadCell {
                idx: 0,
                has_nul: false,
            };
            let row = bad.reject(line, &[], vec![text.to_lossy()]);
            return Err(RawRow::Rejected(row));
        };
        match property::parse(physical) {
            Some(property) => properties.push(property),
            None => {
                let message = format!(
                    "line {n} of the {what} is no property, which is written NAME:value; mend or \
                     remove it"
                );
                return Err(rejected(line, text, message));
            }
        }
    }
    Ok(properties)
}
