//! A write key as the API shows it.

use rapport_store::write_keys;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::wire::Time;

/// A key that a source sends events with. The key itself is shown once, when it is made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WriteKey {
    /// Identifier.
    pub(crate) id: Uuid,
    /// The source that it stands for.
    pub(crate) source_id: Uuid,
    /// The key's first characters.
    pub(crate) prefix: String,
    /// When it was made.
    pub(crate) created_at: Time,
    /// Since when it no longer counts.
    pub(crate) revoked_at: Option<Time>,
}

/// All keys of a source.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WriteKeyList {
    /// The keys, the oldest first, revoked ones included.
    pub(crate) write_keys: Vec<WriteKey>,
}

/// A key just made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewWriteKey {
    /// The key, never to be shown again.
    pub(crate) key: String,
    /// What lists show of it.
    pub(crate) write_key: WriteKey,
}

impl From<write_keys::WriteKeyRow> for WriteKey {
    fn from(row: write_keys::WriteKeyRow) -> Self {
        Self {
            id: row.id.0,
            source_id: row.source_id.0,
            prefix: row.prefix,
            created_at: Time(row.created_at),
            revoked_at: row.revoked_at.map(Time),
        }
    }
}
