//! Events that come over HTTP: taken once each and entered in the ledger, in one transaction.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use futures::FutureExt as _;
use rapport_domain::{ContactId, Event, SourceId, Timestamp};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};
use uuid::Uuid;

use super::{append_in, seen};
use crate::ledger::{self, Channel, Entry, Outcome};
use crate::sql::{self, Sql};
use crate::{Store, StoreError, record};

/// What a source has sent.
#[derive(Debug, Clone, PartialEq)]
pub struct ReceivedEvents {
    /// The source.
    pub source_id: SourceId,
    /// When it arrived.
    pub received_at: Timestamp,
    /// The events; a message that was seen within days is dropped.
    pub events: Vec<Event>,
    /// Events that are not taken, by reason.
    pub rejected: BTreeMap<&'static str, u64>,
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
/// [`StoreError`] where the database fails; nothing was taken and nothing entered then.
pub async fn receive(store: &Store, received: ReceivedEvents) -> Result<Receipt, StoreError> {
    store
        .write(move |tx| receive_in(tx, received).boxed())
        .await
}

async fn receive_in(
    tx: &DatabaseTransaction,
    received: ReceivedEvents,
) -> Result<Receipt, StoreError> {
    let source = received.source_id;
    let n_events = received.events.len() as u64;
    let n_rejected: u64 = received.rejected.values().sum();
    let hash = |event: &Event| seen::hash(source, &event.message_id);
    let hashes: HashSet<_> = received.events.iter().map(hash).collect();
    let mut unseen = seen::note(tx, &hashes, received.received_at).await?;
    let events = received.events.into_iter();
    // Of a message that is there twice the first counts.
    let mut new: Vec<Event> = events.filter(|event| unseen.remove(&hash(event))).collect();
    note_contacts(tx, &mut new).await?;
    let n_stored = append_in(tx, new).await?;
    let receipt = Receipt {
        n_stored,
        n_duplicate: n_events - n_stored,
        n_rejected,
    };
    let mut outcomes = vec![
        (Outcome::Seen, n_events + n_rejected),
        (Outcome::Stored, n_stored),
        (Outcome::Duplicate, receipt.n_duplicate),
    ];
    let reasons = received.rejected.into_iter();
    outcomes.extend(reasons.map(|(reason, n)| (Outcome::Rejected(reason.to_owned()), n)));
    // Last, since others wait for these rows until the commit.
    let entry = Entry {
        source_id: source,
        day: received.received_at.date(),
        channel: Channel::Events,
        outcomes,
    };
    ledger::enter(tx, entry).await?;
    Ok(receipt)
}

/// Notes of whom events tell, so that no undo deletes them; an event of somebody who is gone by now is
/// one of nobody known.
async fn note_contacts(tx: &DatabaseTransaction, events: &mut [Event]) -> Result<(), StoreError> {
    let named: BTreeSet<ContactId> = events.iter().filter_map(|it| it.customer_id).collect();
    let named: Vec<ContactId> = named.into_iter().collect();
    let there = record::hold_fast(tx, "contacts", &named).await?;
    for event in events {
        let is_there = |id: &ContactId| there.contains(&Uuid::from(*id));
        event.customer_id = event.customer_id.filter(is_there);
    }
    let there: Vec<Uuid> = there.into_iter().collect();
    for chunk in there.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(tx.get_database_backend());
        sql.push("INSERT INTO event_contacts (contact_id) SELECT id FROM contacts WHERE id IN ");
        sql.bind_list(sql::ids(chunk));
        sql.push(" ON CONFLICT DO NOTHING");
        sql.execute(tx).await?;
    }
    Ok(())
}
