//! Records of which events tell: noted in the transaction that ties an event to a contact, or that
//! writes what was told of an order or a company, so that no undo of an import deletes them.

use std::collections::BTreeSet;

use futures::FutureExt as _;
use rapport_domain::{ContactId, Event, Timestamp};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};
use uuid::Uuid;

use crate::imports::{RecordKind, SeenRecord};
use crate::sql::{self, Sql};
use crate::{Store, StoreError, identity_log, record};

/// Notes that events tell of contacts and returns those of them that are there.
///
/// # Errors
/// [`StoreError`] where the database fails; nothing is noted then.
pub async fn note_contacts(
    store: &Store,
    contacts: BTreeSet<ContactId>,
) -> Result<BTreeSet<ContactId>, StoreError> {
    store
        .write(move |tx| async move { note_in(tx, &contacts).await }.boxed())
        .await
}

/// Notes of whom events tell; an event of somebody who was merged since it was looked up is one of the person,
/// and of somebody who is gone by now one of nobody known.
pub(super) async fn note_contacts_of(
    tx: &DatabaseTransaction,
    events: &mut [Event],
) -> Result<(), StoreError> {
    let named: BTreeSet<ContactId> = events.iter().filter_map(|it| it.customer_id).collect();
    let asked: Vec<ContactId> = named.into_iter().collect();
    let merged = identity_log::persons(tx, &asked).await?;
    let person = |id: ContactId| merged.get(&id).copied().unwrap_or(id);
    let named: BTreeSet<ContactId> = asked.iter().copied().map(person).collect();
    for event in events.iter_mut() {
        event.customer_id = event.customer_id.map(person);
    }
    let there = note_in(tx, &named).await?;
    for event in events {
        event.customer_id = event.customer_id.filter(|id| there.contains(id));
    }
    Ok(())
}

pub(super) async fn note_in(
    tx: &DatabaseTransaction,
    contacts: &BTreeSet<ContactId>,
) -> Result<BTreeSet<ContactId>, StoreError> {
    let named: Vec<ContactId> = contacts.iter().copied().collect();
    let there = record::hold_fast(tx, "contacts", &named).await?;
    let there: Vec<Uuid> = there.into_iter().collect();
    for chunk in there.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(tx.get_database_backend());
        sql.push("INSERT INTO event_contacts (contact_id) SELECT id FROM contacts WHERE id IN ");
        sql.bind_list(sql::ids(chunk));
        sql.push(" ON CONFLICT DO NOTHING");
        sql.execute(tx).await?;
    }
    Ok(there.into_iter().map(ContactId).collect())
}

/// Notes that events have told of orders and companies that were there before.
pub(super) async fn note_told(
    tx: &DatabaseTransaction,
    seen: &[SeenRecord],
    now: Timestamp,
) -> Result<(), StoreError> {
    for (kind, table, column) in [
        (RecordKind::Companies, "companies", "company_id"),
        (RecordKind::Orders, "orders", "order_id"),
    ] {
        let told: BTreeSet<Uuid> = seen
            .iter()
            .filter(|record| record.kind == kind)
            .map(|record| record.id)
            .collect();
        let told: Vec<Uuid> = told.into_iter().collect();
        let there: Vec<Uuid> = record::hold_fast(tx, table, &told)
            .await?
            .into_iter()
            .collect();
        for chunk in there.chunks(sql::N_KEYS_MAX / 2) {
            let mut sql = Sql::new(tx.get_database_backend());
            sql.push(&format!(
                "INSERT INTO event_{table} ({column}, told_at) VALUES "
            ));
            for (idx, id) in chunk.iter().enumerate() {
                sql.push(if idx == 0 { "" } else { ", " });
                sql.push_with("(?, ?)", [sql::id(*id), sql::at(now)]);
            }
            sql.push(&format!(
                " ON CONFLICT ({column}) DO UPDATE SET told_at = excluded.told_at"
            ));
            sql.execute(tx).await?;
        }
    }
    Ok(())
}
