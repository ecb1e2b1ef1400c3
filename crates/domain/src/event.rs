//! Events: what happened, when, with whom; the history that features are built from.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{ContactId, Currency, EventId, Invalid, Timestamp};

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// One line of an order was bought. Carries order, product, quantity, amount.
    ProductOrdered,
    /// One line was taken back: quantity and amount are negative.
    ProductReturned,
    /// A page was seen.
    PageViewed,
    /// A ticket was opened.
    TicketOpened,
    /// A message came from the customer.
    MessageReceived,
    /// A message went to the customer.
    MessageSent,
    /// A campaign's message went to the customer.
    CampaignSent,
    /// A campaign's message was opened.
    CampaignOpened,
    /// A campaign's link was followed.
    CampaignClicked,
    /// Anything else, by its name as sent.
    Other(String),
}

impl EventKind {
    /// The name in storage, in SQL and in the API.
    pub fn as_str(&self) -> &str {
        match self {
            Self::ProductOrdered => "product_ordered",
            Self::ProductReturned => "product_returned",
            Self::PageViewed => "page_viewed",
            Self::TicketOpened => "ticket_opened",
            Self::MessageReceived => "message_received",
            Self::MessageSent => "message_sent",
            Self::CampaignSent => "campaign_sent",
            Self::CampaignOpened => "campaign_opened",
            Self::CampaignClicked => "campaign_clicked",
            Self::Other(name) => name,
        }
    }
}

impl FromStr for EventKind {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "" => return Err(Invalid::one("/kind", "blank", "name the kind of the event")),
            "product_ordered" => Self::ProductOrdered,
            "product_returned" => Self::ProductReturned,
            "page_viewed" => Self::PageViewed,
            "ticket_opened" => Self::TicketOpened,
            "message_received" => Self::MessageReceived,
            "message_sent" => Self::MessageSent,
            "campaign_sent" => Self::CampaignSent,
            "campaign_opened" => Self::CampaignOpened,
            "campaign_clicked" => Self::CampaignClicked,
            other if other.chars().count() <= 100 => Self::Other(other.to_owned()),
            _ => {
                let message = "an event's kind has at most 100 characters";
                return Err(Invalid::one("/kind", "too_long", message));
            }
        })
    }
}

impl Serialize for EventKind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for EventKind {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Identifier.
    pub id: EventId,
    /// System that reported it.
    pub source: String,
    /// The source's key of this event; a repeated key is the same event.
    pub message_id: String,
    /// With whom; events may be anonymous.
    pub customer_id: Option<ContactId>,
    /// What happened.
    pub kind: EventKind,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When we learned of it.
    pub received_at: Timestamp,
    /// Order number at the source.
    pub order_id: Option<String>,
    /// Product's stock-keeping unit.
    pub sku: Option<String>,
    /// Product's category.
    pub category: Option<String>,
    /// Units; negative when taken back.
    pub quantity: Option<f64>,
    /// Amount in minor units; negative when taken back.
    pub amount_minor: Option<i64>,
    /// Currency of the amount.
    pub currency: Option<Currency>,
    /// Everything else, as a JSON object.
    pub properties: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_reads_back_as_written() {
        for name in ["product_ordered", "campaign_clicked", "Video Played"] {
            assert_eq!(name.parse::<EventKind>().unwrap().as_str(), name);
        }
        assert!("".parse::<EventKind>().is_err());
    }
}
