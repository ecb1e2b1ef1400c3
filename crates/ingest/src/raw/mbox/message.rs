//! From a message to its rows. Headers, encodings and parts are read by `mail-parser`.

use std::collections::HashSet;

use mail_parser::{Address, Message, MessageParser, MimeHeaders as _};
use rapport_domain::{EventKind, RejectReason, RejectedRow};
use sha2::{Digest as _, Sha256};

use super::super::{RawRow, bad_row};
use super::owner::Owner;
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

/// Characters of a message's text that are kept.
const TEXT_CHARS_MAX: usize = 10_000;
/// Characters of a header that are kept.
const HEADER_CHARS_MAX: usize = 2_000;
/// The longest key of an event.
const KEY_CHARS_MAX: usize = 190;
/// People of one message who get an event each. What goes to more is a circular.
const CORRESPONDENTS_MAX: u64 = 50;
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
        if n_people > CORRESPONDENTS_MAX.min(n_lines) {
            let why = format!(
                "the message went to {n_people} people; one that goes to more than \
                 {CORRESPONDENTS_MAX}, or to more than it has lines, is a circular and stays out"
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

/// All of a header's addresses, those of its groups, too.
pub(super) fn addresses_of(header: &Address<'_>) -> Vec<Person> {
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

/// The key of an event, or a digest of a long one.
fn key(id: &str) -> String {
    if id.chars().count() <= KEY_CHARS_MAX {
        return id.to_owned();
    }
    let digest = Sha256::digest(id.as_bytes());
    let digest: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    digest.concat()
}

/// When it was sent, else when it came into the mailbox.
fn date(message: &Message<'_>, text: &Thinned) -> String {
    let sent = message.date().filter(|date| date.is_valid());
    match sent {
        Some(date) => date.to_rfc3339(),
        None => received_at(text.separator()).unwrap_or_default(),
    }
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

fn bounded(text: &str, max_chars: usize) -> String {
    match text.char_indices().nth(max_chars) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A message that is well and stays out, with its cells as far as they are known.
fn rejected(line: u64, message: &Message<'_>, text: &Thinned, why: String) -> RawRow {
    let nobody = (String::new(), String::new());
    RawRow::Rejected(RejectedRow {
        line,
        column: None,
        value: None,
        reason: RejectReason::Invalid,
        message: why,
        cells: cells(message, text, &EventKind::MessageReceived, &nobody),
    })
}
