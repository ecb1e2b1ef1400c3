//! Messages of Segment's tracking API, as its libraries send them (segment.com/docs, "Spec").

use rapport_domain::Timestamp;
use serde_json::{Map, Value};

use super::reading::{Parts, Sale, by_our_clock, email, id, instant, kind, object};
use super::told::{Told, ToldOrder, anonymous_key};
use super::{Call, EVENT_BYTES_MAX, EventFault, IncomingEvent, Terms};

/// The event by which shops tell of an order (Segment's "E-commerce spec").
const ORDER: &str = "Order Completed";

/// What holds for all messages of a body.
#[derive(Debug, Default)]
pub(super) struct Envelope {
    /// The call, where the address names it.
    pub(super) call: Option<Call>,
    /// When the body left, by the sender's clock.
    pub(super) sent_at: Option<Value>,
    /// Context of messages that have none.
    pub(super) context: Option<Value>,
}

/// Reads one message.
pub(super) fn read(
    json: &str,
    envelope: &Envelope,
    terms: &Terms,
) -> Result<IncomingEvent, EventFault> {
    if json.len() > EVENT_BYTES_MAX {
        return Err(EventFault::TooLarge);
    }
    let Ok(Value::Object(mut message)) = serde_json::from_str(json) else {
        return Err(EventFault::NotAnObject);
    };
    let call = match envelope.call {
        Some(call) => call,
        None => call_of(&message)?,
    };
    let message_id = id(&mut message, "messageId")?;
    let user_id = id(&mut message, "userId")?;
    let anonymous_id = id(&mut message, "anonymousId")?;
    if user_id.is_none() && anonymous_id.is_none() {
        return Err(EventFault::NoId);
    }
    let times = Times::read(&message, envelope)?;
    let occurred_at = times.by_our_clock(terms)?;
    let kind = match call.kind() {
        Some(kind) => kind,
        None => kind(message.get("event"))?,
    };
    let mut said = said(call, &mut message)?;
    add_own(call, &mut message, &mut said, user_id.is_some())?;
    let context = context(&mut message, envelope)?;
    // The traits of a group are its own.
    let own = said.get("$traits").filter(|_| call == Call::Identify);
    let traits = own.or_else(|| context.get("traits"));
    let email = email(traits.and_then(Value::as_object), user_id.as_deref());
    let sale = match call {
        Call::Track => Sale::read(&said, terms),
        _ => Sale::default(),
    };
    let ids = [user_id.as_deref(), anonymous_id.as_deref()];
    let told = told(call, ids, &said, kind.as_str() == ORDER, occurred_at);
    if !context.is_empty() {
        said.insert("$context".to_owned(), Value::Object(context));
    }
    let parts = Parts {
        message_id,
        user_id,
        anonymous_id,
        email,
        kind,
        happened: times.happened,
        occurred_at,
        sale,
        said,
        told,
    };
    Ok(parts.finish())
}

fn call_of(message: &Map<String, Value>) -> Result<Call, EventFault> {
    let name = message.get("type").and_then(Value::as_str);
    name.and_then(Call::named).ok_or(EventFault::UnknownType)
}

/// What a message says of time.
struct Times {
    /// When it happened, by the sender's clock.
    happened: Option<Timestamp>,
    /// When it was sent, by the same clock.
    sent: Option<Timestamp>,
}

impl Times {
    fn read(message: &Map<String, Value>, envelope: &Envelope) -> Result<Self, EventFault> {
        let said = message
            .get("originalTimestamp")
            .filter(|value| !value.is_null())
            .or_else(|| message.get("timestamp"));
        let happened = match said {
            None | Some(Value::Null) => None,
            Some(value) => Some(instant(value).ok_or(EventFault::BadTime)?),
        };
        let sent = message.get("sentAt").or(envelope.sent_at.as_ref());
        Ok(Self {
            happened,
            sent: sent.and_then(instant),
        })
    }

    fn by_our_clock(&self, terms: &Terms) -> Result<Timestamp, EventFault> {
        match self.happened {
            None => Ok(terms.received_at),
            Some(happened) => by_our_clock(happened, self.sent, terms),
        }
    }
}

/// What a message tells of who somebody is; none where it only says what somebody did.
fn told(
    call: Call,
    [user_id, anonymous_id]: [Option<&str>; 2],
    said: &Map<String, Value>,
    is_order: bool,
    occurred_at: Timestamp,
) -> Option<Told> {
    let object = |key: &str| said.get(key).and_then(Value::as_object).cloned();
    let mut told = Told {
        user_id: user_id.map(str::to_owned),
        ..Told::default()
    };
    match call {
        Call::Identify => {
            told.aliases = anonymous_id.map(anonymous_key).into_iter().collect();
            told.traits = object("$traits").unwrap_or_default();
        }
        Call::Group => told.company = object("$traits").unwrap_or_default(),
        Call::Alias => {
            // The former id may have been one of a browser or one of a user.
            let previous = said.get("$previous_id").and_then(Value::as_str)?;
            told.aliases = vec![previous.to_owned(), anonymous_key(previous)];
            told.is_joined = true;
        }
        Call::Track if is_order => {
            told.order = Some(ToldOrder {
                at: occurred_at.as_micros(),
                properties: said.clone(),
            });
        }
        Call::Track | Call::Page | Call::Screen => return None,
    }
    told.is_about_somebody().then_some(told)
}

/// What the message tells: properties under their own names, traits under one of ours.
fn said(call: Call, message: &mut Map<String, Value>) -> Result<Map<String, Value>, EventFault> {
    match call {
        Call::Track | Call::Page | Call::Screen => object(message, "properties"),
        Call::Identify | Call::Group => {
            let traits = object(message, "traits")?;
            Ok(Map::from_iter([(
                "$traits".to_owned(),
                Value::Object(traits),
            )]))
        }
        Call::Alias => Ok(Map::new()),
    }
}

/// Adds what only this call has.
fn add_own(
    call: Call,
    message: &mut Map<String, Value>,
    said: &mut Map<String, Value>,
    has_user_id: bool,
) -> Result<(), EventFault> {
    let mut add = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            said.insert(key.to_owned(), value.into());
        }
    };
    match call {
        Call::Page | Call::Screen => {
            for (name, key) in [("name", "$name"), ("category", "$category")] {
                add(key, id(message, name)?);
            }
        }
        Call::Group => {
            let group = id(message, "groupId")?.ok_or(EventFault::NoGroup)?;
            add("$group_id", Some(group));
        }
        Call::Alias => {
            let previous = id(message, "previousId")?.filter(|_| has_user_id);
            add("$previous_id", Some(previous.ok_or(EventFault::NoAlias)?));
        }
        Call::Identify | Call::Track => {}
    }
    Ok(())
}

fn context(
    message: &mut Map<String, Value>,
    envelope: &Envelope,
) -> Result<Map<String, Value>, EventFault> {
    let own = object(message, "context")?;
    match &envelope.context {
        Some(Value::Object(shared)) if own.is_empty() => Ok(shared.clone()),
        _ => Ok(own),
    }
}
