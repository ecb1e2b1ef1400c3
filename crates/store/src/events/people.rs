//! What events tell of people: kept in the order in which it came, in the transaction that takes the
//! events in, until contacts were made and completed of it.

use std::collections::BTreeSet;

use futures::FutureExt as _;
use rapport_domain::{ContactId, Event, SourceId, Timestamp};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};

use super::{append_in, told_of};
use crate::imports::{ImportBatch, write_outside};
use crate::orders::{TotalsScope, refresh_totals_in};
use crate::sources::Source;
use crate::sql::{self, Sql};
use crate::{Named, Store, StoreError, codec};

/// What one event tells of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldRow {
    /// Its number.
    pub seq: i64,
    /// Who told it.
    pub source: Source,
    /// What was told, as JSON.
    pub told: String,
}

/// What was made of some of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Settlement {
    /// The numbers of what is dealt with.
    pub seqs: Vec<i64>,
    /// The source of all of it.
    pub source_id: SourceId,
    /// The records that it makes and changes; no undo of an import deletes the orders and companies
    /// that it has seen.
    pub batch: ImportBatch,
    /// Whom it tells of; no undo of an import deletes them.
    pub contacts: BTreeSet<ContactId>,
    /// The source's names for people that are nobody's any more.
    pub freed: Vec<String>,
    /// Events that follow from it.
    pub events: Vec<Event>,
    /// Whose totals of orders change.
    pub totals: TotalsScope,
    /// When it is dealt with.
    pub settled_at: Timestamp,
}

/// Lists what waits, the oldest first.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_told(store: &Store, limit: u64) -> Result<Vec<ToldRow>, StoreError> {
    let text = "SELECT p.seq AS seq, p.told AS told, q.id AS q_id, q.name AS q_name \
                FROM event_people p JOIN sources q ON q.id = p.source_id ORDER BY p.seq LIMIT ?";
    let rows = Sql::of(store.backend(), text, [codec::signed(limit).into()])
        .all(store.reader())
        .await?;
    rows.iter()
        .map(|row| {
            let source = Named::read(row, "q_")?;
            Ok(ToldRow {
                seq: row.try_get("", "seq")?,
                told: row.try_get("", "told")?,
                source: source.ok_or_else(|| StoreError::not_found("source", "of an event"))?,
            })
        })
        .collect()
}

/// Adds what events tell, within the transaction that takes them in.
pub(super) async fn tell(
    tx: &DatabaseTransaction,
    source: SourceId,
    told: &[String],
) -> Result<(), StoreError> {
    for chunk in told.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(tx.get_database_backend());
        sql.push("INSERT INTO event_people (source_id, told) VALUES ");
        for (idx, told) in chunk.iter().enumerate() {
            let text = if idx == 0 { "(?, ?)" } else { ", (?, ?)" };
            sql.push_with(text, [sql::id(source), sql::text(told)]);
        }
        sql.execute(tx).await?;
    }
    Ok(())
}

/// Writes what was made of what was told, and forgets that it was told, in one transaction. Returns
/// how many events that follow from it are new.
///
/// # Errors
/// [`StoreError::Conflict`] where another process has dealt with some of it; nothing was written
/// then.
pub async fn settle(store: &Store, settlement: Settlement) -> Result<u64, StoreError> {
    store
        .write(move |tx| settle_in(tx, settlement).boxed())
        .await
}

async fn settle_in(tx: &DatabaseTransaction, mut settled: Settlement) -> Result<u64, StoreError> {
    let mut n_deleted = 0;
    for chunk in settled.seqs.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(tx.get_database_backend());
        sql.push("DELETE FROM event_people WHERE seq IN ");
        sql.bind_list(chunk.iter().map(|&seq| seq.into()));
        n_deleted += sql.execute(tx).await?;
    }
    if n_deleted != settled.seqs.len() as u64 {
        return Err(StoreError::Conflict {
            object: "people of events",
            expected: codec::signed(settled.seqs.len() as u64),
            found: codec::signed(n_deleted),
        });
    }
    for chunk in settled.freed.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(tx.get_database_backend());
        let head = "DELETE FROM identities WHERE source_id = ? AND profile_key IN ";
        sql.push_with(head, [sql::id(settled.source_id)]);
        sql.bind_list(chunk.iter().map(sql::text));
        sql.execute(tx).await?;
    }
    let seen = std::mem::take(&mut settled.batch.seen);
    write_outside(tx, settled.batch).await?;
    told_of::note_told(tx, &seen, settled.settled_at).await?;
    refresh_totals_in(tx, settled.totals).await?;
    told_of::note_in(tx, &settled.contacts).await?;
    let mut events = settled.events;
    told_of::note_contacts_of(tx, &mut events).await?;
    append_in(tx, events).await
}
