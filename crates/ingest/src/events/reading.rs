//! What the messages of all protocols are read by.

use rapport_domain::{EmailAddress, EventKind, Money, Timestamp};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::told::Told;
use super::{EMAIL, EventFault, IncomingEvent, Terms};

/// Longest identifier, in characters.
pub(super) const ID_CHARS_MAX: usize = 255;
/// How far clocks may be apart before an event counts as one of the future, in seconds.
const AHEAD_MAX_SECONDS: i64 = 86_400;
/// Numbers of an instant below this are seconds, above milliseconds: 1973 by the latter.
const SECONDS_MAX: f64 = 1e11;
/// Largest amount in minor units and largest number of units that are believed.
const MINOR_MAX: i64 = 10_000_000_000_000;
const QUANTITY_MAX: f64 = 1e9;
/// Bytes of a hash by which a message is known that has no key of its own.
const STABLE_BYTES: usize = 16;

/// An event of which all is read.
pub(super) struct Parts {
    pub(super) message_id: Option<String>,
    pub(super) user_id: Option<String>,
    pub(super) anonymous_id: Option<String>,
    pub(super) email: Option<EmailAddress>,
    pub(super) kind: EventKind,
    /// When it happened, by the sender's clock.
    pub(super) happened: Option<Timestamp>,
    /// When it happened, by ours.
    pub(super) occurred_at: Timestamp,
    pub(super) sale: Sale,
    pub(super) said: Map<String, Value>,
    pub(super) told: Option<Told>,
}

impl Parts {
    /// The event. Whom it names is kept among what it says, by which it is found again once that is
    /// known of somebody.
    pub(super) fn finish(mut self) -> IncomingEvent {
        let ids = [
            ("$user_id", &self.user_id),
            ("$anonymous_id", &self.anonymous_id),
        ];
        for (key, id) in ids {
            // What the sender has under these names is not what they mean here.
            match id {
                Some(id) => self.said.insert(key.to_owned(), id.as_str().into()),
                None => self.said.remove(key),
            };
        }
        let properties = Value::Object(self.said).to_string();
        let people = [self.user_id.as_deref(), self.anonymous_id.as_deref()];
        let stable = || stable_id(self.kind.as_str(), people, self.happened, &properties);
        IncomingEvent {
            message_id: self.message_id.or_else(stable),
            email: self.email,
            occurred_at: self.occurred_at,
            order_id: self.sale.order_id,
            sku: self.sale.sku,
            category: self.sale.category,
            quantity: self.sale.quantity,
            amount: self.sale.amount,
            properties: Some(properties),
            told: self.told,
            user_id: self.user_id,
            anonymous_id: self.anonymous_id,
            kind: self.kind,
        }
    }
}

/// Takes an identifier out: a text, or a number, which some libraries send; none where it is blank.
pub(super) fn id(
    message: &mut Map<String, Value>,
    name: &str,
) -> Result<Option<String>, EventFault> {
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
pub(super) fn keepable(text: &str) -> Result<(), EventFault> {
    match text.contains('\0') {
        true => Err(EventFault::BadCharacter),
        false => Ok(()),
    }
}

pub(super) fn kind(event: Option<&Value>) -> Result<EventKind, EventFault> {
    let name = event.and_then(Value::as_str).unwrap_or_default().trim();
    keepable(name)?;
    name.parse().map_err(|_| EventFault::BadName)
}

/// When something happened by our clock. What the sender's clock is off by shows in when it says that
/// it sent: `received − (sent − happened)`.
pub(super) fn by_our_clock(
    happened: Timestamp,
    sent: Option<Timestamp>,
    terms: &Terms,
) -> Result<Timestamp, EventFault> {
    let received = terms.received_at;
    let at = match sent {
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
pub(super) fn instant(value: &Value) -> Option<Timestamp> {
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

/// The key of a message that has none: a hash of its type, whom and when it says that it is about,
/// and all else that it says. The same message sent again has the same one. Where a message tells no
/// time there is none: nobody can tell then that it comes again, and not that it happened again.
fn stable_id(
    kind: &str,
    people: [Option<&str>; 2],
    happened: Option<Timestamp>,
    said: &str,
) -> Option<String> {
    let at = happened?.as_micros().to_string();
    let [user, anonymous] = people.map(|id| id.unwrap_or_default());
    Some(hash(&[kind, user, anonymous, &at, said]))
}

/// A short text that stands for some texts.
pub(super) fn hash(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        // With its length before it, so that no two lists of parts read as one text.
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let digest = hasher.finalize();
    let hex = digest.iter().take(STABLE_BYTES);
    hex.map(|byte| format!("{byte:02x}")).collect()
}

/// Takes an object out; an empty one where there is none.
pub(super) fn object(
    message: &mut Map<String, Value>,
    name: &str,
) -> Result<Map<String, Value>, EventFault> {
    match message.remove(name) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(object)) => Ok(object),
        Some(_) => Err(EventFault::BadShape),
    }
}

/// The person's address: from the traits, else from an id that is one.
pub(super) fn email(
    traits: Option<&Map<String, Value>>,
    user_id: Option<&str>,
) -> Option<EmailAddress> {
    let of_traits = EMAIL
        .iter()
        .find_map(|name| traits.and_then(|traits| traits.get(*name)?.as_str()));
    [of_traits, user_id]
        .into_iter()
        .flatten()
        .filter(|text| !text.contains('\0'))
        .find_map(|text| text.parse().ok())
}

/// What properties say of an order or a product (Segment's "E-commerce spec").
#[derive(Debug, Default)]
pub(super) struct Sale {
    pub(super) order_id: Option<String>,
    pub(super) sku: Option<String>,
    pub(super) category: Option<String>,
    pub(super) quantity: Option<f64>,
    pub(super) amount: Option<Money>,
}

impl Sale {
    pub(super) fn read(said: &Map<String, Value>, terms: &Terms) -> Self {
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
