//! Taking in what sources send: tied to the people whom they know, stored once, and counted.

use std::collections::{BTreeMap, HashMap};

use rapport_domain::{ContactId, Event};
use rapport_ingest::events::{EventFault, IncomingEvent, Told, anonymous_key};
use rapport_store::events::{self, Receipt, ReceivedEvents};
use rapport_store::identities::{self, PersonKey};
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
/// [`is_delivered`](events::is_delivered) knows the key.
///
/// # Errors
/// As [`take_in`].
pub async fn take_delivery(
    workspace: &Workspace,
    source: &Source,
    delivery: Vec<Incoming>,
    key: Option<String>,
) -> Result<Receipt, PipelineError> {
    let mut sum = Receipt::default();
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
    let customers = customers(workspace, source, &incoming).await?;
    for event in incoming {
        let person = key_of(&event);
        let customer = person.as_ref().and_then(|key| customers.get(key).copied());
        if let (None, Some(person)) = (customer, person) {
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

/// Notes somebody whom nobody knows: what the source calls them and their e-mail address, which another
/// event may have told.
fn note_stranger(strangers: &mut BTreeMap<String, Option<String>>, person: PersonKey) {
    let Some(key) = person.profile_key() else {
        return;
    };
    let address = strangers.entry(key).or_default();
    if address.is_none() {
        *address = person.email.as_ref().map(ToString::to_string);
    }
}

/// Who the people are that events name, as far as they are known.
async fn customers(
    workspace: &Workspace,
    source: &Source,
    incoming: &[IncomingEvent],
) -> Result<HashMap<PersonKey, ContactId>, PipelineError> {
    let mut keys: Vec<PersonKey> = Vec::new();
    let mut places: HashMap<PersonKey, usize> = HashMap::new();
    for key in incoming.iter().filter_map(key_of) {
        places.entry(key.clone()).or_insert_with(|| {
            keys.push(key);
            keys.len() - 1
        });
    }
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let matches = identities::resolve(&workspace.store, source.id, &keys).await?;
    let known = keys.into_iter().zip(matches);
    Ok(known
        .filter_map(|(key, found)| Some((key, found?.contact_id)))
        .collect())
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
mod tests {
    use rapport_domain::{Currency, IdGenerator};
    use rapport_ingest::events::{Terms, read_batch};
    use rapport_store::ledger::{self, LedgerDay, LedgerQuery};
    use rapport_store::{contacts, sources};
    use rapport_testing::killed_at_wait;
    use serde_json::json;
    use tempfile::TempDir;

    use super::super::flush;
    use super::*;
    use crate::killed::{hand_clock, left_by_the_dead, open};

    /// A delivery of this many events with keys of their own, one that comes twice and one bad one.
    fn delivery(
        workspace: &Workspace,
        name: &str,
        n_events: usize,
    ) -> Vec<Result<IncomingEvent, EventFault>> {
        let message = |key: String| json!({ "type": "track", "event": "Seen", "userId": "u1", "messageId": key });
        let mut batch: Vec<_> = (0..n_events)
            .map(|idx| message(format!("{name}-{idx}")))
            .collect();
        batch.push(message(format!("{name}-0")));
        batch.push(json!({ "type": "track", "event": "Seen" }));
        let terms = Terms {
            received_at: workspace.clock.now(),
            currency: Currency::GBP,
        };
        let body = json!({ "batch": batch }).to_string();
        read_batch(body.as_bytes(), &terms).unwrap().events
    }

    async fn web(workspace: &Workspace) -> Source {
        let now = workspace.clock.now();
        let id = IdGenerator::from_entropy().next(now);
        sources::find_or_create(&workspace.store, "Web", id, now)
            .await
            .unwrap()
    }

    async fn ledger_of(workspace: &Workspace) -> LedgerDay {
        let today = workspace.clock.now().date();
        let query = LedgerQuery {
            source_id: None,
            from: today,
            until: today,
        };
        let mut days = ledger::list(&workspace.store, query).await.unwrap();
        assert_eq!(days.len(), 1);
        days.remove(0)
    }

    async fn n_events(workspace: &Workspace) -> u64 {
        workspace.events().await.unwrap().n_events()
    }

    #[tokio::test]
    async fn a_repeated_message_is_stored_once_also_after_its_file_and_the_next_start() {
        let dir = TempDir::new().unwrap();
        let workspace = open(dir.path(), hand_clock().0).await;
        let source = web(&workspace).await;
        let first = take_in(&workspace, &source, delivery(&workspace, "m", 3)).await;
        flush(&workspace).await.unwrap();
        workspace.store.close().await;
        drop(workspace);

        let workspace = open(dir.path(), hand_clock().0).await;
        let again = take_in(&workspace, &source, delivery(&workspace, "m", 3)).await;

        let (first, again) = (first.unwrap(), again.unwrap());
        assert_eq!(
            (first.n_stored, first.n_duplicate, first.n_rejected),
            (3, 1, 1)
        );
        assert_eq!(
            (again.n_stored, again.n_duplicate, again.n_rejected),
            (0, 4, 1)
        );
        assert_eq!(n_events(&workspace).await, 3);
    }

    #[tokio::test]
    async fn a_delivery_of_several_transactions_is_counted_whole() {
        let dir = TempDir::new().unwrap();
        let workspace = open(dir.path(), hand_clock().0).await;
        let source = web(&workspace).await;

        let n = TAKE_EVENTS + 1;
        let receipt = take_in(&workspace, &source, delivery(&workspace, "m", n)).await;

        let receipt = receipt.unwrap();
        assert_eq!((receipt.n_stored, receipt.n_rejected), (n as u64, 1));
        let day = ledger_of(&workspace).await;
        assert_eq!((day.seen, day.stored), (n as u64 + 2, n as u64));
        assert!(day.is_complete());
    }

    #[tokio::test]
    async fn an_empty_delivery_writes_nothing() {
        let dir = TempDir::new().unwrap();
        let workspace = open(dir.path(), hand_clock().0).await;
        let source = web(&workspace).await;

        let receipt = take_in(&workspace, &source, Vec::new()).await.unwrap();

        assert_eq!(receipt, Receipt::default());
    }

    #[tokio::test]
    async fn a_known_address_gives_the_event_its_customer() {
        let dir = TempDir::new().unwrap();
        let workspace = open(dir.path(), hand_clock().0).await;
        let source = web(&workspace).await;
        let now = workspace.clock.now();
        let mut ada = rapport_domain::Contact::named(workspace.ids.next(now), "Ada", now);
        ada.email = "ada@example.com".parse().ok();
        contacts::create(&workspace.store, ada.clone())
            .await
            .unwrap();
        let body = json!({ "batch": [
            { "type": "track", "event": "a", "userId": "u1",
              "context": { "traits": { "email": "ada@example.com" } } },
            { "type": "track", "event": "b", "anonymousId": "x" },
        ]});
        let terms = Terms {
            received_at: now,
            currency: Currency::GBP,
        };
        let events = read_batch(body.to_string().as_bytes(), &terms)
            .unwrap()
            .events;

        take_in(&workspace, &source, events).await.unwrap();

        let inbox = events::list_inbox(&workspace.store, 10).await.unwrap();
        let customers: Vec<_> = inbox.iter().map(|row| row.event.customer_id).collect();
        assert_eq!(customers, [Some(ada.id), None]);
        let kept = inbox[1].event.properties.as_deref().unwrap();
        assert!(kept.contains("\"$anonymous_id\":\"x\""), "{kept}");
    }

    #[tokio::test]
    async fn a_delivery_killed_at_any_of_its_waits_and_sent_again_is_stored_once_and_counted() {
        let dir = TempDir::new().unwrap();
        let mut n_waits = 0;
        let mut is_done = false;
        while !is_done {
            n_waits += 1;
            let workspace = open(dir.path(), hand_clock().0).await;
            let source = web(&workspace).await;
            let name = n_waits.to_string();
            let sent = take_in(&workspace, &source, delivery(&workspace, &name, 5));

            is_done = killed_at_wait(n_waits, sent).await.is_some();

            // What the writer has begun it ends: only then can it be counted.
            workspace.store.close().await;
            drop(workspace);
            let workspace = open(dir.path(), hand_clock().0).await;
            if n_waits > 1 || is_done {
                let day = ledger_of(&workspace).await;
                assert!(day.is_complete(), "wait {n_waits}: {day:?}");
                assert_eq!(day.stored, n_events(&workspace).await, "wait {n_waits}");
            }
            take_in(&workspace, &source, delivery(&workspace, &name, 5))
                .await
                .unwrap();
            let day = ledger_of(&workspace).await;
            assert!(day.is_complete(), "wait {n_waits}: {day:?}");
            let n = 5 * n_waits as u64;
            assert_eq!((day.stored, n_events(&workspace).await), (n, n));
        }
        assert!(n_waits > 1, "it never waited, so it was never killed");
    }

    #[test]
    fn an_acknowledged_delivery_survives_a_kill() {
        let name = "events::take::tests::an_acknowledged_delivery_survives_a_kill";
        let dir = left_by_the_dead(name, async |directory| {
            let workspace = open(&directory, hand_clock().0).await;
            let source = web(&workspace).await;
            let sent = delivery(&workspace, "m", 5);
            take_in(&workspace, &source, sent).await.unwrap();
        });

        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let workspace = open(dir.path(), hand_clock().0).await;
            let day = ledger_of(&workspace).await;
            assert_eq!((day.stored, n_events(&workspace).await), (5, 5));
            assert!(day.is_complete());
        });
    }
}
