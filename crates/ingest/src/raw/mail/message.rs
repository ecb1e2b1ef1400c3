//! From a message to its rows. Headers, encodings and parts are read by `mail-parser`.

use std::collections::HashSet;

use mail_parser::{Address, Message, MessageParser, MimeHeaders as _};
use rapport_domain::EventKind;

use super::super::entry::{HEADER_CHARS_MAX, PEOPLE_MAX, TEXT_CHARS_MAX, bounded, key, left_out};
use super::super::owner::{Named, Owner};
use super::super::{RawRow, bad_row};
use super::thinned::Thinned;

/// The columns of a mailbox. The preset `mbox` maps them; those that feed no field become properties of
/// the event.
pub(crate) const COLUMNS: [&str; 13] = [
    "message_id",
    "event",
    "date",
    "correspondent_email",
    "correspondent_name",
    "subject",
    "text",
    "attachments",
    "from",
    "to",
    "cc",
    "in_reply_to",
    "labels",
];

/// Attachments that are named.
const ATTACHMENTS_MAX: usize = 20;

/// Makes rows of messages.
#[derive(Debug)]
pub(super) struct Messages {
    owner: Owner,
}

impl Messages {
    pub(super) fn new(owner: Owner) -> Self {
        Self { owner }
    }

    /// The rows of a message: one for each correspondent, or one that is rejected. The message begins at
    /// `line` and has `n_lines`; each row is known by a line of its own.
    pub(super) fn rows(&self, line: u64, n_lines: u64, text: &Thinned) -> Vec<RawRow> {
        let parsed = MessageParser::default().parse(text.bytes());
        let Some(message) = parsed.filter(|message| message.from().is_some()) else {
            let message = "the message has no sender (header From); mend or remove it".to_owned();
            return vec![RawRow::Rejected(bad_row(line, text.bytes(), message))];
        };
        let (kind, people) = self.correspondents(&message);
        if people.is_empty() {
            let why = "the message tells of no customer: everybody in it is of your own house, or has \
                       no address; it stays out";
            return vec![rejected(line, &message, text, why.to_owned())];
        }
        let n_people = people.len() as u64;
        if n_people > PEOPLE_MAX.min(n_lines) {
            let why = format!(
                "the message went to {n_people} people; one that goes to more than \
                 {PEOPLE_MAX}, or to more than it has lines, is a circular and stays out"
            );
            return vec![rejected(line, &message, text, why)];
        }
        let rows = (line..).zip(&people).map(|(line, person)| RawRow::Cells {
            line,
            cells: cells(&message, text, &kind, person),
        });
        rows.collect()
    }

    /// Whether the message was received or sent, and whom it came from or went to.
    fn correspondents(&self, message: &Message<'_>) -> (EventKind, Vec<Person>) {
        let from: Vec<Person> = people(message.from());
        let is_ours = |person: &Person| self.owner.has(&person.0);
        let is_sent = !self.owner.is_unknown() && from.iter().any(is_ours);
        if !is_sent {
            return (EventKind::MessageReceived, from);
        }
        let mut known = HashSet::new();
        let to = people(message.to()).into_iter().chain(people(message.cc()));
        let to = to.filter(|person| !is_ours(person) && known.insert(person.0.clone()));
        (EventKind::MessageSent, to.collect())
    }
}

/// Address in small letters, and name.
type Person = (String, String);

fn people(address: Option<&Address<'_>>) -> Vec<Person> {
    address.map(addresses_of).into_iter().flatten().collect()
}

/// Everybody whom a message names, and whom it was delivered to, who is the owner beyond doubt.
pub(super) fn people_of(message: &[u8]) -> Named {
    let Some(message) = MessageParser::default().parse(message) else {
        return Named::default();
    };
    let named = [message.from(), message.to(), message.cc()];
    let named = named.into_iter().flat_map(people).map(|(it, _)| it);
    let delivered = ["Delivered-To", "X-Original-To"];
    let delivered = delivered
        .iter()
        .find_map(|&name| message.header(name)?.as_text());
    Named {
        people: named.collect(),
        owner: delivered.map(|address| address.trim().to_lowercase()),
    }
}

/// All of a header's addresses, those of its groups, too.
fn addresses_of(header: &Address<'_>) -> Vec<Person> {
    let named = header.iter().filter_map(|one| {
        let address = one.address()?.trim().to_lowercase();
        let name = one.name().unwrap_or_default().trim().to_owned();
        address.contains('@').then_some((address, name))
    });
    named.collect()
}

fn cells(message: &Message<'_>, text: &Thinned, kind: &EventKind, person: &Person) -> Vec<String> {
    let (address, name) = person;
    let id = message.message_id().unwrap_or_default();
    let key = match kind {
        _ if id.is_empty() => String::new(),
        EventKind::MessageSent => key(&format!("{id}#{address}")),
        _ => key(id),
    };
    let labels = message.header("X-Gmail-Labels");
    let labels = labels
        .and_then(|labels| labels.as_text())
        .unwrap_or_default();
    let in_reply_to = message.in_reply_to().as_text().unwrap_or_default();
    let cells = [
        key,
        kind.as_str().to_owned(),
        date(message, text),
        address.clone(),
        name.clone(),
        bounded(message.subject().unwrap_or_default(), HEADER_CHARS_MAX),
        body(message),
        attachments(message),
        listed(message.from()),
        listed(message.to()),
        listed(message.cc()),
        bounded(in_reply_to, HEADER_CHARS_MAX),
        bounded(labels, HEADER_CHARS_MAX),
    ];
    // NUL is no text; here and there a message has one all the same.
    cells.map(|cell| cell.replace('\0', "")).to_vec()
}

/// When it was sent, else when it came into the mailbox.
fn date(message: &Message<'_>, text: &Thinned) -> String {
    let sent = message.date().filter(|date| date.is_valid());
    if let Some(date) = sent {
        return date.to_rfc3339();
    }
    let separated = received_at(text.separator());
    let received = || {
        let date = message.received()?.date()?;
        date.is_valid().then(|| date.to_rfc3339())
    };
    separated.or_else(received).unwrap_or_default()
}

/// The time of a separator, in universal time where it names no other.
fn received_at(separator: &str) -> Option<String> {
    let words: Vec<&str> = separator.split_ascii_whitespace().skip(2).collect();
    let text = words.join(" ");
    let zoned = chrono::DateTime::parse_from_str(&text, "%a %b %d %H:%M:%S %z %Y");
    let zoned = zoned.map(|at| at.to_rfc3339());
    let plain = || {
        let at = chrono::NaiveDateTime::parse_from_str(&text, "%a %b %d %H:%M:%S %Y").ok()?;
        Some(at.and_utc().to_rfc3339())
    };
    zoned.ok().or_else(plain)
}

fn body(message: &Message<'_>) -> String {
    let text = message.body_text(0).unwrap_or_default();
    bounded(text.trim(), TEXT_CHARS_MAX)
}

/// Names of what is attached, for nothing else of it is kept.
fn attachments(message: &Message<'_>) -> String {
    let names = message.attachments().take(ATTACHMENTS_MAX);
    let names = names.map(|part| part.attachment_name().unwrap_or("?").to_owned());
    bounded(&names.collect::<Vec<_>>().join("; "), HEADER_CHARS_MAX)
}

fn listed(header: Option<&Address<'_>>) -> String {
    let people = people(header)
        .into_iter()
        .map(|(address, name)| match name.as_str() {
            "" => address,
            name => format!("{name} <{address}>"),
        });
    bounded(&people.collect::<Vec<_>>().join(", "), HEADER_CHARS_MAX)
}

/// A message that is well and stays out, with its cells as far as they are known.
fn rejected(line: u64, message: &Message<'_>, text: &Thinned, why: String) -> RawRow {
    let nobody = (String::new(), String::new());
    let cells = cells(message, text, &EventKind::MessageReceived, &nobody);
    left_out(line, cells, why)
}
