use rapport_ingest::events::{BodyFault, Call, EVENT_BYTES_MAX, EventFault, read_batch, read_call};
use serde_json::{Value, json};

use super::{read, terms};

#[track_caller]
fn check(message: Value, fault: EventFault) {
    assert_eq!(read(&message).err(), Some(fault), "{message}");
}

#[test]
fn each_bad_event_has_its_reason() {
    check(json!("track"), EventFault::NotAnObject);
    check(json!({ "userId": "u1" }), EventFault::UnknownType);
    check(
        json!({ "type": "profile_set", "userId": "u1" }),
        EventFault::UnknownType,
    );
    let nobody = json!({ "type": "track", "event": "x", "userId": " ", "anonymousId": null });
    check(nobody, EventFault::NoId);
    check(
        json!({ "type": "track", "event": "x", "userId": ["u1"] }),
        EventFault::BadId,
    );
    check(
        json!({ "type": "track", "event": "x", "userId": "u".repeat(256) }),
        EventFault::BadId,
    );
    check(
        json!({ "type": "track", "userId": "u1" }),
        EventFault::BadName,
    );
    check(
        json!({ "type": "track", "event": "x".repeat(101), "userId": "u1" }),
        EventFault::BadName,
    );
    check(
        json!({ "type": "group", "userId": "u1" }),
        EventFault::NoGroup,
    );
    check(
        json!({ "type": "alias", "userId": "u1" }),
        EventFault::NoAlias,
    );
    let without_user = json!({ "type": "alias", "anonymousId": "a", "previousId": "b" });
    check(without_user, EventFault::NoAlias);
    check(
        json!({ "type": "track", "event": "x", "userId": "u1", "properties": [] }),
        EventFault::BadShape,
    );
    check(
        json!({ "type": "track", "event": "x", "userId": "u1", "context": "none" }),
        EventFault::BadShape,
    );
    check(
        json!({ "type": "track", "event": "x\0", "userId": "u1" }),
        EventFault::BadCharacter,
    );
    check(
        json!({ "type": "track", "event": "x", "userId": "\0u1" }),
        EventFault::BadCharacter,
    );
}

#[test]
fn an_event_may_have_32_kilobytes_and_not_one_byte_more() {
    let of_size = |size: usize| {
        let mut message =
            json!({ "type": "track", "event": "x", "userId": "u1", "properties": { "a": "" } });
        let rest = size - message.to_string().len();
        message["properties"]["a"] = "a".repeat(rest).into();
        message
    };

    assert!(read(&of_size(EVENT_BYTES_MAX)).is_ok());
    check(of_size(EVENT_BYTES_MAX + 1), EventFault::TooLarge);
}

#[test]
fn good_events_beside_bad_ones_are_taken() {
    let body = json!({ "batch": [
        { "type": "track", "event": "a", "userId": "u1" },
        7,
        { "type": "track", "event": "b", "userId": "u1" },
    ]});

    let events = read_batch(body.to_string().as_bytes(), &terms())
        .unwrap()
        .events;

    let are_taken: Vec<bool> = events.iter().map(Result::is_ok).collect();
    assert_eq!(are_taken, [true, false, true]);
}

#[test]
fn a_body_that_is_no_batch_is_refused_as_a_whole() {
    let read = |body: &str| read_batch(body.as_bytes(), &terms()).unwrap_err();

    for body in ["", "{\"batch\":[", "batch=1", "{\"batch\":[]} {}"] {
        assert!(matches!(read(body), BodyFault::NotJson { .. }), "{body}");
    }
    for body in ["[]", "{}", "{\"batch\":{}}"] {
        assert!(matches!(read(body), BodyFault::NoBatch { .. }), "{body}");
    }
}

#[test]
fn a_body_that_would_grow_by_reading_is_refused() {
    let batch = |n_events: usize, context_bytes: usize| {
        let body = json!({
            "batch": vec![json!({ "type": "track", "event": "x", "userId": "u1" }); n_events],
            "context": { "note": "x".repeat(context_bytes) },
        });
        read_batch(body.to_string().as_bytes(), &terms())
    };

    assert_eq!(batch(5_000, 10).unwrap().events.len(), 5_000);
    assert!(matches!(
        batch(5_001, 10),
        Err(BodyFault::TooMany { limit: 5_000 })
    ));
    assert!(batch(1, EVENT_BYTES_MAX - 100).is_ok());
    let wide = batch(1, EVENT_BYTES_MAX + 1);
    assert!(matches!(wide, Err(BodyFault::NoBatch { .. })));
}

#[test]
fn a_body_of_nested_lists_neither_overflows_nor_is_taken() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let body = format!("{{\"batch\":[{{\"type\":\"track\",\"properties\":{deep}}}]}}");

    let read = read_batch(body.as_bytes(), &terms());

    assert!(read.is_err() || read.is_ok_and(|delivery| delivery.events[0].is_err()));
}

#[test]
fn a_call_that_is_no_json_is_refused_and_one_that_is_no_object_is_a_bad_event() {
    let not_json = read_call(Call::Track, b"event=x", &terms());
    let no_object = read_call(Call::Track, b"[1]", &terms()).unwrap();

    assert!(matches!(not_json, Err(BodyFault::NotJson { .. })));
    assert_eq!(no_object.events, [Err(EventFault::NotAnObject)]);
}
