//! Taking in what sources send: tied to the people whom they know, stored once, and counted.

use std::collections::{BTreeMap, HashMap, HashSet};

use rapport_domain::{ContactId, Event};
use rapport_ingest::events::{EventFault, IncomingEvent, Told, anonymous_key};
use rapport_store::events::{self, Receipt, ReceivedEvents};
use rapport_store::identities::{self, PersonKey, PersonMatch};
use rapport_store::sources::Source;

use crate::Workspace;
use crate::error::PipelineError;

/// Events that one transaction takes, so that a large delivery does not keep other writes waiting.
const TAKE_EVENTS: usize = 2_000;

/// Takes in a delivery of a source. What can be taken is durable when this returns, each message
/// once; what cannot is counted by its reason in the ledger.
///
/// # Errors
/// [`PipelineError::Store`] where the records cannot be read or written. Some of the events may
/// have been taken then; sending all of them again takes the rest.
pub async fn take_in(
    workspace: &Workspace,
    source: &Source,
    delivery: Vec<Incoming>,
) -> Result<Receipt, PipelineError> {
    take_delivery(workspace, source, delivery, None).await
}

/// As [`take_in`], of a delivery that has a key of its own: once all of it was taken,
/// [`is_delivered`](events::is_delivered) knows the key. Its events without keys get such as follow from
/// that and their places: taken in twice at once, or again after it was broken off, none counts twice.
///
/// # Errors
/// As [`take_in`]; [`StoreError::AlreadyDelivered`](rapport_store::StoreError::AlreadyDelivered) where
/// all of it was taken in meanwhile.
pub async fn take_delivery(
    workspace: &Workspace,
    source: &Source,
    delivery: Vec<Incoming>,
    key: Option<String>,
) -> Result<Receipt, PipelineError> {
    let mut sum = Receipt::default();
    let delivery = match &key {
        Some(key) => keyed(delivery, key),
        None => delivery,
    };
    let mut rest = delivery.into_iter();
    while rest.len() > 0 {
        let piece: Vec<Incoming> = rest.by_ref().take(TAKE_EVENTS).collect();
        let key = key.clone().filter(|_| rest.len() == 0);
        let receipt = take_piece(workspace, source, piece, key).await?;
        sum.n_stored += receipt.n_stored;
        sum.n_duplicate += receipt.n_duplicate;
        sum.n_rejected += receipt.n_rejected;
    }
    Ok(sum)
}

/// An event as it was read, or why it is not taken.
type Incoming = Result<IncomingEvent, EventFault>;

/// Gives events without keys such as follow from that of their delivery.
fn keyed(mut delivery: Vec<Incoming>, key: &str) -> Vec<Incoming> {
    for (place, event) in delivery.iter_mut().enumerate() {
        if let Ok(event) = event {
            let message = &mut event.message_id;
            message.get_or_insert_with(|| format!("delivery:{key}:{place}"));
        }
    }
    delivery
}

async fn take_piece(
    workspace: &Workspace,
    source: &Source,
    delivery: Vec<Incoming>,
    key: Option<String>,
) -> Result<Receipt, PipelineError> {
    let mut received = ReceivedEvents {
        source_id: source.id,
        received_at: workspace.clock.now(),
        n_seen: delivery.len() as u64,
        events: Vec::with_capacity(delivery.len()),
        rejected: BTreeMap::new(),
        told: HashMap::new(),
        strangers: BTreeMap::new(),
        delivery: key,
    };
    let mut incoming = Vec::with_capacity(delivery.len());
    for event in delivery {
        match event {
            Ok(event) => incoming.push(event),
            Err(fault) => *received.rejected.entry(fault.code()).or_default() += 1,
        }
    }
    let people = People::of(workspace, source, &incoming).await?;
    for event in incoming {
        let person = key_of(&event);
        let customer = person.as_ref().and_then(|key| people.customer(key));
        if let Some(person) = person.filter(|key| !people.is_named(key)) {
            note_stranger(&mut received.strangers, person);
        }
        let told = event.told.as_ref().map(told_text);
        let event = event_of(workspace, source, event, customer);
        // Of a message that is there twice the first one counts, and what it told.
        if let Some(told) = told {
            let first = received.told.entry(event.message_id.clone());
            first.or_insert(told);
        }
        received.events.push(event);
    }
    let tells_of_people = !received.told.is_empty();
    let upkeep = &workspace.upkeep;
    let expected = upkeep.expect(received.events.len() as u64);
    let receipt = events::receive(&workspace.store, received).await?;
    upkeep.note_written(expected, receipt.n_stored);
    if tells_of_people {
        upkeep.has_people.notify_one();
    }
    Ok(receipt)
}

/// What is told, in the words in which it waits.
fn told_text(told: &Told) -> String {
    serde_json::to_string(told).expect("what is told has only plain values")
}

/// Notes somebody whom nobody knows by what the source calls them, and their e-mail address, which
/// another event may have told.
fn note_stranger(strangers: &mut BTreeMap<String, Option<String>>, person: PersonKey) {
    let Some(key) = person.profile_key() else {
        return;
    };
    let address = strangers.entry(key).or_default();
    if address.is_none() {
        *address = person.email.as_ref().map(ToString::to_string);
    }
}

/// The people whom events name, as far as they are known.
#[derive(Default)]
struct People {
    known: HashMap<PersonKey, PersonMatch>,
    /// Whom an address tells, by what the source calls them: other events of a delivery may leave the
    /// address out.
    by_name: HashMap<String, ContactId>,
}

impl People {
    async fn of(
        workspace: &Workspace,
        source: &Source,
        incoming: &[IncomingEvent],
    ) -> Result<Self, PipelineError> {
        let mut met = HashSet::new();
        let keys = incoming.iter().filter_map(key_of);
        let keys: Vec<PersonKey> = keys.filter(|key| met.insert(key.clone())).collect();
        if keys.is_empty() {
            return Ok(Self::default());
        }
        let matches = identities::resolve(&workspace.store, source.id, &keys).await?;
        let mut people = Self::default();
        for (key, found) in keys.into_iter().zip(matches) {
            let Some(found) = found else { continue };
            if let Some(name) = &key.external_id {
                let contact = people.by_name.entry(name.clone());
                contact.or_insert(found.contact_id);
            }
            people.known.insert(key, found);
        }
        Ok(people)
    }

    fn customer(&self, key: &PersonKey) -> Option<ContactId> {
        let known = self.known.get(key).map(|found| found.contact_id);
        known.or_else(|| self.by_name.get(key.external_id.as_ref()?).copied())
    }

    /// Whether whoever it is needs no looking up any more: known by what the source calls them, or, where
    /// it calls them nothing, by their address, which each of their events has to tell.
    fn is_named(&self, key: &PersonKey) -> bool {
        let found = self.known.get(key);
        found.is_some_and(|found| found.identity_id.is_some() || key.external_id.is_none())
    }
}

/// What the person of an event is known by: the id of the user, else that of the browser or device.
fn key_of(event: &IncomingEvent) -> Option<PersonKey> {
    let anonymous = || event.anonymous_id.as_deref().map(anonymous_key);
    let key = PersonKey {
        external_id: event.user_id.clone().or_else(anonymous),
        email: event.email.clone(),
        phone: None,
    };
    key.profile_key().is_some().then_some(key)
}

fn event_of(
    workspace: &Workspace,
    source: &Source,
    event: IncomingEvent,
    customer: Option<ContactId>,
) -> Event {
    let id: rapport_domain::EventId = workspace.ids.next(event.occurred_at);
    Event {
        id,
        source: source.name.clone(),
        // Without a key nobody can tell that it comes again.
        message_id: event.message_id.unwrap_or_else(|| id.to_string()),
        customer_id: customer,
        kind: event.kind,
        occurred_at: event.occurred_at,
        received_at: workspace.clock.now(),
        order_id: event.order_id,
        sku: event.sku,
        category: event.category,
        quantity: event.quantity,
        amount_minor: event.amount.map(|amount| amount.amount_minor),
        currency: event.amount.map(|amount| amount.currency),
        properties: event.properties,
    }
}

#[cfg(test)]
mod tests;
