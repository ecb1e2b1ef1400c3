use std::io::Cursor;

use super::*;
use crate::{Compression, FileKind, TextEncoding};

const FORMAT: FileFormat = FileFormat {
    compression: Compression::None,
    encoding: TextEncoding::Utf8,
    kind: FileKind::Mbox,
    has_header: true,
    skip_lines: 0,
};

fn message(headers: &str, body: &str) -> String {
    format!("From x@y.z Fri Nov 27 09:30:00 2026\n{headers}\n\n{body}\n\n")
}

/// Rows by their lines: event, correspondent and subject, or the reason of a rejected one.
fn read(bytes: impl Into<Vec<u8>>, own: &[&str]) -> Vec<String> {
    let own: Vec<String> = own.iter().map(|&it| it.to_owned()).collect();
    let source = Cursor::new(bytes.into());
    let mut rows = MailRows::open(source, &FORMAT, &own).unwrap();
    let mut found = Vec::new();
    while let Some(row) = rows.next_row().unwrap() {
        found.push(match row {
            RawRow::Cells { line, cells } => format!("{line}: {}", cells[1..6].join("|")),
            RawRow::Rejected(row) => format!("{}! {}", row.line, row.message),
            RawRow::Blank => "blank".to_owned(),
        });
    }
    found
}

#[test]
fn what_came_in_and_what_went_out_are_told_by_whose_mailbox_it_is() {
    let text = message(
        "Delivered-To: me@house.com\nFrom: Ada <ada@customer.org>\nTo: me@house.com\nSubject: =?UTF-8?B?5L2g5aW9?=\n\
         Date: Fri, 27 Nov 2026 09:30:00 +0100\nMessage-ID: <1@customer.org>",
        "Hello",
    ) + &message(
        "From: Me <me@house.com>\nTo: Ada <Ada@Customer.org>, bob@other.net\n\
         Cc: you@house.com\nSubject: Re: 你好\nDate: Fri, 27 Nov 2026 10:00:00 +0100",
        "Hi",
    );

    let rows = read(text, &[]);

    assert_eq!(
        rows,
        [
            "1: message_received|2026-11-27T09:30:00+01:00|ada@customer.org|Ada|你好",
            "11: message_sent|2026-11-27T10:00:00+01:00|ada@customer.org|Ada|Re: 你好",
            "12: message_sent|2026-11-27T10:00:00+01:00|bob@other.net||Re: 你好",
            "13: message_sent|2026-11-27T10:00:00+01:00|you@house.com||Re: 你好",
        ]
    );
}

#[test]
fn own_addresses_that_are_told_beat_what_the_file_seems_to_say() {
    let text = message("From: a@one.org\nTo: b@two.org\nSubject: S", "x");

    let rows = read(text, &["one.org"]);

    assert_eq!(
        rows,
        ["1: message_sent|2026-11-27T09:30:00+00:00|b@two.org||S"]
    );
}

#[test]
fn letters_within_the_house_circulars_and_headless_messages_are_told_and_left_out() {
    let many: Vec<String> = (0..60).map(|n| format!("p{n}@other.net")).collect();
    let text = message("From: a@house.com\nTo: b@house.com\nSubject: S", "x")
        + &message(&format!("From: a@house.com\nTo: {}", many.join(", ")), "x")
        + &message("Subject: nobody", "x");

    let rows = read(text, &["house.com"]);

    assert!(
        rows[0].starts_with("1! the message tells of no customer"),
        "{rows:?}"
    );
    assert!(rows[1].contains("went to 60 people"), "{rows:?}");
    assert!(rows[2].contains("has no sender"), "{rows:?}");
}

#[test]
fn a_line_of_text_that_begins_with_from_ends_no_message() {
    let body = "First\n\nFrom here on it goes\n>From the guard\n\nFrom: a header of old";
    let text = "preface\n\n".to_owned()
        + &message("From: a@b.org\nSubject: One", body)
        + &message("From: a@b.org\nSubject: Two", "x");

    let source = Cursor::new(text.into_bytes());
    let mut rows = MailRows::open(source, &FORMAT, &["c@d.org".to_owned()]).unwrap();

    let Some(RawRow::Rejected(stray)) = rows.next_row().unwrap() else {
        panic!("the preface is no message");
    };
    assert_eq!(stray.line, 1);
    let Some(RawRow::Cells { line, cells }) = rows.next_row().unwrap() else {
        panic!("a message follows");
    };
    assert_eq!(line, 3);
    assert_eq!(cells[6].lines().nth(3), Some("From the guard"));
    let Some(RawRow::Cells { cells, .. }) = rows.next_row().unwrap() else {
        panic!("another one follows");
    };
    assert_eq!(cells[5], "Two");
    assert!(rows.next_row().unwrap().is_none());
}

#[test]
fn messages_within_messages_are_named_and_not_followed() {
    let headers = "From: a@b.org\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b";
    let forwarded = "--b\nContent-Type: text/plain\n\nSee below.\n\
                     --b\nContent-Type: message/rfc822; name=\"old.eml\"\n\nFrom: c@d.org\n\nOld\n--b--";
    // A megabyte of messages, each within the one before; once more where no line shows it.
    let nested = "Content-Type: message/rfc822\n--a:b\n\n".repeat(28_000);
    let hidden = nested.replace("Content", "=43ontent");
    let hidden = format!(
        "--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n{hidden}--b--"
    );
    let digests = "Content-Type: multipart/digest; boundary=c\n\n--c\n\n".repeat(20_000);
    let text = message(headers, forwarded)
        + &message("From: a@b.org", "")
        + &message(&format!("From: a@b.org\n{nested}"), "x")
        + &message(headers, &hidden)
        + &message(&format!("From: a@b.org\n{digests}"), "x");

    let source = Cursor::new(text.into_bytes());
    let mut rows = MailRows::open(source, &FORMAT, &["house.com".to_owned()]).unwrap();
    let mut found = Vec::new();
    while let Some(row) = rows.next_row().unwrap() {
        let RawRow::Cells { cells, .. } = row else {
            panic!("every message has a sender");
        };
        found.push((cells[6].clone(), cells[7].clone()));
    }

    assert_eq!(found.len(), 5);
    assert_eq!(found[0], ("See below.".to_owned(), "old.eml".to_owned()));
}

#[test]
fn attachments_are_named_and_not_kept_however_large_or_nested() {
    let data = "QUJD".repeat(19) + "\n";
    let attachment = format!(
        "--b\nContent-Type: application/pdf; name=\"a.pdf\"\nContent-Transfer-Encoding: base64\n\
         Content-Disposition: attachment; filename*=UTF-8''%E5%90%88%E5%90%8C.pdf\n\n{}",
        data.repeat(60_000)
    );
    let bomb: String = (0..3_000)
        .map(|n| format!("--b\nContent-Type: multipart/mixed; boundary=\"{n}\"\n\n--{n}\n"))
        .collect();
    let text = message(
        "From: a@b.org\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b\"",
        &format!(
            "--b\nContent-Type: text/plain; charset=gb18030\nContent-Transfer-Encoding: 8bit\n\nHi\n{attachment}--b--"
        ),
    ) + &message(
        "From: a@b.org\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b\"",
        &bomb,
    );

    let mut rows = MailRows::open(
        Cursor::new(text.into_bytes()),
        &FORMAT,
        &["c@d.org".to_owned()],
    )
    .unwrap();

    let Some(RawRow::Cells { cells, .. }) = rows.next_row().unwrap() else {
        panic!("a message was there");
    };
    assert_eq!((cells[6].as_str(), cells[7].as_str()), ("Hi", "合同.pdf"));
    assert!(matches!(
        rows.next_row().unwrap(),
        Some(RawRow::Cells { .. })
    ));
    assert!(rows.next_row().unwrap().is_none());
}

#[test]
fn one_message_by_itself_is_one_entry_whatever_its_text_looks_like() {
    let text = "Delivered-To: me@house.com\nReceived: from mx.customer.org by mx.house.com;\n \
                Fri, 27 Nov 2026 08:31:00 +0000\nFrom: Ada <ada@customer.org>\nTo: list@house.com\n\
                Subject: Hello\n\nFirst\n\nFrom x@y.z Fri Nov 27 09:30:00 2026\nFrom: nobody@else.org\n\nLast\n";
    let format = FileFormat {
        kind: FileKind::Eml,
        ..FORMAT
    };

    let mut rows = MailRows::open(Cursor::new(text), &format, &[]).unwrap();

    let Some(RawRow::Cells { line, cells }) = rows.next_row().unwrap() else {
        panic!("a message was there");
    };
    assert_eq!(line, 1);
    assert_eq!(
        cells[1..4].join("|"),
        "message_received|2026-11-27T08:31:00Z|ada@customer.org"
    );
    assert!(cells[6].ends_with("Last"), "{}", cells[6]);
    assert!(rows.next_row().unwrap().is_none());
    let owner = owner_of(&mut Cursor::new(text), &format).unwrap();
    assert_eq!(owner.as_deref(), Some("me@house.com"));
}
