//! The rows of mail: a mailbox (mbox, RFC 4155 and its kin) or one message by itself (`.eml`, RFC 5322).
//! One row for each message and each person outside of the house that it came from or went to.
//!
//! Which messages were received and which were sent follows from whose mailbox it is. Where nobody
//! tells, the file does: its owner is in nearly every message.

mod message;
mod single;
mod thinned;

use std::collections::VecDeque;
use std::io::Read;

pub(crate) use message::COLUMNS;
pub(crate) use single::is_message;
pub(crate) use thinned::is_separator;

use self::message::{Messages, people_of};
use self::thinned::Thinned;
use super::owner::{self, Owner};
use super::window::Window;
use super::{RawRow, bad_row};
use crate::source::{Source, TextSource};
use crate::{FileFormat, FileKind, IngestError};

/// Rows of a mailbox, one by one.
#[derive(Debug)]
pub(crate) struct MailRows<R: Read> {
    mails: Mails<R>,
    messages: Messages,
    columns: Vec<String>,
    /// Rows of the latest message that are not handed out yet.
    waiting: VecDeque<RawRow>,
}

impl<R: Source> MailRows<R> {
    /// Opens a mailbox of these addresses and domains; of the one that the file tells where none is
    /// named.
    pub(crate) fn open(
        mut source: R,
        format: &FileFormat,
        own: &[String],
    ) -> Result<Self, IngestError> {
        let owner = if own.is_empty() {
            let told = owner_of(&mut source, format)?;
            source.rewind().map_err(IngestError::Read)?;
            Owner::of(told.as_slice())
        } else {
            Owner::of(own)
        };
        Ok(Self {
            mails: Mails::open(source, format)?,
            messages: Messages::new(owner),
            columns: COLUMNS.iter().map(|&name| name.to_owned()).collect(),
            waiting: VecDeque::new(),
        })
    }
}

impl<R: Read> MailRows<R> {
    pub(crate) fn columns(&self) -> &[String] {
        &self.columns
    }

    pub(crate) fn line(&self) -> u64 {
        self.mails.line
    }

    pub(crate) fn n_bytes(&self) -> u64 {
        self.mails.window.n_bytes()
    }

    /// Bytes of the source that the rows read so far take up; an estimate where it is compressed.
    pub(crate) fn n_bytes_taken(&self) -> f64 {
        self.mails.window.n_bytes_taken()
    }

    /// The next row; `None` at the end of the file.
    pub(crate) fn next_row(&mut self) -> Result<Option<RawRow>, IngestError> {
        while self.waiting.is_empty() {
            match self.mails.next()? {
                None => return Ok(None),
                Some(Mail::Message { line, text }) => {
                    let n_lines = self.mails.line - line;
                    self.waiting
                        .extend(self.messages.rows(line, n_lines, &text));
                }
                Some(Mail::Stray { line, text }) => {
                    let message = "the text stands before the first message, which begins with a \
                                   line \"From \"; remove it";
                    let row = bad_row(line, text.bytes(), message.to_owned());
                    self.waiting.push_back(RawRow::Rejected(row));
                }
            }
        }
        Ok(self.waiting.pop_front())
    }
}

/// The address that mail seems to be of; none where no address is in most of its messages.
pub(super) fn owner_of<R: Source>(
    source: &mut R,
    format: &FileFormat,
) -> Result<Option<String>, IngestError> {
    let mut mails = Mails::open(source, format)?;
    owner::told(|| {
        while let Some(mail) = mails.next()? {
            if let Mail::Message { text, .. } = mail {
                return Ok(Some(people_of(text.bytes())));
            }
        }
        Ok(None)
    })
}

/// The messages of a mailbox as they stand there, thinned.
#[derive(Debug)]
struct Mails<R: Read> {
    window: Window<R>,
    line: u64,
    /// Whether the line before is blank, or there is none: only then a message may begin.
    is_after_blank: bool,
    /// Whether all of the file is one message, which no line parts.
    is_single: bool,
}

/// What stands between two lines that begin a message.
enum Mail {
    Message { line: u64, text: Thinned },
    Stray { line: u64, text: Thinned },
}

impl<R: Read> Mails<R> {
    fn open(source: R, format: &FileFormat) -> Result<Self, IngestError> {
        Ok(Self {
            window: Window::new(TextSource::open(source, format)?),
            line: 1,
            is_after_blank: true,
            is_single: format.kind == FileKind::Eml,
        })
    }

    /// The next message; `None` at the end of the file.
    fn next(&mut self) -> Result<Option<Mail>, IngestError> {
        let mut line = self.line;
        let mut text = Thinned::default();
        let mut is_message = self.is_single;
        loop {
            let n_bytes = self.window.line_len()?;
            let is_begin = n_bytes.is_some_and(|n| self.begins(n));
            let is_over = n_bytes == Some(0) || (is_begin && !text.is_empty());
            if is_over {
                return Ok((!text.is_empty()).then_some(match is_message {
                    true => Mail::Message { line, text },
                    false => Mail::Stray { line, text },
                }));
            }
            if text.is_empty() {
                (line, is_message) = (self.line, is_begin || self.is_single);
            }
            self.take(n_bytes, is_begin, &mut text)?;
        }
    }

    fn begins(&self, n_bytes: usize) -> bool {
        self.is_after_blank && !self.is_single && is_separator(&self.window.text()[..n_bytes])
    }

    /// Adds a line and passes over it. Blank lines before any text are none of it.
    fn take(
        &mut self,
        n_bytes: Option<usize>,
        is_begin: bool,
        text: &mut Thinned,
    ) -> Result<(), IngestError> {
        let line = &self.window.text()[..n_bytes.unwrap_or(self.window.text().len())];
        let is_blank = line.trim_ascii().is_empty();
        if is_begin && text.is_empty() {
            text.begin(line);
        } else if !(is_blank && text.is_empty()) {
            text.add(line);
        }
        self.is_after_blank = is_blank;
        match n_bytes {
            Some(n) => self.window.take(n),
            None => self.window.skip_line()?,
        }
        self.line += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
