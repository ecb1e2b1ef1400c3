//! Messages of Segment's tracking API, as its libraries send them (segment.com/docs, "Spec").

use rapport_domain::{EmailAddress, EventKind, Money, Timestamp};
use serde_json::{Map, Value};

use super::{Call, EVENT_BYTES_MAX, EventFault, IncomingEvent, Terms};

/// Longest identifier, in characters.
const ID_CHARS_MAX: usize = 255;
/// How far clocks may be apart before an event counts as one of the future, in seconds.
const AHEAD_MAX_SECONDS: i64 = 86_400;
/// Numbers of an instant below this are seconds, above milliseconds: 1973 by the latter.
const SECONDS_MAX: f64 = 1e11;
/// Largest amount in minor units and largest number of units that are believed.
const MINOR_MAX: i64 = 10_000_000_000_000;
const QUANTITY_MAX: f64 = 1e9;

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
    let occurred_at = occurred_at(&message, envelope, terms)?;
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
    let email = email(traits, user_id.as_deref());
    let sale = Sale::read(call, &said, terms);
    for (key, value) in [
        ("$user_id", user_id.clone().map(Value::from)),
        ("$anonymous_id", anonymous_id.clone().map(Value::from)),
        (
            "$context",
            (!context.is_empty()).then_some(Value::Object(context)),
        ),
    ] {
        if let Some(value) = value {
            said.insert(key.to_owned(), value);
        }
    }
    Ok(IncomingEvent {
        message_id,
        user_id,
        anonymous_id,
        email,
        kind,
        occurred_at,
        order_id: sale.order_id,
        sku: sale.sku,
        category: sale.category,
        quantity: sale.quantity,
        amount: sale.amount,
        properties: Some(Value::Object(said).to_string()),
    })
}

fn call_of(message: &Map<String, Value>) -> Result<Call, EventFault> {
    let name = message.get("type").and_then(Value::as_str);
    name.and_then(Call::named).ok_or(EventFault::UnknownType)
}

/// Takes an identifier out: a text, or a number, which some libraries send; none where it is blank.
fn id(message: &mut Map<String, Value>, name: &str) -> Result<Option<String>, EventFault> {
    let text = match message.remove(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text,
        Some(Value::Number(number)) => number.to_string(),
        Some(_) => return Err(EventFault::BadId),
    };
    let text = text.trim();
    if text.chars().count() > ID_CHARS_MAX {
        return Err(EventFault::BadId);
    }
    keepable(text)?;
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// Refuses what PostgreSQL cannot keep in a text.
fn keepable(text: &str) -> Result<(), EventFault> {
    match text.contains('\0') {
        true => Err(EventFault::BadCharacter),
        false => Ok(()),
    }
}

fn kind(event: Option<&Value>) -> Result<EventKind, EventFault> {
    let name = event.and_then(Value::as_str).unwrap_or_default().trim();
    keepable(name)?;
    name.parse().map_err(|_| EventFault::BadName)
}

/// When it happened by our clock. What the sender's clock is off by shows in when it says that it
/// sent: `received − (sent − happened)`.
fn occurred_at(
    message: &Map<String, Value>,
    envelope: &Envelope,
    terms: &Terms,
) -> Result<Timestamp, EventFault> {
    let said = message
        .get("originalTimestamp")
        .filter(|value| !value.is_null())
        .or_else(|| message.get("timestamp"));
    let received = terms.received_at;
    let happened = match said {
        None | Some(Value::Null) => return Ok(received),
        Some(value) => instant(value).ok_or(EventFault::BadTime)?,
    };
    let sent = message.get("sentAt").or(envelope.sent_at.as_ref());
    let at = match sent.and_then(instant) {
        None => happened,
        Some(sent) => {
            let age = sent.as_micros().saturating_sub(happened.as_micros());
            Timestamp::from_micros(received.as_micros().saturating_sub(age))
        }
    };
    if at < Timestamp::from_micros(0) {
        return Err(EventFault::BadTime);
    }
    if at > received.plus_seconds(AHEAD_MAX_SECONDS) {
        return Err(EventFault::InTheFuture);
    }
    Ok(at)
}

/// An instant as RFC 3339, or as a number since 1970.
fn instant(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => {
            let number = number.as_f64()?;
            let millis = if number.abs() < SECONDS_MAX {
                number * 1e3
            } else {
                number
            };
            (millis.abs() < 1e15).then(|| Timestamp::from_micros((millis * 1e3) as i64))
        }
        _ => None,
    }
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

/// Takes an object out; an empty one where there is none.
fn object(message: &mut Map<String, Value>, name: &str) -> Result<Map<String, Value>, EventFault> {
    match message.remove(name) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(object)) => Ok(object),
        Some(_) => Err(EventFault::BadShape),
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

/// The person's address: from the traits, else from an id that is one.
fn email(traits: Option<&Value>, user_id: Option<&str>) -> Option<EmailAddress> {
    let of_traits = traits.and_then(|traits| traits.get("email")?.as_str());
    [of_traits, user_id]
        .into_iter()
        .flatten()
        .filter(|text| !text.contains('\0'))
        .find_map(|text| text.parse().ok())
}

/// What the properties of a track call say of an order or a product (Segment's "E-commerce spec").
#[derive(Debug, Default)]
struct Sale {
    order_id: Option<String>,
    sku: Option<String>,
    category: Option<String>,
    quantity: Option<f64>,
    amount: Option<Money>,
}

impl Sale {
    fn read(call: Call, said: &Map<String, Value>, terms: &Terms) -> Self {
        if call != Call::Track {
            return Self::default();
        }
        let text = |name: &str| short_text(said.get(name)?);
        let number = |name: &str| said.get(name).and_then(Value::as_f64);
        Self {
            order_id: text("order_id"),
            sku: text("sku").or_else(|| text("product_id")),
            category: text("category"),
            quantity: number("quantity").filter(|quantity| quantity.abs() <= QUANTITY_MAX),
            amount: ["revenue", "total", "value"]
                .into_iter()
                .find_map(|name| amount(said.get(name)?, said, terms)),
        }
    }
}

fn short_text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let is_kept = !text.is_empty() && !text.contains('\0') && text.chars().count() <= ID_CHARS_MAX;
    is_kept.then_some(text)
}

fn amount(value: &Value, said: &Map<String, Value>, terms: &Terms) -> Option<Money> {
    let named = said.get("currency").and_then(Value::as_str);
    let currency = named.map_or(Some(terms.currency), |code| code.parse().ok())?;
    let money = Money::parse_decimal(&short_text(value)?, currency).ok()?;
    (money.amount_minor.abs() <= MINOR_MAX).then_some(money)
}
