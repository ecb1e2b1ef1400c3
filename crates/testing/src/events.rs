//! Events with sensible defaults.

use rapport_domain::{ContactId, Currency, Event, EventId, EventKind, IdGenerator, Timestamp};

/// Builds events of one source; ids and message ids count up.
#[derive(Debug)]
pub struct EventBuilder {
    ids: IdGenerator,
    source: String,
    n_made: u64,
}

impl EventBuilder {
    /// A builder for one source.
    pub fn new(source: &str) -> Self {
        Self {
            ids: IdGenerator::new(1),
            source: source.to_owned(),
            n_made: 0,
        }
    }

    /// One ordered line: order number, product, units and amount in minor units of USD.
    pub fn ordered(
        &mut self,
        customer: ContactId,
        occurred_at: Timestamp,
        order: &str,
        amount_minor: i64,
    ) -> Event {
        Event {
            order_id: Some(order.to_owned()),
            sku: Some("sku-1".to_owned()),
            quantity: Some(1.0),
            amount_minor: Some(amount_minor),
            currency: Some(Currency::USD),
            ..self.of_kind(EventKind::ProductOrdered, Some(customer), occurred_at)
        }
    }

    /// An event of any kind without an order.
    pub fn of_kind(
        &mut self,
        kind: EventKind,
        customer: Option<ContactId>,
        occurred_at: Timestamp,
    ) -> Event {
        self.n_made += 1;
        Event {
            id: self.ids.next::<EventId>(occurred_at),
            source: self.source.clone(),
            message_id: format!("m{}", self.n_made),
            customer_id: customer,
            kind,
            occurred_at,
            received_at: occurred_at,
            order_id: None,
            sku: None,
            category: None,
            quantity: None,
            amount_minor: None,
            currency: None,
            properties: None,
        }
    }
}
