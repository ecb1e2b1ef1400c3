//! Write keys: what a source shows to have its events taken. Only hashes of them are kept.

use std::fmt;
use std::str::FromStr;

use futures::FutureExt as _;
use rapport_domain::{SourceId, Timestamp, WriteKeyId};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::entities::write_key;
use crate::sources::Source;
use crate::sql::Sql;
use crate::{Named, Store, StoreError, codec, record, secret};

const OBJECT: &str = "write key";
/// What every key begins with, so that it is known for one where it turns up.
const MARK: &str = "wk_";
/// Characters of a key that lists show.
const PREFIX_CHARS: usize = 8;

/// The secret of a source: 128 random bits. Libraries in browsers show it to everybody, so that it
/// lets nobody do more than send events.
#[derive(Clone, PartialEq, Eq)]
pub struct WriteKey([u8; 16]);

impl WriteKey {
    /// A key from the operating system's randomness.
    pub fn generate() -> Self {
        Self(secret::draw())
    }

    fn hash(&self) -> Vec<u8> {
        secret::hash(&self.0)
    }
}

impl fmt::Display for WriteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{MARK}{}", codec::to_hex(&self.0))
    }
}

impl fmt::Debug for WriteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WriteKey(..)")
    }
}

/// A text that is no write key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no write key; they begin with wk_")]
pub struct BadWriteKey;

impl FromStr for WriteKey {
    type Err = BadWriteKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let hex = text.trim().strip_prefix(MARK).ok_or(BadWriteKey)?;
        let bytes = codec::from_hex(hex).and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or(BadWriteKey)
    }
}

/// A key as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteKeyRow {
    /// Identifier.
    pub id: WriteKeyId,
    /// The source that it stands for.
    pub source_id: SourceId,
    /// Its first characters.
    pub prefix: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it no longer counts.
    pub revoked_at: Option<Timestamp>,
}

impl From<write_key::Model> for WriteKeyRow {
    fn from(row: write_key::Model) -> Self {
        Self {
            id: row.id.into(),
            source_id: row.source_id.into(),
            prefix: row.prefix,
            created_at: Timestamp::from_micros(row.created_at),
            revoked_at: codec::instant(row.revoked_at),
        }
    }
}

/// Keeps a new key of a source.
///
/// # Errors
/// [`StoreError::BrokenReference`] where there is no such source.
pub async fn create(
    store: &Store,
    key: &WriteKey,
    id: WriteKeyId,
    source: SourceId,
    now: Timestamp,
) -> Result<WriteKeyRow, StoreError> {
    let row = write_key::Model {
        id: id.into(),
        source_id: source.into(),
        key_hash: key.hash(),
        prefix: key.to_string().chars().take(PREFIX_CHARS).collect(),
        created_at: now.as_micros(),
        revoked_at: None,
    };
    let shown = row.clone().into();
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move { record::create_noted::<write_key::Entity>(&lens, tx, OBJECT, row).await }
                .boxed()
        })
        .await?;
    Ok(shown)
}

/// The source that a key stands for; none where the key is unknown or revoked.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_source(store: &Store, key: &WriteKey) -> Result<Option<Source>, StoreError> {
    let text = "SELECT q.id AS q_id, q.name AS q_name FROM write_keys k \
                JOIN sources q ON q.id = k.source_id \
                WHERE k.key_hash = ? AND k.revoked_at IS NULL";
    let row = Sql::of(store.backend(), text, [key.hash().into()])
        .one(store.reader())
        .await?;
    row.map_or(Ok(None), |row| Named::read(&row, "q_"))
}

/// Lists the keys of a source, the oldest first, revoked ones included.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_of(store: &Store, source: SourceId) -> Result<Vec<WriteKeyRow>, StoreError> {
    let rows = write_key::Entity::find()
        .filter(write_key::Column::SourceId.eq(source.as_uuid()))
        .order_by_asc(write_key::Column::Id)
        .all(store.reader())
        .await?;
    Ok(rows.into_iter().map(WriteKeyRow::from).collect())
}

/// Revokes a key for good; one that is revoked stays so from the first time on.
///
/// # Errors
/// [`StoreError::NotFound`] where there is no such key.
pub async fn revoke(store: &Store, id: WriteKeyId, now: Timestamp) -> Result<(), StoreError> {
    secret::revoke::<write_key::Entity>(store, OBJECT, id, now).await
}
