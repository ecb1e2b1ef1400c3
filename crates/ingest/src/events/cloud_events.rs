//! Events of other systems in the form of CloudEvents 1.0 (cloudevents.io): an object of attributes
//! and data, or a list of them. What comes with its attributes in headers is made such an object
//! before.

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::body::{BATCH_EVENTS_MAX, Delivery};
use super::reading::{
    ID_CHARS_MAX, Parts, Sale, by_our_clock, email, hash, id, instant, keepable, kind,
};
use super::{BodyFault, EVENT_BYTES_MAX, EventFault, IncomingEvent, Terms};

/// Versions of the form that are read: those that differ from 1.0 in nothing that matters.
const VERSIONS: &str = "1.";
/// Names under which attributes or data name a person whom the sender knows, and a browser or device.
const USER_IDS: [&str; 2] = ["userId", "user_id"];
const ANONYMOUS_IDS: [&str; 2] = ["anonymousId", "anonymous_id"];

/// Reads one event.
///
/// # Errors
/// [`BodyFault::NotJson`] where the body is no JSON.
pub fn read_cloud_event(json: &[u8], terms: &Terms) -> Result<Delivery, BodyFault> {
    let message: &RawValue = serde_json::from_slice(json).map_err(not_json)?;
    Ok(Delivery {
        events: vec![read(message.get(), terms)],
    })
}

/// Reads a list of events.
///
/// # Errors
/// [`BodyFault`] where the body as a whole cannot be read. What is wrong with one event stands among
/// the events.
pub fn read_cloud_events(json: &[u8], terms: &Terms) -> Result<Delivery, BodyFault> {
    let messages: Vec<&RawValue> = serde_json::from_slice(json).map_err(not_json)?;
    if messages.len() > BATCH_EVENTS_MAX {
        return Err(BodyFault::TooMany {
            limit: BATCH_EVENTS_MAX,
        });
    }
    let events = messages.iter().map(|message| read(message.get(), terms));
    Ok(Delivery {
        events: events.collect(),
    })
}

fn not_json(error: serde_json::Error) -> BodyFault {
    BodyFault::NotJson {
        reason: error.to_string(),
    }
}

fn read(json: &str, terms: &Terms) -> Result<IncomingEvent, EventFault> {
    if json.len() > EVENT_BYTES_MAX {
        return Err(EventFault::TooLarge);
    }
    let Ok(Value::Object(mut message)) = serde_json::from_str(json) else {
        return Err(EventFault::NotAnObject);
    };
    let version = message.remove("specversion");
    let version = version.as_ref().and_then(Value::as_str);
    if !version.is_some_and(|version| version.starts_with(VERSIONS)) {
        return Err(EventFault::BadSpecVersion);
    }
    let event_id = required(&mut message, "id", EventFault::NoEventId)?;
    let source = required(&mut message, "source", EventFault::NoEventSource)?;
    // Its source and id together tell it from all others; both are kept in the clear where they fit.
    let clear = format!("{source}#{event_id}");
    let message_id = match clear.chars().count() {
        0..=ID_CHARS_MAX => clear,
        _ => hash(&[&source, &event_id]),
    };
    let kind = match message.remove("type") {
        None => return Err(EventFault::UnknownType),
        named => kind(named.as_ref())?,
    };
    let happened = match message.remove("time") {
        None | Some(Value::Null) => None,
        Some(time @ Value::String(_)) => Some(instant(&time).ok_or(EventFault::BadTime)?),
        Some(_) => return Err(EventFault::BadTime),
    };
    let occurred_at = match happened {
        None => terms.received_at,
        Some(happened) => by_our_clock(happened, None, terms)?,
    };
    let mut said = match message.remove("data") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(data)) => data,
        Some(data) => Map::from_iter([("$data".to_owned(), data)]),
    };
    let user_id = person(&mut message, "userid", &said, USER_IDS)?;
    let anonymous_id = person(&mut message, "anonymousid", &said, ANONYMOUS_IDS)?;
    let email = email(Some(&said), user_id.as_deref());
    let sale = Sale::read(&said, terms);
    said.insert("$source".to_owned(), source.into());
    for (name, value) in message {
        said.insert(format!("${name}"), value);
    }
    let parts = Parts {
        message_id: Some(message_id),
        user_id,
        anonymous_id,
        email,
        kind,
        happened,
        occurred_at,
        sale,
        said,
        told: None,
    };
    Ok(parts.finish())
}

fn required(
    message: &mut Map<String, Value>,
    name: &str,
    fault: EventFault,
) -> Result<String, EventFault> {
    match message.remove(name) {
        Some(Value::String(text)) if !text.is_empty() => {
            keepable(&text)?;
            Ok(text)
        }
        _ => Err(fault),
    }
}

/// The id of a person: an attribute, else a field of the data, where it stays.
fn person(
    message: &mut Map<String, Value>,
    attribute: &str,
    data: &Map<String, Value>,
    fields: [&str; 2],
) -> Result<Option<String>, EventFault> {
    if let Some(found) = id(message, attribute)? {
        return Ok(Some(found));
    }
    let field = fields.iter().find_map(|name| data.get(*name));
    let mut field: Map<String, Value> = field
        .map(|value| (attribute.to_owned(), value.clone()))
        .into_iter()
        .collect();
    id(&mut field, attribute)
}
