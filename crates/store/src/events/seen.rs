//! Which messages were taken already, so that a source that sends one twice has sent one.
//!
//! A message is known by the first 128 bits of a hash of its source and its key, in the period of
//! some days in which it came. The present period and the one before are looked at: a message is
//! known for at least one period, and whole periods are forgotten, by the front of the table's key.

use std::collections::HashSet;

use futures::FutureExt as _;
use rapport_domain::{SourceId, Timestamp};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, Value};
use sha2::{Digest as _, Sha256};

use crate::sql::{self, Sql};
use crate::{Store, StoreError};

/// Days in a period: a repeated message is known for at least these, at most twice as many.
const PERIOD_DAYS: i32 = 7;
/// Rows that one statement forgets, so that it does not keep others waiting.
pub(super) const FORGET_ROWS: i64 = 20_000;

/// A message of a source.
pub(super) type MessageHash = [u8; 16];

/// What a message is known by.
pub(super) fn hash(source: SourceId, message_id: &str) -> MessageHash {
    let mut hasher = Sha256::new();
    hasher.update(source.as_uuid().as_bytes());
    hasher.update(message_id.as_bytes());
    let digest = hasher.finalize();
    let mut hash = MessageHash::default();
    hash.copy_from_slice(&digest[..16]);
    hash
}

/// What a delivery as a whole is known by, apart from all messages.
pub(super) fn delivery_hash(source: SourceId, delivery: &str) -> MessageHash {
    hash(source, &format!("\0delivery:{delivery}"))
}

/// Whether a delivery of this key was taken in.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn is_delivered(
    store: &Store,
    source: SourceId,
    delivery: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let text = "SELECT period FROM event_keys \
                WHERE period IN (?, ?) AND message_hash = ? LIMIT 1";
    let hash = delivery_hash(source, delivery);
    let values = [period(now).into(), (period(now) - 1).into(), value(&hash)];
    let found = Sql::of(store.backend(), text, values).one(store.reader());
    Ok(found.await?.is_some())
}

fn period(at: Timestamp) -> i32 {
    at.date().days_since_epoch().div_euclid(PERIOD_DAYS)
}

/// Notes messages and returns those that are new, within a transaction. Two transactions that note
/// the same message wait for each other; only one of them is told that it is new.
pub(super) async fn note(
    tx: &DatabaseTransaction,
    hashes: &HashSet<MessageHash>,
    now: Timestamp,
) -> Result<HashSet<MessageHash>, StoreError> {
    let period = period(now);
    // In one order, so that two transactions do not wait for each other in a circle.
    let mut hashes: Vec<MessageHash> = hashes.iter().copied().collect();
    hashes.sort_unstable();
    let mut new = HashSet::with_capacity(hashes.len());
    for chunk in hashes.chunks(sql::N_KEYS_MAX) {
        let before = seen_before(tx, chunk, period).await?;
        let unseen = chunk.iter().filter(|hash| !before.contains(*hash)).copied();
        let unseen: Vec<MessageHash> = unseen.collect();
        if !unseen.is_empty() {
            new.extend(insert(tx, &unseen, period).await?);
        }
    }
    Ok(new)
}

/// Messages that came in the period before.
async fn seen_before(
    tx: &DatabaseTransaction,
    hashes: &[MessageHash],
    period: i32,
) -> Result<HashSet<MessageHash>, StoreError> {
    let mut sql = Sql::new(tx.get_database_backend());
    let before = [(period - 1).into()];
    sql.push_with(
        "SELECT message_hash FROM event_keys WHERE period = ? AND message_hash IN ",
        before,
    );
    sql.bind_list(hashes.iter().map(value));
    read(sql, tx).await
}

/// Adds messages to a period and returns those that it lacked.
async fn insert(
    tx: &DatabaseTransaction,
    hashes: &[MessageHash],
    period: i32,
) -> Result<HashSet<MessageHash>, StoreError> {
    let mut sql = Sql::new(tx.get_database_backend());
    sql.push("INSERT INTO event_keys (period, message_hash) ");
    let rows = hashes.iter().map(|hash| [period.into(), value(hash)]);
    sql.rows(["integer", "bytea"], rows);
    sql.push(" ON CONFLICT DO NOTHING RETURNING message_hash");
    read(sql, tx).await
}

async fn read(sql: Sql, tx: &DatabaseTransaction) -> Result<HashSet<MessageHash>, StoreError> {
    let rows = sql.all(tx).await?;
    let hashes = rows.iter().map(|row| {
        let bytes: Vec<u8> = row.try_get("", "message_hash")?;
        MessageHash::try_from(bytes).map_err(|bytes| StoreError::Decode {
            column: "event_keys.message_hash",
            reason: format!("{} bytes", bytes.len()),
        })
    });
    hashes.collect()
}

fn value(hash: &MessageHash) -> Value {
    hash.to_vec().into()
}

/// Forgets messages that came too long ago to come again.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn forget_seen(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    let first_kept = period(now) - 1;
    let look = "SELECT period FROM event_keys WHERE period < ? LIMIT 1";
    loop {
        let old = Sql::of(store.backend(), look, [first_kept.into()]);
        if old.one(store.reader()).await?.is_none() {
            return Ok(());
        }
        store
            .write(move |tx| {
                async move {
                    let text = "DELETE FROM event_keys WHERE (period, message_hash) IN \
                                (SELECT period, message_hash FROM event_keys \
                                WHERE period < ? LIMIT ?)";
                    let values = [first_kept.into(), FORGET_ROWS.into()];
                    let sql = Sql::of(tx.get_database_backend(), text, values);
                    Ok(sql.execute(tx).await?)
                }
                .boxed()
            })
            .await?;
    }
}
