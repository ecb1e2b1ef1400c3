//! From a meeting to its rows.

use std::collections::HashSet;

use super::super::content_lines::{self, Gathered, Property};
use super::super::entry::{HEADER_CHARS_MAX, PEOPLE_MAX, TEXT_CHARS_MAX, bounded, key, left_out};
use super::super::owner::Owner;
use super::super::{RawRow, content_lines::rejected};
use super::zone::{self, Zones};

/// The columns of a calendar. The preset `calendar` maps them; those that feed no field become properties
/// of the event.
pub(crate) const COLUMNS: [&str; 16] = [
    "message_id",
    "event",
    "date",
    "ends_at",
    "correspondent_email",
    "correspondent_name",
    "subject",
    "text",
    "location",
    "organizer",
    "attendees",
    "response",
    "status",
    "recurrence",
    "calendar",
    "meeting_link",
];

/// What tells when a meeting is held again.
const RECURRENCE: [&str; 4] = ["RRULE", "RDATE", "EXDATE", "EXRULE"];

/// Makes rows of meetings.
#[derive(Debug)]
pub(super) struct Meetings {
    owner: Owner,
    pub(super) zones: Zones,
    /// Name of the calendar.
    name: String,
    /// Whether the calendar says that all of its meetings are off (RFC 5546, `METHOD:CANCEL`).
    is_cancelling: bool,
}

/// Somebody who is invited, or invites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    /// In small letters.
    pub(super) email: String,
    name: String,
    /// Whether they come, in small letters: `accepted`, `declined`, `needs-action`.
    response: String,
}

impl Meetings {
    pub(super) fn new(owner: Owner) -> Self {
        Self {
            owner,
            zones: Zones::default(),
            name: String::new(),
            is_cancelling: false,
        }
    }

    /// Takes what a calendar says of itself. What is no property there tells nothing of any meeting.
    pub(super) fn set(&mut self, text: &Gathered) {
        let Ok(properties) = content_lines::properties("calendar", 0, text) else {
            return;
        };
        for property in properties {
            match property.name.as_str() {
                "X-WR-CALNAME" | "NAME" => self.name = property.text(),
                "X-WR-TIMEZONE" | "TIMEZONE-ID" => self.zones.set_default(&property.text()),
                "METHOD" => self.is_cancelling = property.raw().eq_ignore_ascii_case("CANCEL"),
                _ => {}
            }
        }
    }

    /// The rows of a meeting: one for each person outside of the house, or one that is rejected. The
    /// meeting begins at `line` and has `n_lines`; each row is known by a line of its own.
    pub(super) fn rows(&self, line: u64, n_lines: u64, text: &Gathered) -> Vec<RawRow> {
        let properties = match content_lines::properties("meeting", line, text) {
            Ok(properties) => properties,
            Err(row) => return vec![row],
        };
        let meeting = match Meeting::read(&properties, &self.zones) {
            Ok(meeting) => meeting,
            Err(why) => return vec![rejected(line, text, why)],
        };
        let all = people_of(&properties);
        let others = all.iter().filter(|person| !self.owner.has(&person.email));
        let others: Vec<&Person> = others.collect();
        if others.is_empty() {
            let why = "the meeting tells of no customer: everybody in it is of your own house, or has no \
                       address; it stays out";
            return vec![left_out(line, self.cells(&meeting, None), why.to_owned())];
        }
        let n_people = others.len() as u64;
        if n_people > PEOPLE_MAX.min(n_lines) {
            let why = format!(
                "{n_people} people are invited to the meeting; one of more than {PEOPLE_MAX} tells \
                 nothing of each of them and stays out"
            );
            return vec![left_out(line, self.cells(&meeting, None), why)];
        }
        let rows = (line..).zip(others).map(|(line, person)| RawRow::Cells {
            line,
            cells: self.cells(&meeting, Some(person)),
        });
        rows.collect()
    }

    fn cells(&self, meeting: &Meeting<'_>, person: Option<&Person>) -> Vec<String> {
        let of = |name: &str| meeting.text(name);
        let is_off = self.is_cancelling || of("STATUS").eq_ignore_ascii_case("CANCELLED");
        let listed = |name: &str| {
            let people = meeting.properties.iter().filter(|it| it.name == name);
            let people = people
                .filter_map(person_of)
                .map(|it| match it.name.as_str() {
                    "" => it.email,
                    name => format!("{name} <{}>", it.email),
                });
            people.collect::<Vec<_>>().join(", ")
        };
        let recurrence = meeting.properties.iter();
        let recurrence = recurrence.filter(|it| RECURRENCE.contains(&it.name.as_str()));
        let recurrence: Vec<String> = recurrence
            .map(|it| format!("{}:{}", it.name, it.raw()))
            .collect();
        let email = person.map_or("", |it| &it.email);
        let cells = [
            meeting.key(email, is_off),
            if is_off {
                "meeting_cancelled"
            } else {
                "meeting"
            }
            .to_owned(),
            meeting.begins.clone(),
            meeting.ends.clone(),
            email.to_owned(),
            person.map(|it| it.name.clone()).unwrap_or_default(),
            bounded(&of("SUMMARY"), HEADER_CHARS_MAX),
            bounded(&of("DESCRIPTION"), TEXT_CHARS_MAX),
            of("LOCATION"),
            listed("ORGANIZER"),
            listed("ATTENDEE"),
            person.map(|it| it.response.clone()).unwrap_or_default(),
            of("STATUS").to_lowercase(),
            recurrence.join("; "),
            self.name.clone(),
            of("URL"),
        ];
        cells.map(|cell| bounded(&cell, TEXT_CHARS_MAX)).to_vec()
    }
}

/// What a meeting says, its times as they are read.
struct Meeting<'a> {
    properties: &'a [Property],
    begins: String,
    ends: String,
}

impl<'a> Meeting<'a> {
    fn read(properties: &'a [Property], zones: &Zones) -> Result<Self, String> {
        let when = |name: &str| {
            let property = properties.iter().find(|property| property.name == name);
            property.map(|property| zone::written(property, zones))
        };
        // A moved date of a meeting that repeats is known by the date that it was moved from.
        let begins = when("DTSTART").or_else(|| when("RECURRENCE-ID"));
        let begins = begins.ok_or("the meeting has no beginning (DTSTART); add it")??;
        Ok(Self {
            properties,
            begins,
            ends: when("DTEND").transpose()?.unwrap_or_default(),
        })
    }

    fn text(&self, name: &str) -> String {
        let mut properties = self.properties.iter();
        let found = properties.find(|property| property.name == name);
        found.map(Property::text).unwrap_or_default()
    }

    /// A meeting that was moved is another one, and that it was cancelled is told apart. A change of its
    /// text alone makes no new entry.
    fn key(&self, email: &str, is_off: bool) -> String {
        let uid = self.text("UID");
        if uid.is_empty() {
            return String::new();
        }
        let off = if is_off { "#cancelled" } else { "" };
        key(&format!("{uid}@{}#{email}{off}", self.begins))
    }
}

/// Everybody of a meeting, each once; rooms and what else is booked are nobody.
pub(super) fn people_of(properties: &[Property]) -> Vec<Person> {
    let mut known = HashSet::new();
    // Attendees first: they say whether they come.
    let named = |name: &'static str| properties.iter().filter(move |it| it.name == name);
    let people = named("ATTENDEE").chain(named("ORGANIZER"));
    let people = people.filter_map(person_of);
    people
        .filter(|person| known.insert(person.email.clone()))
        .collect()
}

fn person_of(property: &Property) -> Option<Person> {
    let is_thing = |kind: &str| {
        ["ROOM", "RESOURCE", "GROUP"]
            .iter()
            .any(|it| it.eq_ignore_ascii_case(kind))
    };
    if property.parameter("CUTYPE").is_some_and(is_thing) {
        return None;
    }
    let told = property.parameter("EMAIL").map(str::to_owned);
    let raw = property.raw();
    let address = match raw.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => raw[7..].to_owned(),
        _ => raw.to_owned(),
    };
    let is_address = |text: &String| text.contains('@') && !text.contains(char::is_whitespace);
    let email = told
        .filter(is_address)
        .or(Some(address).filter(is_address))?;
    let email = email.trim().to_lowercase();
    let name = property.parameter("CN").unwrap_or_default().trim();
    let name = if name.eq_ignore_ascii_case(&email) {
        ""
    } else {
        name
    };
    Some(Person {
        name: name.to_owned(),
        response: property
            .parameter("PARTSTAT")
            .unwrap_or_default()
            .to_lowercase(),
        email,
    })
}
