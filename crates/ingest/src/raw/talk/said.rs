//! What somebody said, whatever the program that they said it in, and the rows that it makes.

use std::collections::{HashMap, HashSet};

use rapport_domain::EventKind;

use super::super::RawRow;
use super::super::entry::{
    HEADER_CHARS_MAX, PEOPLE_MAX, TEXT_CHARS_MAX, bounded, digest, key, left_out,
};
use super::super::owner::Owner;

/// The columns of a conversation. The preset `conversation` maps them; those that feed no field become
/// properties of the event.
pub(crate) const COLUMNS: [&str; 14] = [
    "message_id",
    "event",
    "date",
    "correspondent_id",
    "correspondent_email",
    "correspondent_phone",
    "correspondent_name",
    "text",
    "author",
    "channel",
    "thread",
    "thread_title",
    "reply_to",
    "attachments",
];

/// Somebody in a conversation, by whatever is told of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct Speaker {
    /// Their key or handle where they speak.
    pub(super) handle: String,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) phone: String,
}

impl Speaker {
    pub(super) fn is_nobody(&self) -> bool {
        *self == Self::default()
    }

    /// The key by which they are known: a name stands in where there is nothing better, since within one
    /// source it is what the program calls them.
    fn id(&self) -> &str {
        match () {
            () if !self.handle.is_empty() => &self.handle,
            () if self.email.is_empty() && self.phone.is_empty() => &self.name,
            () => "",
        }
    }

    /// What tells them from others.
    fn key(&self) -> &str {
        let keys = [&self.handle, &self.email, &self.phone, &self.name];
        keys.into_iter()
            .find(|it| !it.is_empty())
            .map_or("", |it| it)
    }

    /// Whether they may be the same: all that both tell agrees.
    fn is(&self, other: &Self) -> bool {
        let pairs = [
            (&self.handle, &other.handle),
            (&self.email, &other.email),
            (&self.phone, &other.phone),
            (&self.name, &other.name),
        ];
        let mut told = pairs.iter().filter(|(a, b)| !a.is_empty() && !b.is_empty());
        told.clone().count() > 0 && told.all(|(a, b)| a.eq_ignore_ascii_case(b))
    }

    fn label(&self) -> String {
        match (self.name.is_empty(), self.key()) {
            (false, key) if key != self.name => format!("{} <{key}>", self.name),
            (_, key) => key.to_owned(),
        }
    }
}

/// Whether a message came from a customer or went to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Received,
    Sent,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Said {
    /// Its key within its thread; empty where it has none.
    pub(super) id: String,
    /// When, as it stands there.
    pub(super) at: String,
    pub(super) author: Speaker,
    /// To whom, as far as the message or its conversation tells it, the author perhaps among them.
    pub(super) others: Vec<Speaker>,
    /// Where the file tells it.
    pub(super) direction: Option<Direction>,
    pub(super) text: String,
    pub(super) channel: String,
    pub(super) thread: String,
    pub(super) title: String,
    pub(super) reply_to: String,
    pub(super) attachments: String,
}

/// Makes rows of messages.
#[derive(Debug)]
pub(super) struct Tellings {
    owner: Owner,
    /// Messages without a key that were met at the latest instant, and how often: who says `ok` twice in
    /// a minute has said it twice.
    met: (String, HashMap<String, usize>),
}

impl Tellings {
    pub(super) fn new(owner: Owner) -> Self {
        Self {
            owner,
            met: Default::default(),
        }
    }

    /// The rows of a message, numbered from `line`: one for whom it came from, or for each whom it went
    /// to; or one that is rejected.
    pub(super) fn rows(&mut self, line: u64, said: &Said) -> Vec<RawRow> {
        let id = self.id(said);
        let is_sent = match said.direction {
            Some(direction) => direction == Direction::Sent,
            None => self.is_ours(&said.author),
        };
        if !is_sent {
            let cells = cells(said, &id, &EventKind::MessageReceived, &said.author);
            if said.author.is_nobody() {
                let why = "nobody is told to have said it; name the author or leave it out";
                return vec![left_out(line, cells, why.to_owned())];
            }
            return vec![RawRow::Cells { line, cells }];
        }
        let people = self.recipients(said);
        let unknown = || cells(said, &id, &EventKind::MessageSent, &Speaker::default());
        if people.is_empty() {
            let why = "the message went out and nobody is told to whom; it stays out";
            return vec![left_out(line, unknown(), why.to_owned())];
        }
        if people.len() as u64 > PEOPLE_MAX {
            let why = format!(
                "the message went to {} people; one that goes to more than {PEOPLE_MAX} tells nothing of \
                 each of them and stays out",
                people.len()
            );
            return vec![left_out(line, unknown(), why)];
        }
        let rows = (line..).zip(people).map(|(line, person)| {
            let id = format!("{id}#{}", person.key());
            let cells = cells(said, &id, &EventKind::MessageSent, person);
            RawRow::Cells { line, cells }
        });
        rows.collect()
    }

    /// Everybody whom a message of ours went to.
    fn recipients<'a>(&self, said: &'a Said) -> Vec<&'a Speaker> {
        let mut known: HashSet<&Speaker> = HashSet::new();
        let others = said.others.iter();
        let others = others.filter(|it| !it.is(&said.author) && !self.is_ours(it));
        others.filter(|it| known.insert(it)).collect()
    }

    fn is_ours(&self, speaker: &Speaker) -> bool {
        let told = [
            &speaker.handle,
            &speaker.name,
            &speaker.phone,
            &speaker.email,
        ];
        let mut told = told.into_iter().filter(|it| !it.is_empty());
        told.any(|it| self.owner.is_called(it))
            || (!speaker.email.is_empty() && self.owner.has(&speaker.email.to_lowercase()))
    }

    /// The key of a message: within its thread; made of what was said where it has none.
    fn id(&mut self, said: &Said) -> String {
        if !said.id.is_empty() {
            return match said.thread.as_str() {
                "" => said.id.clone(),
                thread => format!("{thread}#{}", said.id),
            };
        }
        if self.met.0 != said.at {
            self.met = (said.at.clone(), HashMap::new());
        }
        let text = digest(&[&said.thread, &said.at, said.author.key(), &said.text]);
        let n = self.met.1.entry(text.clone()).or_default();
        *n += 1;
        match *n {
            1 => text,
            n => format!("{text}-{n}"),
        }
    }
}

fn cells(said: &Said, id: &str, kind: &EventKind, person: &Speaker) -> Vec<String> {
    let header = |text: &str| bounded(text.trim(), HEADER_CHARS_MAX);
    vec![
        key(&bounded(id, HEADER_CHARS_MAX)),
        kind.as_str().to_owned(),
        header(&said.at),
        header(person.id()),
        header(&person.email),
        header(&person.phone),
        header(&person.name),
        bounded(said.text.trim(), TEXT_CHARS_MAX),
        header(&said.author.label()),
        header(&said.channel),
        header(&said.thread),
        header(&said.title),
        header(&said.reply_to),
        header(&said.attachments),
    ]
}
