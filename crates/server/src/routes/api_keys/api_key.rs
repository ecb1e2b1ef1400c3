//! An API key as the API shows and takes it.

use rapport_store::api_keys::ApiKeyRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::permissions::Scope;
use crate::wire::{Reference, Time};

/// A key that a program uses the API with. The key itself is shown once, when it is made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiKey {
    /// Identifier.
    pub(crate) id: Uuid,
    /// What it is for.
    pub(crate) name: String,
    /// The key's first characters.
    pub(crate) prefix: String,
    /// As whom it acts.
    pub(crate) user: Reference,
    /// What it may do, as far as its user may.
    pub(crate) scopes: Vec<Scope>,
    /// When it was made.
    pub(crate) created_at: Time,
    /// When it was last used, to within a minute.
    pub(crate) last_used_at: Option<Time>,
    /// When it ends by itself.
    pub(crate) expires_at: Option<Time>,
    /// Since when it no longer counts.
    pub(crate) revoked_at: Option<Time>,
}

/// Keys of oneself, or of everybody for administrators.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiKeyList {
    /// The keys, the oldest first, revoked ones included.
    pub(crate) api_keys: Vec<ApiKey>,
    /// The scopes that one's own role allows to give.
    pub(crate) scopes: Vec<Scope>,
}

/// A key just made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewApiKey {
    /// The key, never to be shown again.
    pub(crate) key: String,
    /// What lists show of it.
    pub(crate) api_key: ApiKey,
}

/// A key to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApiKeyInput {
    /// What it is for, in 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100)]
    pub(super) name: String,
    /// What it may do; at least one thing that one's own role allows.
    #[schema(min_items = 1)]
    pub(super) scopes: Vec<Scope>,
    /// When it ends by itself; never where absent.
    pub(super) expires_at: Option<Time>,
}

impl From<ApiKeyRow> for ApiKey {
    fn from(row: ApiKeyRow) -> Self {
        let scopes = row.scopes.iter();
        Self {
            id: row.id.0,
            name: row.name,
            prefix: row.prefix,
            user: row.user.into(),
            scopes: scopes.filter_map(|name| Scope::named(name)).collect(),
            created_at: Time(row.created_at),
            last_used_at: row.last_used_at.map(Time),
            expires_at: row.expires_at.map(Time),
            revoked_at: row.revoked_at.map(Time),
        }
    }
}
