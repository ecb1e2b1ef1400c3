//! The rows of a calendar (iCalendar, RFC 5545; vCalendar 1.0 as far as it is alike): one row for each
//! meeting and each person outside of the house who is invited to it or invites.
//!
//! A meeting that repeats is read at its first date, its rule kept as text; a date of it that was moved
//! or cancelled is an entry of its own. To-dos, journals and meetings with nobody are told and left out.

mod meeting;
mod zone;

use std::collections::VecDeque;
use std::io::Read;

pub(crate) use meeting::COLUMNS;

use self::meeting::{Meetings, people_of};
use super::content_lines::{self, ContentLines, Gathered, Physical, rejected};
use super::owner::{self, Owner};
use super::{RawRow, entry};
use crate::source::{Source, TextSource};
use crate::{FileFormat, IngestError};

/// Rows of a calendar, one by one.
#[derive(Debug)]
pub(crate) struct CalendarRows<R: Read> {
    components: Components<R>,
    meetings: Meetings,
    columns: Vec<String>,
    /// Rows of the latest meeting that are not handed out yet.
    waiting: VecDeque<RawRow>,
}

impl<R: Source> CalendarRows<R> {
    /// Opens a calendar of these addresses and domains; of the one that the file tells where none is
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
            components: Components::open(TextSource::open(source, format)?),
            meetings: Meetings::new(owner),
            columns: entry::names(&COLUMNS),
            waiting: VecDeque::new(),
        })
    }
}

impl<R: Read> CalendarRows<R> {
    pub(crate) fn columns(&self) -> &[String] {
        &self.columns
    }

    pub(crate) fn line(&self) -> u64 {
        self.components.lines.line()
    }

    pub(crate) fn n_bytes(&self) -> u64 {
        self.components.lines.n_bytes()
    }

    /// Bytes of the source that the rows read so far take up; an estimate where it is compressed.
    pub(crate) fn n_bytes_taken(&self) -> f64 {
        self.components.lines.n_bytes_taken()
    }

    /// The next row; `None` at the end of the file.
    pub(crate) fn next_row(&mut self) -> Result<Option<RawRow>, IngestError> {
        while self.waiting.is_empty() {
            match self.components.next()? {
                None => return Ok(None),
                Some(Component::Broken(row)) => self.waiting.push_back(row),
                Some(Component::Settings(text)) => self.meetings.set(&text),
                Some(Component::Zone(text)) => self.meetings.zones.define(&text),
                Some(Component::Event { line, text }) => {
                    let n_lines = self.line() - line;
                    self.waiting
                        .extend(self.meetings.rows(line, n_lines, &text));
                }
                Some(Component::Other { line, name, text }) => {
                    let why = format!("the entry is a {name} and no meeting; it stays out");
                    self.waiting.push_back(rejected(line, &text, why));
                }
            }
        }
        Ok(self.waiting.pop_front())
    }
}

/// The address that a calendar seems to be of; none where no address is in most of its meetings.
pub(super) fn owner_of<R: Source>(
    source: &mut R,
    format: &FileFormat,
) -> Result<Option<String>, IngestError> {
    let mut components = Components::open(TextSource::open(source, format)?);
    owner::told(|| {
        while let Some(component) = components.next()? {
            let Component::Event { line, text } = component else {
                continue;
            };
            let Ok(properties) = content_lines::properties("meeting", line, &text) else {
                continue;
            };
            let people = people_of(&properties);
            if !people.is_empty() {
                return Ok(Some(owner::Named {
                    people: people.into_iter().map(|person| person.email).collect(),
                    owner: None,
                }));
            }
        }
        Ok(None)
    })
}

/// A piece of a calendar.
enum Component {
    /// Properties of the calendar itself.
    Settings(Gathered),
    /// A time zone, with the lines of its parts.
    Zone(Gathered),
    /// A meeting, without the lines of its reminders.
    Event { line: u64, text: Gathered },
    /// A to-do, a journal, times that are taken.
    Other {
        line: u64,
        name: String,
        text: Gathered,
    },
    /// What belongs to nothing, or never ends.
    Broken(RawRow),
}

/// The pieces of a calendar, in their order.
#[derive(Debug)]
struct Components<R: Read> {
    lines: ContentLines<R>,
}

/// What never stands within another piece, so that the one before has no end.
const PIECES: [&str; 6] = [
    "VCALENDAR",
    "VEVENT",
    "VTODO",
    "VJOURNAL",
    "VFREEBUSY",
    "VTIMEZONE",
];

/// Parts of a piece that stand within each other; nothing that people write has more.
const DEPTH_MAX: usize = 16;

impl<R: Read> Components<R> {
    fn open(text: TextSource<R>) -> Self {
        Self {
            lines: ContentLines::open(text),
        }
    }

    /// The next piece; `None` at the end of the file.
    fn next(&mut self) -> Result<Option<Component>, IngestError> {
        let mut settings = Gathered::default();
        loop {
            let physical = self.lines.physical()?;
            let mark = mark_of(self.lines.text(&physical));
            let is_over = matches!(physical, Physical::End) || mark.is_some();
            if is_over && !settings.is_empty() {
                return Ok(Some(Component::Settings(settings)));
            }
            match mark {
                _ if matches!(physical, Physical::End) => return Ok(None),
                Some((Mark::Begin, name)) if name != "VCALENDAR" => {
                    return self.component(name).map(Some);
                }
                Some(_) => self.lines.pass(&physical)?,
                None => self.lines.take(&physical, &mut settings)?,
            }
        }
    }

    /// The piece that begins here.
    fn component(&mut self, name: String) -> Result<Component, IngestError> {
        let line = self.lines.line();
        let is_zone = name == "VTIMEZONE";
        let mut text = Gathered::default();
        let mut open: Vec<String> = Vec::new();
        let physical = self.lines.physical()?;
        self.lines.pass(&physical)?;
        loop {
            let physical = self.lines.physical()?;
            let mark = mark_of(self.lines.text(&physical));
            match mark {
                _ if matches!(physical, Physical::End) => {
                    return Ok(Component::Broken(unended(line, &name, &text)));
                }
                Some((Mark::End, ended)) if open.is_empty() && ended == name => {
                    self.lines.pass(&physical)?;
                    return Ok(match name.as_str() {
                        "VTIMEZONE" => Component::Zone(text),
                        "VEVENT" => Component::Event { line, text },
                        _ => Component::Other { line, name, text },
                    });
                }
                // The next piece begins, or the calendar ends: what is here is told, and that one read
                // for itself.
                Some((Mark::Begin, begun))
                    if PIECES.contains(&begun.as_str()) || open.len() == DEPTH_MAX =>
                {
                    return Ok(Component::Broken(unended(line, &name, &text)));
                }
                Some((Mark::End, ended)) if ended == "VCALENDAR" => {
                    return Ok(Component::Broken(unended(line, &name, &text)));
                }
                Some((mark, part)) => {
                    match mark {
                        Mark::Begin => open.push(part),
                        Mark::End if open.last() == Some(&part) => {
                            open.pop();
                        }
                        Mark::End => {}
                    }
                    // A zone is its parts; a reminder tells nothing of its meeting.
                    if is_zone {
                        self.lines.take(&physical, &mut text)?;
                    } else {
                        self.lines.pass(&physical)?;
                    }
                }
                None if open.is_empty() || is_zone => self.lines.take(&physical, &mut text)?,
                None => self.lines.pass(&physical)?,
            }
        }
    }
}

fn unended(line: u64, name: &str, text: &Gathered) -> RawRow {
    let message = format!("the entry has no END:{name}; it was cut off, export it again");
    rejected(line, text, message)
}

/// What stands between two pieces.
enum Mark {
    Begin,
    End,
}

/// The mark that a line is, and the name of what it begins or ends, in capitals.
fn mark_of(line: &[u8]) -> Option<(Mark, String)> {
    let line = std::str::from_utf8(line).ok()?.trim();
    let (mark, name) = line.split_once(':')?;
    let name = name.trim().to_ascii_uppercase();
    if mark.eq_ignore_ascii_case("BEGIN") {
        Some((Mark::Begin, name))
    } else if mark.eq_ignore_ascii_case("END") {
        Some((Mark::End, name))
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
