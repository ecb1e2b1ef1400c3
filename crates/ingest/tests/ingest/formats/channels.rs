//! Channels beside files of tables: a message by itself, calendars, conversations, feeds, and answers of
//! interfaces in JSON. Each goes the one way of imports: recognized, mapped by its preset, read as rows.

use rapport_domain::{EventKind, RejectReason};
use rapport_ingest::{EventRow, FileKind, ImportMode, ParsedRow, TalkForm};

use crate::files::{Read, british, gzip, read};

const MEETING: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Google Inc//Google Calendar//EN\r\n\
    X-WR-TIMEZONE:Asia/Shanghai\r\nBEGIN:VEVENT\r\nDTSTART:20261127T013000Z\r\nDTEND:20261127T023000Z\r\n\
    UID:abc@google.com\r\nORGANIZER;CN=Me:mailto:me@house.example\r\n\
    ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=ACCEPTED;CN=王小明:mailto:wang@customer.example\r\n\
    RRULE:FREQ=WEEKLY\r\nSUMMARY:报价\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART;TZID=Asia/Shanghai:20261128T0930\r\n 00\r\n\
    UID:def@google.com\r\nSTATUS:CANCELLED\r\nORGANIZER:mailto:me@house.example\r\n\
    ATTENDEE:mailto:wang@customer.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

fn events(file: &Read) -> Vec<&EventRow> {
    fn event(row: &ParsedRow) -> &EventRow {
        match row {
            ParsedRow::Event(row) => row,
            other => panic!("{other:?} is no event"),
        }
    }
    file.rows.iter().map(event).collect()
}

fn property(event: &EventRow, name: &str) -> String {
    let properties: serde_json::Value =
        serde_json::from_str(event.properties.as_deref().unwrap()).unwrap();
    properties[name].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_message_by_itself_is_an_event_as_in_a_mailbox() {
    let text = "Delivered-To: me@house.example\r\nMessage-ID: <a1@customer.example>\r\n\
                Date: Fri, 27 Nov 2026 09:30:00 +0100\r\nFrom: =?GB2312?B?zfXQocP3?= <wang@customer.example>\r\n\
                To: me@house.example\r\nSubject: Offer\r\n\r\nHello\r\n";

    let file = read(&gzip(text.as_bytes()), &british()).unwrap();

    assert_eq!(file.format.kind, FileKind::Eml);
    assert_eq!(file.mapping.preset.as_deref(), Some("mbox"));
    let [event] = events(&file)[..] else {
        panic!("one message is one event");
    };
    assert_eq!(event.kind, EventKind::MessageReceived);
    assert_eq!(event.message_id, "a1@customer.example");
    assert_eq!(event.person.name.as_deref(), Some("王小明"));
}

#[test]
fn meetings_are_events_of_who_is_in_them_at_the_time_of_their_zone() {
    let file = read(MEETING.as_bytes(), &british()).unwrap();

    assert_eq!(file.format.kind, FileKind::Icalendar);
    assert_eq!(file.mapping.preset.as_deref(), Some("calendar"));
    assert_eq!(file.mapping.mode, ImportMode::Update);
    assert!(file.mapping.check().is_ok());
    let events = events(&file);
    assert_eq!(events[0].kind.as_str(), "meeting");
    assert_eq!(events[0].occurred_at.to_string(), "2026-11-27T01:30:00Z");
    // Two of the three are told of by both meetings, so that nobody is known to be of the house.
    let of_wang = events.iter().filter(|event| {
        let email = event.person.email.as_ref().unwrap();
        email.as_str() == "wang@customer.example"
    });
    let of_wang: Vec<_> = of_wang.collect();
    assert_eq!(of_wang[0].person.name.as_deref(), Some("王小明"));
    assert_eq!(property(of_wang[0], "response"), "accepted");
    assert_eq!(property(of_wang[0], "recurrence"), "RRULE:FREQ=WEEKLY");
    assert_eq!(of_wang[1].kind.as_str(), "meeting_cancelled");
    assert_eq!(of_wang[1].occurred_at.to_string(), "2026-11-28T01:30:00Z");
}

#[test]
fn chats_of_zendesk_and_whatsapp_are_events_of_visitors_and_numbers() {
    let zendesk = r#"{"chats":[{"id":"c1","visitor":{"id":"7.x","name":"Ada King","email":"ada@engines.example","phone":"call me"},
        "history":[{"type":"chat.msg","msg_id":"m1","nick":"visitor:7.x","name":"Ada King","msg":"Hi","timestamp":"2026-11-27T09:30:00Z"}]}]}"#;
    let whatsapp = "13/11/26, 9:30 pm - +44 7400 123456: Hello\n14/11/26, 9:31 am - +44 7400 123456: Still there?\n";

    let file = read(zendesk.as_bytes(), &british()).unwrap();
    assert_eq!(
        file.format.kind,
        FileKind::Talk {
            form: TalkForm::Json
        }
    );
    assert_eq!(file.mapping.preset.as_deref(), Some("conversation"));
    assert!(file.mapping.check().is_ok());
    let [event] = events(&file)[..] else {
        panic!("one message is one event");
    };
    assert_eq!(event.person.external_id.as_deref(), Some("7.x"));
    assert_eq!(
        event.person.email.as_ref().unwrap().as_str(),
        "ada@engines.example"
    );
    assert_eq!(property(event, "thread"), "c1");

    let file = read(whatsapp.as_bytes(), &british()).unwrap();
    let events = events(&file);
    assert_eq!(events[0].occurred_at.to_string(), "2026-11-13T21:30:00Z");
    let phone = events[0].person.phone.as_ref().unwrap();
    assert_eq!(phone.as_str(), "+447400123456");
    assert_eq!(property(events[1], "text"), "Still there?");
}

#[test]
fn entries_of_a_feed_are_events_of_nobody_and_those_without_a_time_are_kept_with_the_reason() {
    let text = "<rss version=\"2.0\"><channel><title>Reviews</title><item><title>Good</title><guid>g1</guid>\
                <pubDate>Fri, 27 Nov 2026 09:30:00 GMT</pubDate><author>Ada</author><link>https://x.example/1</link></item>\
                <item><title>When?</title></item></channel></rss>";

    let file = read(text.as_bytes(), &british()).unwrap();

    assert_eq!(file.format.kind, FileKind::Feed);
    assert_eq!(file.mapping.preset.as_deref(), Some("feed"));
    let [event] = events(&file)[..] else {
        panic!("one entry has a time");
    };
    assert!(event.person.is_empty());
    assert_eq!(event.message_id, "g1");
    assert_eq!(property(event, "author"), "Ada");
    assert_eq!(property(event, "url"), "https://x.example/1");
    assert_eq!(file.rejected[0].line, 2);
    assert_eq!(file.rejected[0].reason, RejectReason::MissingValue);
}

#[test]
fn answers_of_interfaces_in_json_are_tables_with_the_presets_of_their_systems() {
    let users = r#"{"users":[{"id":35436,"name":"Ada King","email":"ada@engines.example","phone":null,"role":"end-user",
        "ticket_restriction":"requested","tags":["vip"],"created_at":"2026-11-20T08:00:00Z"}],"next_page":null,"count":1}"#;
    let tickets = r#"{"tickets":[{"id":1,"subject":"Broken","description":"My cup broke","status":"open","priority":"high",
        "requester_id":35436,"via":{"channel":"email","source":{"from":{}}},"created_at":"2026-11-27T09:30:00Z"}]}"#;
    let wecom = r#"{"errcode":0,"errmsg":"ok","external_contact_list":[{"external_contact":{"external_userid":"woAJ","name":"王小明",
        "type":2,"corp_name":"海潮贸易","position":"经理"},"follow_info":{"userid":"li","remark":"王总","createtime":1525881637,
        "remark_mobiles":["13800138000"]}}]}"#;

    let file = read(users.as_bytes(), &british()).unwrap();
    assert_eq!(file.format.kind, FileKind::Json);
    assert_eq!(file.mapping.preset.as_deref(), Some("zendesk_users"));
    let ParsedRow::Contact(ada) = &file.rows[0] else {
        panic!("{:?}", file.rows);
    };
    assert_eq!(ada.person.external_id.as_deref(), Some("35436"));
    assert_eq!(ada.tags, ["vip"]);

    let file = read(tickets.as_bytes(), &british()).unwrap();
    assert_eq!(
        file.mapping.preset.as_deref(),
        Some("zendesk_ticket_records")
    );
    let ParsedRow::Ticket(ticket) = &file.rows[0] else {
        panic!("{:?}", file.rows);
    };
    assert_eq!(ticket.person.external_id.as_deref(), Some("35436"));
    assert_eq!(ticket.body, "My cup broke");

    let options = rapport_ingest::ReadOptions {
        default_region: Some("CN".to_owned()),
        ..british()
    };
    let file = read(wecom.as_bytes(), &options).unwrap();
    assert_eq!(
        file.mapping.preset.as_deref(),
        Some("wecom_external_contacts")
    );
    let ParsedRow::Contact(wang) = &file.rows[0] else {
        panic!("{:?}", file.rows);
    };
    assert_eq!(
        wang.person.phone.as_ref().unwrap().as_str(),
        "+8613800138000"
    );
    assert_eq!(wang.owner.as_deref(), Some("li"));
    assert_eq!(wang.note.as_deref(), Some("王总"));
}
