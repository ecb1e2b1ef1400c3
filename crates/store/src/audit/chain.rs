//! The chain: each entry's hash covers the hash of the one before it.
//!
//! An entry is written without a hash, in the transaction of its change, and put into the chain by a short
//! step afterwards: so that writers of records do not wait for each other at the end of the chain, which
//! on PostgreSQL would let one of them write at a time. The place in the chain is given then, in the order
//! in which the step finds entries. A crash in between loses nothing: entries wait with what they tell,
//! and the next step takes them.

use futures::FutureExt as _;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::entities::audit_entry;
use crate::sql::Sql;
use crate::{Store, StoreError, codec};

/// Entries that are put into the chain in one transaction.
const N_SEALED: u64 = 500;

/// What hashes of this form begin with; another form would be another word.
const FORM: &[u8] = b"rapport audit 1";

/// The end of the chain: whoever keeps it elsewhere can tell later that nothing before it was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainHead {
    /// Place of the last entry; 0 where there is none.
    pub seq: i64,
    /// Its hash in hexadecimal digits.
    pub hash: String,
}

impl ChainHead {
    pub(super) fn of(seq: i64, hash: &[u8]) -> Self {
        let hash = codec::to_hex(hash);
        Self { seq, hash }
    }
}

impl std::fmt::Display for ChainHead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.seq, self.hash)
    }
}

impl std::str::FromStr for ChainHead {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let head = || {
            let (seq, hash) = text.trim().split_once(':')?;
            let seq = seq.parse::<i64>().ok().filter(|seq| *seq >= 0)?;
            let bytes = codec::from_hex(hash)?;
            (bytes.is_empty() || bytes.len() == 32).then(|| Self::of(seq, &bytes))
        };
        head()
            .ok_or_else(|| "write the head as it was printed: a number, a colon, 64 digits".into())
    }
}

/// The digest of what an entry tells. It stands in the chain in place of the values, so that they can be
/// erased; the salt goes with them.
pub(super) fn digest(salt: &[u8], changes: &str) -> Vec<u8> {
    let mut hash = Encoding::new();
    hash.part(Some(salt));
    hash.part(Some(changes.as_bytes()));
    hash.finish()
}

/// The hash of an entry at a place in the chain, after a previous hash.
pub(super) fn hash(row: &audit_entry::Model, seq: i64, previous: &[u8]) -> Vec<u8> {
    let mut hash = Encoding::new();
    hash.part(Some(previous));
    hash.number(Some(seq));
    hash.number(Some(row.id));
    hash.number(Some(row.at));
    hash.part(Some(row.actor.as_bytes()));
    hash.id(row.user_id);
    hash.id(row.key_id);
    hash.part(row.system_actor.as_deref().map(str::as_bytes));
    hash.part(Some(row.action.as_bytes()));
    hash.part(Some(row.object.as_bytes()));
    hash.id(row.object_id);
    hash.id(row.about_id);
    hash.number(row.restores);
    hash.part(Some(&row.digest));
    hash.finish()
}

/// Parts of a value, each with its length before it, so that no two values are written alike.
struct Encoding(Sha256);

impl Encoding {
    fn new() -> Self {
        Self(Sha256::new_with_prefix(FORM))
    }

    fn part(&mut self, bytes: Option<&[u8]>) {
        match bytes {
            None => self.0.update([0]),
            Some(bytes) => {
                self.0.update([1]);
                self.0.update((bytes.len() as u64).to_be_bytes());
                self.0.update(bytes);
            }
        }
    }

    fn number(&mut self, number: Option<i64>) {
        self.part(
            number
                .map(i64::to_be_bytes)
                .as_ref()
                .map(<[u8; 8]>::as_slice),
        );
    }

    fn id(&mut self, id: Option<Uuid>) {
        self.part(id.as_ref().map(|id| id.as_bytes().as_slice()));
    }

    fn finish(self) -> Vec<u8> {
        self.0.finalize().to_vec()
    }
}

/// Puts entries that wait into the chain, in the order in which they were written.
///
/// # Errors
/// [`StoreError`] where the database fails; what was not put there waits.
pub async fn seal(store: &Store) -> Result<(), StoreError> {
    while is_waiting(store.reader()).await? {
        store.write(|tx| seal_some(tx).boxed()).await?;
    }
    Ok(())
}

async fn is_waiting(connection: &impl ConnectionTrait) -> Result<bool, StoreError> {
    let mut sql = Sql::new(connection.get_database_backend());
    sql.push("SELECT id FROM audit_entries WHERE seq IS NULL LIMIT 1");
    Ok(sql.one(connection).await?.is_some())
}

async fn seal_some(tx: &DatabaseTransaction) -> Result<(), StoreError> {
    let backend = tx.get_database_backend();
    let begin =
        "INSERT INTO audit_head (row_key, seq) VALUES (1, 0) ON CONFLICT (row_key) DO NOTHING";
    Sql::of(backend, begin, []).execute(tx).await?;
    let (mut seq, mut previous) = last(tx, true).await?;
    let rows = audit_entry::Entity::find()
        .filter(audit_entry::Column::Seq.is_null())
        .order_by_asc(audit_entry::Column::Id)
        .limit(N_SEALED)
        .all(tx)
        .await?;
    for row in &rows {
        seq += 1;
        previous = hash(row, seq, &previous);
        let text = "UPDATE audit_entries SET seq = ?, hash = ? WHERE id = ?";
        let values = [seq.into(), previous.clone().into(), row.id.into()];
        Sql::of(backend, text, values).execute(tx).await?;
    }
    let text = "UPDATE audit_head SET seq = ?, hash = ? WHERE row_key = 1";
    let values = [seq.into(), previous.into()];
    Sql::of(backend, text, values).execute(tx).await?;
    Ok(())
}

/// Place and hash of the last entry in the chain; `is_held` lets nobody else put entries there before
/// the transaction ends.
pub(super) async fn last(
    connection: &impl ConnectionTrait,
    is_held: bool,
) -> Result<(i64, Vec<u8>), StoreError> {
    let backend = connection.get_database_backend();
    let mut sql = Sql::new(backend);
    sql.push("SELECT seq, hash FROM audit_head WHERE row_key = 1");
    // SQLite has one writer at a time and needs no lock on rows.
    if is_held && backend == DbBackend::Postgres {
        sql.push(" FOR UPDATE");
    }
    let Some(row) = sql.one(connection).await? else {
        return Ok((0, Vec::new()));
    };
    let hash: Option<Vec<u8>> = row.try_get("", "hash")?;
    Ok((row.try_get("", "seq")?, hash.unwrap_or_default()))
}

/// The end of the chain, with all that was written before put into it.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn head(store: &Store) -> Result<ChainHead, StoreError> {
    seal(store).await?;
    let (seq, hash) = last(store.reader(), false).await?;
    Ok(ChainHead::of(seq, &hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_reads_back_as_printed() {
        let head = ChainHead::of(7, &[0xab; 32]);

        assert_eq!(head.to_string().parse(), Ok(head));
        assert_eq!("0:".parse(), Ok(ChainHead::of(0, &[])));
        for text in ["", "7", "7:ab", "-1:", "x:", "7:zz"] {
            assert!(text.parse::<ChainHead>().is_err(), "{text}");
        }
    }

    #[test]
    fn parts_are_told_apart_by_where_they_end() {
        assert_ne!(digest(b"ab", "c"), digest(b"a", "bc"));
        assert_ne!(digest(b"", ""), digest(b"\0", ""));
    }
}
