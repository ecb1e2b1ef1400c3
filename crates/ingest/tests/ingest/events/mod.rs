//! Segment's messages as its libraries send them, and what becomes of each.

mod bad;
mod calls;
mod clocks;

use rapport_domain::{Currency, Timestamp};
use rapport_ingest::events::{Call, EventFault, IncomingEvent, Terms, read_batch, read_call};
use serde_json::{Value, json};

/// 2026-01-05T09:00:00Z, when everything here arrives.
const RECEIVED: &str = "2026-01-05T09:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn terms() -> Terms {
    Terms {
        received_at: at(RECEIVED),
        currency: Currency::EUR,
    }
}

/// What a batch with this one message holds.
fn read(message: &Value) -> Result<IncomingEvent, EventFault> {
    let body = json!({ "batch": [message] }).to_string();
    let mut delivery = read_batch(body.as_bytes(), &terms()).unwrap();
    assert_eq!(delivery.events.len(), 1);
    delivery.events.remove(0)
}

/// What one call holds.
fn call(call: Call, message: &Value) -> Result<IncomingEvent, EventFault> {
    let mut delivery = read_call(call, message.to_string().as_bytes(), &terms()).unwrap();
    delivery.events.remove(0)
}

/// The properties that are kept.
fn properties(event: &IncomingEvent) -> Value {
    serde_json::from_str(event.properties.as_deref().unwrap()).unwrap()
}
