//! The rows of conversations: chats, comments and messages of social networks, in JSON (a document, or an
//! object a line) or in the text that WhatsApp exports. Whatever wrote them, each message is one
//! [`Said`], and a row for the person outside of the house who said it or to whom it was said.
//!
//! Rows are numbered from 1 and not by lines: a conversation may be one line, and one message several rows.

mod people;
mod said;
mod shape;
mod walk;
mod whatsapp;

use std::collections::VecDeque;
use std::io::Read;

pub(crate) use said::COLUMNS;
pub(crate) use shape::{is_row, is_talk};
pub(crate) use whatsapp::is_whatsapp;

use self::said::{Said, Tellings};
use self::walk::Walk;
use self::whatsapp::WhatsApp;
use super::owner::Owner;
use super::{RawRow, bad_row, entry};
use crate::source::{Source, TextSource};
use crate::{FileFormat, FileKind, IngestError, TalkForm};

/// Rows of conversations, one by one.
#[derive(Debug)]
pub(crate) struct TalkRows<R: Read> {
    found: Found<R>,
    tellings: Tellings,
    columns: Vec<String>,
    waiting: VecDeque<RawRow>,
    /// Number of the next row.
    next: u64,
}

/// Where messages come from.
#[derive(Debug)]
enum Found<R: Read> {
    Json(Walk<R>),
    WhatsApp(WhatsApp<R>),
}

/// What stands in a file of conversations.
#[derive(Debug)]
enum Piece {
    Said(Box<Said>),
    /// That somebody came or went, and other notes of the program: nothing was said.
    Note,
    /// What is no message, with the reason.
    Bad {
        text: Vec<u8>,
        why: String,
    },
}

impl<R: Source> TalkRows<R> {
    /// Opens a file; `own` are the addresses, names, handles and numbers that are ours.
    pub(crate) fn open(
        mut source: R,
        format: &FileFormat,
        own: &[String],
    ) -> Result<Self, IngestError> {
        let FileKind::Talk { form } = format.kind else {
            unreachable!("only conversations are opened as such");
        };
        let found = match form {
            TalkForm::Json => Found::Json(Walk::document(TextSource::open(source, format)?)?),
            TalkForm::JsonLines => Found::Json(Walk::lines(TextSource::open(source, format)?)),
            TalkForm::WhatsApp => {
                let people = whatsapp::people(&mut source, format)?;
                source.rewind().map_err(IngestError::Read)?;
                let text = TextSource::open(source, format)?;
                Found::WhatsApp(WhatsApp::open(text, people))
            }
        };
        Ok(Self {
            found,
            tellings: Tellings::new(Owner::of(own)),
            columns: entry::names(&COLUMNS),
            waiting: VecDeque::new(),
            next: 1,
        })
    }
}

impl<R: Read> TalkRows<R> {
    pub(crate) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Number of the next row.
    pub(crate) fn line(&self) -> u64 {
        self.next
    }

    pub(crate) fn n_bytes(&self) -> u64 {
        match &self.found {
            Found::Json(walk) => walk.n_bytes(),
            Found::WhatsApp(lines) => lines.n_bytes(),
        }
    }

    /// Bytes of the source that the rows read so far take up; an estimate where it is compressed.
    pub(crate) fn n_bytes_taken(&self) -> f64 {
        match &self.found {
            Found::Json(walk) => walk.n_bytes_taken(),
            Found::WhatsApp(lines) => lines.n_bytes_taken(),
        }
    }

    /// The next row; `None` at the end of the file.
    pub(crate) fn next_row(&mut self) -> Result<Option<RawRow>, IngestError> {
        if self.waiting.is_empty() {
            let piece = match &mut self.found {
                Found::Json(walk) => walk.next()?,
                Found::WhatsApp(lines) => lines.next()?,
            };
            let line = self.next;
            match piece {
                None => return Ok(None),
                Some(Piece::Note) => return Ok(Some(RawRow::Blank)),
                Some(Piece::Bad { text, why }) => {
                    self.waiting
                        .push_back(RawRow::Rejected(bad_row(line, &text, why)));
                }
                Some(Piece::Said(said)) => self.waiting.extend(self.tellings.rows(line, &said)),
            }
            self.next += self.waiting.len() as u64;
        }
        Ok(self.waiting.pop_front())
    }
}

#[cfg(test)]
mod tests;
