//! An event as it came in, whoever sent it and in whatever words.

use rapport_domain::{Currency, EmailAddress, EventKind, Money, Timestamp};

use super::Told;

/// What an event is read by, besides its own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// When it arrived.
    pub received_at: Timestamp,
    /// Currency of amounts that name none.
    pub currency: Currency,
}

/// One event as a source sent it.
#[derive(Debug, Clone, PartialEq)]
pub struct IncomingEvent {
    /// The source's key of this event, else one that follows from what it says; a repeated key is the
    /// same event. None where it has no key and tells no time.
    pub message_id: Option<String>,
    /// What the source calls the person.
    pub user_id: Option<String>,
    /// What the source calls a browser or device whose person it may not know.
    pub anonymous_id: Option<String>,
    /// The person's e-mail address, where the event tells one.
    pub email: Option<EmailAddress>,
    /// What happened.
    pub kind: EventKind,
    /// When it happened, by our clock.
    pub occurred_at: Timestamp,
    /// Order number.
    pub order_id: Option<String>,
    /// Product's stock-keeping unit.
    pub sku: Option<String>,
    /// Product's category.
    pub category: Option<String>,
    /// Units.
    pub quantity: Option<f64>,
    /// Amount.
    pub amount: Option<Money>,
    /// Everything that it said, as a JSON object: its properties under their own names, and what
    /// stands beside them under names that begin with a dollar sign.
    pub properties: Option<String>,
    /// What it tells of who somebody is.
    pub told: Option<Told>,
}
