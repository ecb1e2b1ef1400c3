//! The inbox: events that are durable and wait for a file.

use std::collections::HashSet;

use futures::FutureExt as _;
use rapport_domain::Event;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, EntityTrait as _, QueryOrder as _, QuerySelect as _,
};

use super::EventSegment;
use crate::entities::{event_segment, inbox_event};
use crate::sql::{self, Sql};
use crate::{Store, StoreError, bulk, codec};

/// An event in the inbox.
#[derive(Debug, Clone, PartialEq)]
pub struct InboxEvent {
    /// Its number in the inbox.
    pub seq: i64,
    /// The event.
    pub event: Event,
}

/// Adds events; those whose key is in the inbox already are dropped. Returns how many were new;
/// they are durable when this returns.
///
/// # Errors
/// [`StoreError`] where the database fails; none was added then.
pub async fn append_inbox(store: &Store, events: Vec<Event>) -> Result<u64, StoreError> {
    store
        .write_unsearched(move |tx| append_in(tx, events).boxed())
        .await
}

/// Which of these messages of a source are in the inbox.
pub(super) async fn waiting_in(
    tx: &DatabaseTransaction,
    source: &str,
    messages: &[&str],
) -> Result<HashSet<String>, StoreError> {
    let mut found = HashSet::new();
    for chunk in messages.chunks(sql::N_KEYS_MAX) {
        // One look into the index for each message, whatever the database thinks of a table that is
        // filled and emptied all the time.
        let mut sql = Sql::new(tx.get_database_backend());
        sql.push("WITH sent (message_id) AS (");
        sql.rows(["text"], chunk.iter().map(|&message| [sql::text(message)]));
        sql.push_with(
            ") SELECT message_id FROM sent WHERE (SELECT 1 FROM event_inbox i \
             WHERE i.source = ? AND i.message_id = sent.message_id) = 1",
            [sql::text(source)],
        );
        for row in sql.all(tx).await? {
            found.insert(row.try_get("", "message_id")?);
        }
    }
    Ok(found)
}

pub(super) async fn append_in(
    tx: &DatabaseTransaction,
    events: Vec<Event>,
) -> Result<u64, StoreError> {
    let rows = events.into_iter().map(inbox_event::Model::from);
    let conflict = "ON CONFLICT (source, message_id) DO NOTHING";
    bulk::insert_except::<inbox_event::Entity>(tx, rows, &["seq"], conflict).await
}

/// The oldest events of the inbox; they stay there until [`flush_inbox`] takes them out.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_inbox(store: &Store, limit: u64) -> Result<Vec<InboxEvent>, StoreError> {
    let rows = inbox_event::Entity::find()
        .order_by_asc(inbox_event::Column::Seq)
        .limit(limit)
        .all(store.reader())
        .await?;
    rows.into_iter()
        .map(|row| {
            let seq = row.seq;
            let event = row.try_into()?;
            Ok(InboxEvent { seq, event })
        })
        .collect()
}

/// As [`list_inbox`], but no more than have about so many characters of properties together, one
/// event at the least.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_inbox_within(
    store: &Store,
    limit: u64,
    n_chars_max: u64,
) -> Result<Vec<InboxEvent>, StoreError> {
    let text = format!(
        "SELECT count(*) AS n FROM (SELECT sum(length(coalesce(properties, ''))) \
         OVER (ORDER BY seq ROWS UNBOUNDED PRECEDING) AS n_chars FROM (SELECT seq, properties FROM event_inbox \
         ORDER BY seq LIMIT {limit}) oldest) summed WHERE n_chars <= ?"
    );
    let n_chars_max = codec::signed(n_chars_max).into();
    let row = Sql::of(store.backend(), &text, [n_chars_max])
        .one(store.reader())
        .await?;
    let n: i64 = row.map_or(Ok(0), |row| row.try_get("", "n"))?;
    list_inbox(store, codec::unsigned(n).max(1)).await
}

/// The number of the event that came to the inbox last, none where it is empty.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn newest_waiting(store: &Store) -> Result<Option<i64>, StoreError> {
    let sql = Sql::of(
        store.backend(),
        "SELECT max(seq) AS seq FROM event_inbox",
        [],
    );
    let row = sql.one(store.reader()).await?;
    Ok(row.map_or(Ok(None), |row| row.try_get("", "seq"))?)
}

/// Whether the inbox holds events after one of its numbers, or any where none is given.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn has_after(store: &Store, seq: Option<i64>) -> Result<bool, StoreError> {
    let text = "SELECT seq FROM event_inbox WHERE seq > ? LIMIT 1";
    let after = seq.unwrap_or(i64::MIN).into();
    let found = Sql::of(store.backend(), text, [after]).one(store.reader());
    Ok(found.await?.is_some())
}

/// Events in the inbox.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn count_inbox(store: &Store) -> Result<u64, StoreError> {
    let sql = Sql::of(store.backend(), "SELECT count(*) AS n FROM event_inbox", []);
    let row = sql.one(store.reader()).await?;
    let n: i64 = row.map_or(Ok(0), |row| row.try_get("", "n"))?;
    Ok(codec::unsigned(n))
}

/// Takes events out of the inbox and adds the files that hold them to the catalogue, in one
/// transaction.
///
/// # Errors
/// [`StoreError::Conflict`] where some of the events are gone, so that another flush has them;
/// nothing was changed then and the files are orphans.
pub async fn flush_inbox(
    store: &Store,
    seqs: Vec<i64>,
    segments: Vec<EventSegment>,
) -> Result<(), StoreError> {
    store
        .write_unsearched(move |tx| flush_in(tx, seqs, segments).boxed())
        .await
}

async fn flush_in(
    tx: &DatabaseTransaction,
    seqs: Vec<i64>,
    segments: Vec<EventSegment>,
) -> Result<(), StoreError> {
    let mut n_deleted = 0;
    // Numbers are named one by one: on PostgreSQL a lower number may be committed after a higher.
    for chunk in seqs.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(tx.get_database_backend());
        sql.push("DELETE FROM event_inbox WHERE seq IN ");
        sql.bind_list(chunk.iter().map(|&seq| seq.into()));
        n_deleted += sql.execute(tx).await?;
    }
    if n_deleted != seqs.len() as u64 {
        return Err(StoreError::Conflict {
            object: "event inbox",
            expected: codec::signed(seqs.len() as u64),
            found: codec::signed(n_deleted),
        });
    }
    let rows = segments.into_iter().map(|segment| segment.into_row(None));
    bulk::insert::<event_segment::Entity>(tx, rows, "").await?;
    Ok(())
}
