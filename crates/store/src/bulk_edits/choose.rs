//! Choosing the records of a bulk edit, once and for all.

use std::collections::HashMap;

use futures::TryStreamExt as _;
use rapport_domain::{Invalid, ObjectKind};
use sea_orm::{QueryResult, StreamTrait as _};
use uuid::Uuid;

use super::BATCH_ROWS;
use crate::lists::{Listing, matching};
use crate::sql::{self, Sql};
use crate::{ListQuery, Store, StoreError, companies, contacts, deals, tasks, tickets};

/// The most records of one bulk edit.
pub const ROWS_MAX: usize = 1_000_000;

/// Bytes of a key: the id and the version.
const KEY_BYTES: usize = 24;

/// A version that no record has: of one that was named and not seen.
const UNSEEN: i64 = 0;

/// A record as it was when it was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) id: Uuid,
    pub(super) version: i64,
}

/// The records that a bulk edit is about, each with the version that it had when it was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chosen {
    keys: Vec<Key>,
}

impl Chosen {
    /// How many they are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    pub(super) fn first(&self, n: usize) -> &[Key] {
        &self.keys[..n.min(self.keys.len())]
    }

    /// The keys of each batch, as they are stored.
    pub(super) fn batches(&self) -> impl ExactSizeIterator<Item = Vec<u8>> {
        self.keys.chunks(BATCH_ROWS).map(write_keys)
    }
}

fn write_keys(keys: &[Key]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(keys.len() * KEY_BYTES);
    for key in keys {
        bytes.extend_from_slice(key.id.as_bytes());
        bytes.extend_from_slice(&key.version.to_be_bytes());
    }
    bytes
}

/// Reads the keys of a batch.
pub(super) fn read_keys(bytes: &[u8]) -> Result<Vec<Key>, StoreError> {
    let damaged = || StoreError::Decode {
        column: "bulk_edit_batches.keys",
        reason: format!("{} bytes are no whole number of keys", bytes.len()),
    };
    if !bytes.len().is_multiple_of(KEY_BYTES) {
        return Err(damaged());
    }
    let key = |bytes: &[u8]| {
        let (id, version) = bytes.split_at(16);
        Ok(Key {
            id: Uuid::from_slice(id).map_err(|_| damaged())?,
            version: version.try_into().map_or(UNSEEN, i64::from_be_bytes),
        })
    };
    bytes.chunks_exact(KEY_BYTES).map(key).collect()
}

/// Chooses all records of a kind that a list's query finds and the store's user sees, whatever its page.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist, [`StoreError::TooCostly`] where too
/// many records would have to be read, [`StoreError::Invalid`] where more than [`ROWS_MAX`] match.
pub async fn choose(
    store: &Store,
    object: ObjectKind,
    query: &ListQuery,
) -> Result<Chosen, StoreError> {
    let listing = listing_of(store, object)?;
    let alias = listing.alias;
    let mut sql = Sql::new(store.backend());
    sql.push(&format!(
        "SELECT {alias}.id AS id, {alias}.version AS version"
    ));
    sql.append(matching(store, &listing, query).await?);
    sql.push(&format!(" LIMIT {}", ROWS_MAX + 1));
    // One after another: a key is far smaller than its row.
    let mut rows = store.lister().stream_raw(sql.statement()).await?;
    let mut keys = Vec::new();
    while let Some(row) = rows.try_next().await? {
        keys.push(read_key(&row)?);
    }
    if keys.len() > ROWS_MAX {
        let message = format!("one edit changes at most {ROWS_MAX} records; narrow the filter");
        return Err(Invalid::one("/filter", "too_many_rows", message).into());
    }
    Ok(in_order(keys))
}

/// Chooses records by their ids. One that the store's user does not see is refused when its turn comes.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn choose_ids(
    store: &Store,
    object: ObjectKind,
    ids: &[Uuid],
) -> Result<Chosen, StoreError> {
    let listing = listing_of(store, object)?;
    let (table, alias) = (listing.table, listing.alias);
    let mut found = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(store.backend());
        let text = format!(
            "SELECT {alias}.id AS id, {alias}.version AS version FROM {table} {alias} WHERE "
        );
        store.lens().push(&mut sql, &text, []);
        sql.push(&format!("{alias}.id IN "))
            .bind_list(sql::ids(chunk));
        for row in sql.all(store.reader()).await? {
            let key = read_key(&row)?;
            found.insert(key.id, key.version);
        }
    }
    let keys = ids.iter().map(|&id| Key {
        id,
        version: found.get(&id).copied().unwrap_or(UNSEEN),
    });
    Ok(in_order(keys.collect()))
}

/// Each record once, the oldest first: of two that want the same thing, the older one gets it.
fn in_order(mut keys: Vec<Key>) -> Chosen {
    keys.sort_unstable_by_key(|key| key.id);
    keys.dedup_by_key(|key| key.id);
    Chosen { keys }
}

fn read_key(row: &QueryResult) -> Result<Key, StoreError> {
    Ok(Key {
        id: row.try_get("", "id")?,
        version: row.try_get("", "version")?,
    })
}

pub(super) fn listing_of(store: &Store, object: ObjectKind) -> Result<Listing, StoreError> {
    match object {
        ObjectKind::Contact => Ok(contacts::listing(store)),
        ObjectKind::Company => Ok(companies::listing(store)),
        ObjectKind::Deal => Ok(deals::listing(store)),
        ObjectKind::Ticket => Ok(tickets::listing(store)),
        ObjectKind::Task => Ok(tasks::listing(store)),
        ObjectKind::Product | ObjectKind::Order | ObjectKind::Campaign => {
            let message = "contacts, companies, deals, tickets and tasks are edited in bulk";
            Err(Invalid::one("", "not_editable", message).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(id: u128, version: i64) -> Key {
        Key {
            id: Uuid::from_u128(id),
            version,
        }
    }

    #[test]
    fn keys_are_read_back_and_half_a_key_is_damage() {
        let chosen = in_order(vec![key(7, 3), key(1, 2), key(7, 3)]);
        let bytes: Vec<Vec<u8>> = chosen.batches().collect();

        assert_eq!(bytes.len(), 1);
        assert_eq!(read_keys(&bytes[0]).unwrap(), [key(1, 2), key(7, 3)]);
        assert!(read_keys(&bytes[0][1..]).is_err());
        assert_eq!(Chosen::default().batches().len(), 0);
    }
}
