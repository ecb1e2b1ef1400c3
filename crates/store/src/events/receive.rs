//! Events that come over HTTP: taken once each and entered in the ledger, in one transaction.

use std::collections::{BTreeMap, HashMap, HashSet};

use futures::FutureExt as _;
use rapport_domain::{Event, SourceId, Timestamp};
use sea_orm::DatabaseTransaction;

use super::{append_in, people, seen, strangers, told_of, waiting_in};
use crate::ledger::{self, Channel, Entry, Outcome};
use crate::{Store, StoreError};

/// What a source has sent.
#[derive(Debug, Clone, PartialEq)]
pub struct ReceivedEvents {
    /// The source.
    pub source_id: SourceId,
    /// When it arrived.
    pub received_at: Timestamp,
    /// What came, counted where it came in, before anything was made of it.
    pub n_seen: u64,
    /// The events; a message that was seen within days is dropped.
    pub events: Vec<Event>,
    /// Events that are not taken, by reason.
    pub rejected: BTreeMap<&'static str, u64>,
    /// What some of the events tell of people, as JSON, by their keys.
    pub told: HashMap<String, String>,
    /// What the source calls people of these events whom nobody knows, with their e-mail addresses.
    pub strangers: BTreeMap<String, Option<String>>,
    /// The key of the delivery of which these events are the last, where the source gives it one.
    pub delivery: Option<String>,
}

/// What became of received events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Receipt {
    /// Events in the inbox that were not there before.
    pub n_stored: u64,
    /// Events that were taken earlier or twice in this delivery.
    pub n_duplicate: u64,
    /// Events that were not taken.
    pub n_rejected: u64,
}

/// Takes events in and enters what became of each; all of it is durable when this returns.
///
/// # Errors
/// [`StoreError::AlreadyDelivered`] where the delivery is one that was taken in, by another request at
/// the same moment as well; another [`StoreError`] where the database fails. Nothing was taken and
/// nothing entered then.
pub async fn receive(store: &Store, received: ReceivedEvents) -> Result<Receipt, StoreError> {
    store
        .write_unsearched(move |tx| receive_in(tx, received).boxed())
        .await
}

async fn receive_in(
    tx: &DatabaseTransaction,
    received: ReceivedEvents,
) -> Result<Receipt, StoreError> {
    let source = received.source_id;
    let n_rejected: u64 = received.rejected.values().sum();
    let hash = |event: &Event| seen::hash(source, &event.message_id);
    let hashes: HashSet<_> = received.events.iter().map(hash).collect();
    let mut unseen = seen::note(tx, &hashes, received.received_at).await?;
    let events = received.events.into_iter();
    // Of a message that is there twice the first counts.
    let (new, known): (Vec<Event>, Vec<Event>) =
        events.partition(|event| unseen.remove(&hash(event)));
    let (mut new, waiting) = not_waiting(tx, new).await?;
    told_of::note_contacts_of(tx, &mut new).await?;
    let told = new
        .iter()
        .filter_map(|event| received.told.get(&event.message_id));
    let told: Vec<String> = told.cloned().collect();
    people::tell(tx, source, &told).await?;
    if let Some(delivery) = &received.delivery {
        let hash = seen::delivery_hash(source, delivery);
        let new = seen::note(tx, &HashSet::from([hash]), received.received_at).await?;
        if new.is_empty() {
            return Err(StoreError::AlreadyDelivered);
        }
    }
    // Each number is counted where it is found and none follows from the others: where an event is
    // lost between here and the inbox, they do not add up.
    let receipt = Receipt {
        n_stored: append_in(tx, new).await?,
        n_duplicate: (known.len() + waiting.len()) as u64,
        n_rejected,
    };
    let mut outcomes = vec![
        (Outcome::Seen, received.n_seen),
        (Outcome::Stored, receipt.n_stored),
        (Outcome::Duplicate, receipt.n_duplicate),
    ];
    let reasons = received.rejected.into_iter();
    outcomes.extend(reasons.map(|(reason, n)| (Outcome::Rejected(reason.to_owned()), n)));
    // Last, since others wait for these rows until the commit.
    strangers::note(tx, source, &received.strangers, received.received_at).await?;
    let entry = Entry {
        source_id: source,
        day: received.received_at.date(),
        channel: Channel::Events,
        outcomes,
    };
    ledger::enter(tx, entry).await?;
    Ok(receipt)
}

/// Parts events from those of whose message the inbox has one, that came in before messages were
/// noted or by another way.
async fn not_waiting(
    tx: &DatabaseTransaction,
    events: Vec<Event>,
) -> Result<(Vec<Event>, Vec<Event>), StoreError> {
    let Some(first) = events.first() else {
        return Ok((events, Vec::new()));
    };
    // All of them came from one source.
    let messages: Vec<&str> = events.iter().map(|it| it.message_id.as_str()).collect();
    let waiting = waiting_in(tx, &first.source, &messages).await?;
    let is_new = |event: &Event| !waiting.contains(&event.message_id);
    Ok(events.into_iter().partition(is_new))
}
