use rapport_ingest::events::EventFault;
use serde_json::{Value, json};

use super::{RECEIVED, at, read};

/// When a message with these fields happened; everything arrives at [`RECEIVED`].
#[track_caller]
fn check(fields: Value, expected: Result<&str, EventFault>) {
    let mut message = json!({ "type": "track", "event": "x", "userId": "u1" });
    message
        .as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());

    let occurred_at = read(&message).map(|event| event.occurred_at);

    assert_eq!(occurred_at, expected.map(at), "{message}");
}

#[test]
fn a_clock_that_is_wrong_is_corrected_by_when_it_says_that_it_sent() {
    let an_hour_ahead =
        json!({ "timestamp": "2026-01-05T09:59:30Z", "sentAt": "2026-01-05T10:00:00Z" });
    let years_behind =
        json!({ "timestamp": "2001-01-01T00:00:00Z", "sentAt": "2001-01-01T00:10:00Z" });

    check(an_hour_ahead, Ok("2026-01-05T08:59:30Z"));
    check(years_behind, Ok("2026-01-05T08:50:00Z"));
}

#[test]
fn without_a_time_of_sending_the_time_is_taken_at_its_word() {
    check(
        json!({ "timestamp": "2025-12-24T18:00:00+01:00" }),
        Ok("2025-12-24T17:00:00Z"),
    );
    check(
        json!({ "timestamp": 1_766_595_600_000_i64 }),
        Ok("2025-12-24T17:00:00Z"),
    );
    check(
        json!({ "timestamp": 1_766_595_600 }),
        Ok("2025-12-24T17:00:00Z"),
    );
}

#[test]
fn without_a_time_it_is_now() {
    check(json!({}), Ok(RECEIVED));
    check(
        json!({ "timestamp": null, "sentAt": "2026-01-05T10:00:00Z" }),
        Ok(RECEIVED),
    );
}

#[test]
fn a_time_of_sending_that_cannot_be_read_corrects_nothing() {
    check(
        json!({ "timestamp": "2026-01-05T08:00:00Z", "sentAt": "yesterday" }),
        Ok("2026-01-05T08:00:00Z"),
    );
}

#[test]
fn the_original_time_is_the_one_that_a_forwarder_has_not_touched() {
    check(
        json!({
            "originalTimestamp": "2026-01-05T08:00:00Z", "sentAt": "2026-01-05T09:00:00Z",
            "timestamp": "2026-01-05T08:30:00Z",
        }),
        Ok("2026-01-05T08:00:00Z"),
    );
}

#[test]
fn what_is_no_time_or_of_another_age_is_refused() {
    check(
        json!({ "timestamp": "yesterday" }),
        Err(EventFault::BadTime),
    );
    check(json!({ "timestamp": true }), Err(EventFault::BadTime));
    check(
        json!({ "timestamp": "1969-12-31T23:59:59Z" }),
        Err(EventFault::BadTime),
    );
    check(
        json!({ "timestamp": "2026-01-06T08:59:59Z" }),
        Ok("2026-01-06T08:59:59Z"),
    );
    check(
        json!({ "timestamp": "2026-01-06T09:00:01Z" }),
        Err(EventFault::InTheFuture),
    );
}
