use std::io::Cursor;

use super::*;
use crate::{Compression, FileKind, TextEncoding};

const FORMAT: FileFormat = FileFormat {
    compression: Compression::None,
    encoding: TextEncoding::Utf8,
    kind: FileKind::Icalendar,
    has_header: true,
    skip_lines: 0,
};

fn calendar(body: &str) -> String {
    format!("BEGIN:VCALENDAR\nVERSION:2.0\nX-WR-CALNAME:Sales\n{body}END:VCALENDAR\n")
}

fn event(properties: &str) -> String {
    format!("BEGIN:VEVENT\n{properties}\nEND:VEVENT\n")
}

/// Rows by their lines: what `columns` hold, or the reason of a rejected one.
fn read(text: &str, own: &[&str], columns: &[&str]) -> Vec<String> {
    let own: Vec<String> = own.iter().map(|&it| it.to_owned()).collect();
    let mut rows = CalendarRows::open(Cursor::new(text.to_owned()), &FORMAT, &own).unwrap();
    let places: Vec<usize> = columns
        .iter()
        .map(|name| COLUMNS.iter().position(|it| it == name).unwrap())
        .collect();
    let mut found = Vec::new();
    while let Some(row) = rows.next_row().unwrap() {
        found.push(match row {
            RawRow::Cells { line, cells } => {
                let cells: Vec<&str> = places.iter().map(|&at| cells[at].as_str()).collect();
                format!("{line}: {}", cells.join("|"))
            }
            RawRow::Rejected(row) => format!("{}! {}", row.line, row.message),
            RawRow::Blank => "blank".to_owned(),
        });
    }
    found
}

#[test]
fn a_meeting_is_an_entry_of_everybody_outside_of_the_house() {
    let text = calendar(&event(
        "UID:1@house\nDTSTART;TZID=Europe/Berlin:20261127T093000\nDTEND;TZID=Europe/Berlin:20261127T1\n 03000\n\
         SUMMARY:Offer\\, 10 cups\nDESCRIPTION:First\\nSecond\n\
         ORGANIZER;CN=Me:mailto:me@house.example\n\
         ATTENDEE;CN=\"King; Ada\";PARTSTAT=ACCEPTED:MAILTO:Ada@Engines.example\n\
         ATTENDEE;CUTYPE=ROOM;CN=Room 1:mailto:room1@house.example\n\
         ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:wang@other.example\n\
         ATTENDEE;CN=Ada again:mailto:ada@engines.example\n\
         BEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:Reminder\nEND:VALARM",
    ));

    let rows = read(
        &text,
        &["me@house.example"],
        &[
            "date",
            "ends_at",
            "correspondent_email",
            "correspondent_name",
            "subject",
            "text",
            "response",
        ],
    );

    assert_eq!(
        rows,
        [
            "4: 2026-11-27T09:30:00+01:00|2026-11-27T10:30:00+01:00|ada@engines.example|King; Ada|Offer, 10 cups|First\nSecond|accepted",
            "5: 2026-11-27T09:30:00+01:00|2026-11-27T10:30:00+01:00|wang@other.example||Offer, 10 cups|First\nSecond|needs-action",
        ]
    );
}

#[test]
fn a_meeting_that_repeats_is_read_once_and_its_exceptions_are_entries_of_their_own() {
    let people = "ORGANIZER:mailto:me@house.example\nATTENDEE:mailto:ada@engines.example";
    let text = calendar(&format!(
        "{}{}{}",
        event(&format!(
            "UID:w\nDTSTART:20261102T090000Z\nRRULE:FREQ=WEEKLY;COUNT=10\nEXDATE:20261109T090000Z\n{people}"
        )),
        event(&format!(
            "UID:w\nRECURRENCE-ID:20261116T090000Z\nDTSTART:20261117T090000Z\n{people}"
        )),
        event(&format!(
            "UID:w\nRECURRENCE-ID:20261123T090000Z\nSTATUS:CANCELLED\nDTSTART:20261123T090000Z\n{people}"
        )),
    ));

    let rows = read(
        &text,
        &["house.example"],
        &["message_id", "event", "recurrence"],
    );

    assert_eq!(
        rows,
        [
            "4: w@2026-11-02T09:00:00+00:00#ada@engines.example|meeting|RRULE:FREQ=WEEKLY;COUNT=10; EXDATE:20261109T090000Z",
            "12: w@2026-11-17T09:00:00+00:00#ada@engines.example|meeting|",
            "19: w@2026-11-23T09:00:00+00:00#ada@engines.example#cancelled|meeting_cancelled|",
        ]
    );
}

#[test]
fn times_are_read_in_zones_of_the_calendar_and_whole_days_stay_days() {
    let people = "ATTENDEE:mailto:ada@engines.example";
    let zone = "BEGIN:VTIMEZONE\nTZID:China Standard Time\nBEGIN:STANDARD\nDTSTART:16010101T000000\n\
                TZOFFSETFROM:+0800\nTZOFFSETTO:+0800\nEND:STANDARD\nEND:VTIMEZONE\n";
    let text = calendar(&format!(
        "{zone}{}{}{}{}",
        event(&format!(
            "UID:1\nDTSTART;TZID=China Standard Time:20261127T093000\n{people}"
        )),
        event(&format!("UID:2\nDTSTART;VALUE=DATE:20261127\n{people}")),
        event(&format!("UID:3\nDTSTART:20261127T093000\n{people}")),
        event(&format!(
            "UID:4\nDTSTART;TZID=Nowhere:20261127T093000\n{people}"
        )),
    ));

    let rows = read(&text, &["house.example"], &["date"]);

    assert_eq!(rows[0], "12: 2026-11-27T09:30:00+08:00");
    assert_eq!(rows[1], "17: 2026-11-27");
    assert_eq!(rows[2], "22: 2026-11-27T09:30:00");
    assert!(
        rows[3].starts_with("27! the time zone \"Nowhere\""),
        "{rows:?}"
    );
}

#[test]
fn what_is_broken_or_no_meeting_is_told_and_those_around_it_are_read() {
    let good = event("UID:1\nDTSTART:20261127T093000Z\nATTENDEE:mailto:ada@engines.example");
    let text = calendar(&format!(
        "{good}BEGIN:VEVENT\nUID:cut\nBEGIN:VTODO\nSUMMARY:Call\nEND:VTODO\n{good}{}{}{}BEGIN:VTODO\nUID:t\nEND:VTODO\n{good}BEGIN:VEVENT\nUID:last\n",
        event("UID:2\nDTSTART:soon\nATTENDEE:mailto:ada@engines.example"),
        event("UID:3\nATTENDEE:mailto:ada@engines.example"),
        event("UID:4\nDTSTART:20261127T093000Z\nSUMMARY:Dentist"),
    ));

    let rows = read(&text, &["house.example"], &["correspondent_email"]);

    let expected = [
        "4: ada@engines.example",
        "9! the entry has no END:VEVENT",
        "11! the entry is a VTODO",
        "14: ada@engines.example",
        "19! DTSTART \"soon\" is no time",
        "24! the meeting has no beginning",
        "28! the meeting tells of no customer",
        "33! the entry is a VTODO",
        "36: ada@engines.example",
        "41! the entry has no END:VEVENT",
    ];
    assert_eq!(rows.len(), expected.len(), "{rows:#?}");
    for (row, expected) in rows.iter().zip(expected) {
        assert!(row.starts_with(expected), "{row} {expected}");
    }
}

#[test]
fn the_owner_of_a_calendar_is_in_most_of_its_meetings() {
    let meeting = |n: usize| {
        event(&format!(
            "UID:{n}\nDTSTART:20261127T093000Z\nORGANIZER:mailto:me@house.example\nATTENDEE:mailto:p{n}@other.example"
        ))
    };
    let text = calendar(&(0..4).map(meeting).collect::<String>());

    let owner = owner_of(&mut Cursor::new(text.clone()), &FORMAT).unwrap();
    let rows = read(&text, &[], &["correspondent_email"]);

    assert_eq!(owner.as_deref(), Some("me@house.example"));
    assert_eq!(rows.len(), 4);
}
