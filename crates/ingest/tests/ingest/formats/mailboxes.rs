//! Mailboxes: events by sender and recipient.

use rapport_domain::EventKind;
use rapport_ingest::{EventRow, FileKind, ImportMode, ParsedRow, mailbox_owner};

use crate::files::{british, gzip, in_memory, read};

const MAILBOX: &str = "From 177@xxx Fri Nov 27 08:30:00 +0000 2026\r\n\
    Delivered-To: me@house.example\r\nMessage-ID: <a1@customer.example>\r\n\
    Date: Fri, 27 Nov 2026 09:30:00 +0100\r\nFrom: =?GB2312?B?zfXQocP3?= <wang@customer.example>\r\n\
    To: me@house.example\r\nSubject: =?UTF-8?Q?Angebot_f=C3=BCr_10_Tassen?=\r\n\
    MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"x\"\r\n\r\n--x\r\n\
    Content-Type: text/html; charset=utf-8\r\n\r\n<p>Hello <b>there</b></p>\r\n--x\r\n\
    Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"offer.pdf\"\r\n\
    Content-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjcK\r\n--x--\r\n\r\n\
    From 178@xxx Fri Nov 27 09:00:00 +0000 2026\r\nMessage-ID: <b2@house.example>\r\n\
    In-Reply-To: <a1@customer.example>\r\nDate: Fri, 27 Nov 2026 10:00:00 +0100\r\n\
    From: Me <me@house.example>\r\nTo: wang@customer.example\r\nSubject: Re: Angebot\r\n\r\n\
    Thanks!\r\n\r\n";

fn events(file: &[u8]) -> Vec<EventRow> {
    let rows = read(file, &british()).unwrap().rows.into_iter();
    let event = |row| match row {
        ParsedRow::Event(row) => row,
        other => panic!("{other:?} is no event"),
    };
    rows.map(event).collect()
}

#[test]
fn messages_are_events_of_whom_they_came_from_and_went_to() {
    let file = read(MAILBOX.as_bytes(), &british()).unwrap();
    assert_eq!(file.format.kind, FileKind::Mbox);
    assert_eq!(file.mapping.preset.as_deref(), Some("mbox"));
    assert_eq!(file.mapping.mode, ImportMode::Update);
    assert!(file.mapping.check().is_ok());

    let events = events(&gzip(MAILBOX.as_bytes()));

    let [received, sent] = &events[..] else {
        panic!("{events:?}");
    };
    assert_eq!(received.kind, EventKind::MessageReceived);
    assert_eq!(received.message_id, "a1@customer.example");
    assert_eq!(received.occurred_at.to_string(), "2026-11-27T08:30:00Z");
    assert_eq!(received.person.name.as_deref(), Some("王小明"));
    let properties: serde_json::Value =
        serde_json::from_str(received.properties.as_deref().unwrap()).unwrap();
    assert_eq!(properties["subject"], "Angebot für 10 Tassen");
    assert_eq!(properties["attachments"], "offer.pdf");
    assert!(
        properties["text"].as_str().unwrap().contains("Hello"),
        "{properties}"
    );
    assert!(
        !properties["text"].as_str().unwrap().contains("<b>"),
        "{properties}"
    );
    assert_eq!(sent.kind, EventKind::MessageSent);
    assert_eq!(sent.message_id, "b2@house.example#wang@customer.example");
    assert_eq!(
        sent.person.email.as_ref().unwrap().as_str(),
        "wang@customer.example"
    );
}

#[test]
fn the_owner_is_who_the_messages_were_delivered_to() {
    let format = rapport_ingest::sniff(MAILBOX.as_bytes(), "All mail.mbox").unwrap();

    let owner = mailbox_owner(in_memory(MAILBOX), &format).unwrap();

    assert_eq!(owner.as_deref(), Some("me@house.example"));
}

#[test]
fn a_message_without_a_date_has_that_of_its_arrival() {
    let text = "From a@b.example Fri Nov 27 09:30:00 2026\nFrom: a@b.example\n\nx\n";

    let events = events(text.as_bytes());

    assert_eq!(events[0].occurred_at.to_string(), "2026-11-27T09:30:00Z");
    // A digest of the cells stands in for the key: the same message twice is one event.
    assert_eq!(events[0].message_id.len(), 32);
}
