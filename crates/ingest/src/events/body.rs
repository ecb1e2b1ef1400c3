//! Bodies with events: one call, or a batch of them.

use serde::Deserialize;
use serde_json::Value;
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::segment::{self, Envelope};
use super::{BodyFault, Call, EVENT_BYTES_MAX, EventFault, IncomingEvent, Terms};

/// The most events of one batch; libraries send some hundreds.
pub(super) const BATCH_EVENTS_MAX: usize = 5_000;

/// What a body holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// The events in their order, those that cannot be taken with the reason.
    pub events: Vec<Result<IncomingEvent, EventFault>>,
}

/// What stands around the messages of a batch.
#[derive(Debug, Deserialize)]
struct Batch<'a> {
    #[serde(borrow)]
    batch: Vec<&'a RawValue>,
    #[serde(rename = "sentAt")]
    sent_at: Option<Value>,
    context: Option<Value>,
}

/// Of a body only the key.
#[derive(Debug, Deserialize)]
struct Addressed {
    #[serde(rename = "writeKey")]
    write_key: Option<Value>,
}

/// The key of the source, where the body itself names it. All else is passed over unread, so that
/// who sends without a right to is found out at little cost.
pub fn key_in(body: &[u8]) -> Option<String> {
    let addressed: Addressed = serde_json::from_slice(body).ok()?;
    match addressed.write_key {
        Some(Value::String(key)) => Some(key),
        _ => None,
    }
}

/// Reads a batch: `{"batch": [{"type": "track", …}, …], "sentAt": …}`.
///
/// # Errors
/// [`BodyFault`] where the body as a whole cannot be read. What is wrong with one event stands
/// among the events.
pub fn read_batch(body: &[u8], terms: &Terms) -> Result<Delivery, BodyFault> {
    let batch: Batch<'_> = serde_json::from_slice(body).map_err(|error| {
        let reason = error.to_string();
        match error.classify() {
            Category::Data => BodyFault::NoBatch { reason },
            _ => BodyFault::NotJson { reason },
        }
    })?;
    check_size(&batch)?;
    let envelope = Envelope {
        call: None,
        sent_at: batch.sent_at,
        context: batch.context,
    };
    let messages = batch.batch.iter();
    let events = messages.map(|message| segment::read(message.get(), &envelope, terms));
    Ok(Delivery {
        events: events.collect(),
    })
}

/// Refuses what would be many times its size once it is read: each message gets a copy of the shared
/// context.
fn check_size(batch: &Batch<'_>) -> Result<(), BodyFault> {
    let n_events = batch.batch.len();
    if n_events > BATCH_EVENTS_MAX {
        return Err(BodyFault::TooMany {
            limit: BATCH_EVENTS_MAX,
        });
    }
    let context_bytes = batch
        .context
        .as_ref()
        .map_or(0, |context| context.to_string().len());
    if context_bytes > EVENT_BYTES_MAX {
        let reason = format!("its context is larger than {EVENT_BYTES_MAX} bytes");
        return Err(BodyFault::NoBatch { reason });
    }
    Ok(())
}

/// Reads the message of one call, whose type its address has told.
///
/// # Errors
/// [`BodyFault::NotJson`] where the body is no JSON.
pub fn read_call(call: Call, body: &[u8], terms: &Terms) -> Result<Delivery, BodyFault> {
    let message: &RawValue = serde_json::from_slice(body).map_err(|error| BodyFault::NotJson {
        reason: error.to_string(),
    })?;
    let envelope = Envelope {
        call: Some(call),
        sent_at: None,
        context: None,
    };
    Ok(Delivery {
        events: vec![segment::read(message.get(), &envelope, terms)],
    })
}
