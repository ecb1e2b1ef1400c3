use std::io::Cursor;

use super::*;
use crate::{Compression, TextEncoding};

fn format(form: TalkForm) -> FileFormat {
    FileFormat {
        compression: Compression::None,
        encoding: TextEncoding::Utf8,
        kind: FileKind::Talk { form },
        has_header: true,
        skip_lines: 0,
    }
}

/// Rows by their numbers: what `columns` hold, or the reason of a rejected one.
fn read(text: &str, form: TalkForm, own: &[&str], columns: &[&str]) -> Vec<String> {
    let own: Vec<String> = own.iter().map(|&it| it.to_owned()).collect();
    let source = Cursor::new(text.to_owned());
    let mut rows = TalkRows::open(source, &format(form), &own).unwrap();
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
            RawRow::Blank => "note".to_owned(),
        });
    }
    found
}

#[test]
fn our_own_form_is_a_message_a_line() {
    let text = r#"{"id":"1","at":"2026-11-27T09:30:00Z","channel":"chat","thread":"t1","author":{"name":"Ada King","email":"ada@engines.example","phone":"+44 7400 123456"},"direction":"in","text":"Hello"}
{"id":"2","at":"2026-11-27T09:31:00Z","channel":"chat","thread":"t1","author":{"name":"Bo"},"to":{"email":"ada@engines.example"},"direction":"out","text":"Hi"}
{"id":"3","at":"2026-11-27T09:32:00Z","text":"from nobody"}
"#;

    let rows = read(
        text,
        TalkForm::JsonLines,
        &[],
        &[
            "message_id",
            "event",
            "correspondent_email",
            "correspondent_phone",
            "correspondent_name",
            "channel",
            "thread",
            "text",
        ],
    );

    assert_eq!(
        rows[..2],
        [
            "1: t1#1|message_received|ada@engines.example|+44 7400 123456|Ada King|chat|t1|Hello",
            "2: t1#2#ada@engines.example|message_sent|ada@engines.example|||chat|t1|Hi",
        ]
    );
    assert!(rows[2].starts_with("3! this is no message"), "{rows:?}");
}

#[test]
fn chats_of_zendesk_tell_who_is_a_visitor_and_who_of_us() {
    let text = r##"{"count":1,"chats":[{"id":"2611.abc","type":"chat","timestamp":"2026-11-27T09:30:00Z",
      "visitor":{"id":"7.xyz","name":"Visitor 12","email":"ada@engines.example","phone":""},"agent_names":["Bo"],
      "history":[
       {"type":"chat.memberjoin","name":"Visitor 12","nick":"visitor:7.xyz","timestamp":"2026-11-27T09:30:00Z"},
       {"type":"chat.msg","msg_id":"m1","name":"Visitor 12","nick":"visitor:7.xyz","msg":"My cup broke","timestamp":"2026-11-27T09:30:05Z"},
       {"type":"chat.msg","msg_id":"m2","name":"Bo","nick":"agent:42","msg":"Sorry!","timestamp":"2026-11-27T09:31:00Z"}]},
      {"id":"2612.def","type":"offline_msg","timestamp":"2026-11-27T10:00:00Z","message":"Call me",
       "visitor":{"id":"8.abc","name":"Wang","email":"wang@other.example","phone":"+86 138 1234 5678"}}]}"##;

    let rows = read(
        text,
        TalkForm::Json,
        &[],
        &[
            "message_id",
            "event",
            "correspondent_email",
            "thread",
            "text",
        ],
    );

    assert_eq!(
        rows,
        [
            "note",
            "1: 2611.abc#m1|message_received|ada@engines.example|2611.abc|My cup broke",
            "2: 2611.abc#m2#7.xyz|message_sent|ada@engines.example|2611.abc|Sorry!",
            "3: 2612.def|message_received|wang@other.example||Call me",
        ]
    );
}

#[test]
fn talks_of_telegram_slack_facebook_and_x_are_read_alike() {
    let telegram = r#"{"name":"Ada","type":"personal_chat","id":123,"messages":[
        {"id":1,"type":"service","date":"2026-11-27T09:30:00","actor":"Ada","action":"phone_call"},
        {"id":2,"type":"message","date":"2026-11-27T09:30:00","date_unixtime":"1795771800","from":"Ada","from_id":"user123","text":["See ",{"type":"link","text":"a.example"}]},
        {"id":3,"type":"message","date":"2026-11-27T09:31:00","date_unixtime":"1795771860","from":"Me","from_id":"user1","text":"ok"}]}"#;
    let slack = r#"[{"type":"message","user":"U1","text":"hi","ts":"1795771800.000100","user_profile":{"real_name":"Ada King"}}]"#;
    let facebook = r#"{"participants":[{"name":"Ad\u00c3\u00a9"},{"name":"Me"}],"messages":[
        {"sender_name":"Ad\u00c3\u00a9","timestamp_ms":1795771800000,"content":"\u00e4\u00bd\u00a0\u00e5\u00a5\u00bd"},
        {"sender_name":"Me","timestamp_ms":1795771860000,"content":"hi"}],"title":"Ada","thread_path":"inbox/ada_1"}"#;
    let x = r#"window.YTD.direct_messages.part0 = [{"dmConversation":{"conversationId":"1-2","messages":[
        {"messageCreate":{"recipientId":"2","text":"hello","senderId":"1","id":"77","createdAt":"2026-11-27T09:30:00.000Z"}}]}}]"#;
    let columns = [
        "event",
        "date",
        "correspondent_id",
        "correspondent_name",
        "thread",
        "text",
    ];

    assert_eq!(
        read(telegram, TalkForm::Json, &["me"], &columns),
        [
            "note",
            "1: message_received|1795771800|user123|Ada|123|See a.example",
            "2: message_sent|1795771860|user123|Ada|123|ok",
        ]
    );
    assert_eq!(
        read(slack, TalkForm::Json, &[], &columns),
        ["1: message_received|1795771800|U1|Ada King||hi"]
    );
    assert_eq!(
        read(facebook, TalkForm::Json, &["Me"], &columns),
        [
            "1: message_received|1795771800000|Adé|Adé|inbox/ada_1|你好",
            "2: message_sent|1795771860000|Adé|Adé|inbox/ada_1|hi",
        ]
    );
    assert_eq!(
        read(x, TalkForm::Json, &["1"], &columns),
        ["1: message_sent|2026-11-27T09:30:00.000Z|2||1-2|hello"]
    );
}

#[test]
fn comments_and_their_answers_are_read_with_the_handles_of_their_authors() {
    let text = r#"{"data":[{"id":"c1","from":{"id":"9","name":"Ada"},"message":"Broken again","created_time":"2026-11-27T09:30:00+0000",
        "comments":{"data":[{"id":"c2","from":{"id":"1","name":"Our Shop"},"message":"Sorry","created_time":"2026-11-27T09:31:00+0000","parent_id":"c1"}]},
        "replies":[{"id":"c3","username":"wang88","text":"me too","timestamp":"2026-11-27T09:32:00Z"}]}]}"#;

    let rows = read(
        text,
        TalkForm::Json,
        &[],
        &["message_id", "correspondent_id", "text"],
    );

    assert_eq!(
        rows,
        [
            "1: c1|9|Broken again",
            "2: c1#c2|1|Sorry",
            "3: c1#c3|wang88|me too",
        ]
    );
}

#[test]
fn a_document_that_is_cut_off_keeps_the_messages_before() {
    let text = r#"{"messages":[{"from":"Ada","date":"2026-11-27","text":"one"},{"from":"Ada","date":"2026-11-27","text":"tw"#;

    let rows = read(text, TalkForm::Json, &[], &["text"]);

    assert_eq!(rows[0], "1: one");
    assert!(rows[1].starts_with("2! the object is cut off"), "{rows:?}");
}

#[test]
fn chats_of_whatsapp_are_read_from_phones_of_both_kinds() {
    let android = "27/11/2026, 09:29 - Messages and calls are end-to-end encrypted. Only people in this chat can read\n\
                   27/11/2026, 09:30 - Ada King: Hello\nsecond line\n\n27/11/2026, 09:30 - Me: ok\n27/11/2026, 09:30 - Me: ok\n\
                   27/11/2026, 09:31 - +86 138 1234 5678: IMG-1.jpg (file attached)\n";
    let iphone = "\u{200e}[2026/11/27 09:30:15] 王小明: 你好\n\u{200e}[2026/11/27 09:31:00] 王小明: \u{200e}<attached: 1-PHOTO.jpg>\n";
    let columns = [
        "event",
        "date",
        "correspondent_name",
        "correspondent_phone",
        "text",
        "attachments",
    ];

    assert!(is_whatsapp(android.as_bytes()) && is_whatsapp(iphone.as_bytes()));
    assert!(!is_whatsapp(b"date,text\n27/11/2026 09:30,Ada - x: y\n"));
    let rows = read(android, TalkForm::WhatsApp, &["Me"], &columns);
    assert_eq!(
        rows,
        [
            "note",
            "1: message_received|27/11/2026 09:30|Ada King||Hello\nsecond line|",
            "2: message_sent|27/11/2026 09:30|Ada King||ok|",
            "3: message_sent|27/11/2026 09:30||+8613812345678|ok|",
            "4: message_sent|27/11/2026 09:30|Ada King||ok|",
            "5: message_sent|27/11/2026 09:30||+8613812345678|ok|",
            "6: message_received|27/11/2026 09:31||+8613812345678|IMG-1.jpg (file attached)|IMG-1.jpg",
        ]
    );
    let rows = read(iphone, TalkForm::WhatsApp, &[], &columns);
    assert_eq!(
        rows[0],
        "1: message_received|2026/11/27 09:30:15|王小明||你好|"
    );
    assert!(rows[1].ends_with("1-PHOTO.jpg"), "{rows:?}");
}

#[test]
fn the_same_words_said_twice_in_a_minute_are_two_messages_and_read_again_the_same_two() {
    let text = "27/11/2026, 09:30 - Ada: ok\n27/11/2026, 09:30 - Ada: ok\n";

    let once = read(text, TalkForm::WhatsApp, &[], &["message_id"]);
    let again = read(text, TalkForm::WhatsApp, &[], &["message_id"]);

    assert_ne!(once[0][3..], once[1][3..]);
    assert_eq!(once, again);
}
