//! API keys: what a program shows to act as the user who made the key, within the key's scopes. Only
//! hashes of them are kept.

use std::fmt;
use std::str::FromStr;

use futures::FutureExt as _;
use rapport_domain::{ApiKeyId, Timestamp, User, UserId};
use sea_orm::{ConnectionTrait as _, FromQueryResult as _, QueryResult};

use crate::entities::{api_key, user};
use crate::sql::{self, Sql};
use crate::{Named, Store, StoreError, codec, record, secret};

const OBJECT: &str = "API key";
/// What every key begins with, so that it is known for one where it turns up.
const MARK: &str = "rk_";
/// Digits of the part that lists show: 5 bytes in base 32.
const PREFIX_DIGITS: usize = 8;
/// Digits of the secret: 32 bytes in base 32.
const SECRET_DIGITS: usize = 52;

/// The key of a program, `rk_<prefix>_<secret>` with 256 random bits in the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// A key from the operating system's randomness.
    pub fn generate() -> Self {
        let prefix = secret::to_base_32(&secret::draw::<5>());
        let secret = secret::to_base_32(&secret::draw::<32>());
        Self(format!("{MARK}{prefix}_{secret}"))
    }

    /// The part that lists show.
    fn prefix(&self) -> &str {
        &self.0[..MARK.len() + PREFIX_DIGITS]
    }

    fn hash(&self) -> Vec<u8> {
        secret::hash(self.0.as_bytes())
    }
}

impl fmt::Display for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(..)")
    }
}

/// A text that is no API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no API key; they begin with rk_")]
pub struct BadApiKey;

impl FromStr for ApiKey {
    type Err = BadApiKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let parts = text
            .strip_prefix(MARK)
            .and_then(|rest| rest.split_once('_'));
        let is_digits = |part: &str, n_digits: usize| {
            part.len() == n_digits && part.bytes().all(|byte| secret::BASE_32.contains(&byte))
        };
        match parts {
            Some((prefix, secret))
                if is_digits(prefix, PREFIX_DIGITS) && is_digits(secret, SECRET_DIGITS) =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => Err(BadApiKey),
        }
    }
}

/// A key to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApiKey {
    /// Identifier.
    pub id: ApiKeyId,
    /// What it is for, in its maker's words.
    pub name: String,
    /// As whom it acts.
    pub user_id: UserId,
    /// Names of what it may do.
    pub scopes: Vec<String>,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
}

/// A key as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyRow {
    /// Identifier.
    pub id: ApiKeyId,
    /// What it is for, in its maker's words.
    pub name: String,
    /// Its first characters.
    pub prefix: String,
    /// As whom it acts.
    pub user: Named<UserId>,
    /// Names of what it may do.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to within a minute.
    pub last_used_at: Option<Timestamp>,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// Since when it no longer counts.
    pub revoked_at: Option<Timestamp>,
}

/// Who acts with a key, and what the key was given.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyHolder {
    /// The key.
    pub id: ApiKeyId,
    /// As whom it acts.
    pub user: User,
    /// Names of what it may do.
    pub scopes: Vec<String>,
}

/// Keeps a new key and tells whether it did: not where its user has `n_max` that count already.
///
/// # Errors
/// [`StoreError::BrokenReference`] where the user is gone.
pub async fn create(
    store: &Store,
    key: &ApiKey,
    new: NewApiKey,
    n_max: u64,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let row = api_key::Model {
        id: new.id.into(),
        name: new.name,
        prefix: key.prefix().to_owned(),
        key_hash: key.hash(),
        user_id: new.user_id.into(),
        scopes: codec::to_json(&new.scopes),
        created_at: now.as_micros(),
        last_used_at: None,
        expires_at: codec::micros(new.expires_at),
        revoked_at: None,
    };
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                let text = "SELECT count(*) AS n FROM api_keys WHERE user_id = ? \
                            AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)";
                let values = [sql::id(row.user_id), sql::at(now)];
                let counted = Sql::of(tx.get_database_backend(), text, values);
                let n_keys: i64 = match counted.one(tx).await? {
                    Some(found) => found.try_get("", "n")?,
                    None => 0,
                };
                if codec::unsigned(n_keys) >= n_max {
                    return Ok(false);
                }
                record::create_noted::<api_key::Entity>(&lens, tx, OBJECT, row).await?;
                Ok(true)
            }
            .boxed()
        })
        .await
}

/// Who acts with a key; none where it is unknown, revoked or past its end, or its user is disabled.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_holder(
    store: &Store,
    key: &ApiKey,
    now: Timestamp,
) -> Result<Option<KeyHolder>, StoreError> {
    let columns = record::columns::<user::Entity>("u", "u_");
    let text = format!(
        "SELECT {columns}, k.id AS k_id, k.scopes AS k_scopes FROM api_keys k \
         JOIN users u ON u.id = k.user_id \
         WHERE k.key_hash = ? AND k.revoked_at IS NULL \
         AND (k.expires_at IS NULL OR k.expires_at > ?) AND u.disabled_at IS NULL"
    );
    let values = [key.hash().into(), sql::at(now)];
    let row = Sql::of(store.backend(), &text, values)
        .one(store.reader())
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let id: uuid::Uuid = row.try_get("", "k_id")?;
    Ok(Some(KeyHolder {
        id: id.into(),
        scopes: scopes(&row, "k_scopes")?,
        user: user::Model::from_query_result(&row, "u_")?.try_into()?,
    }))
}

/// Notes that a key was used.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn note_use(store: &Store, id: ApiKeyId, at: Timestamp) -> Result<(), StoreError> {
    store
        .write(move |tx| {
            async move {
                let text = "UPDATE api_keys SET last_used_at = ? WHERE id = ? \
                            AND (last_used_at IS NULL OR last_used_at < ?)";
                let values = [sql::at(at), sql::id(id), sql::at(at)];
                let noted = Sql::of(tx.get_database_backend(), text, values);
                noted.execute(tx).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// Finds a key.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: ApiKeyId) -> Result<Option<ApiKeyRow>, StoreError> {
    let rows = select(store, "WHERE k.id = ?", [sql::id(id)]).await?;
    Ok(rows.into_iter().next())
}

/// Lists keys, the oldest first, revoked ones included: those of one user, or all.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list(store: &Store, user: Option<UserId>) -> Result<Vec<ApiKeyRow>, StoreError> {
    match user {
        Some(user) => select(store, "WHERE k.user_id = ?", [sql::id(user)]).await,
        None => select(store, "", []).await,
    }
}

/// Revokes a key for good; one that is revoked stays so from the first time on.
///
/// # Errors
/// [`StoreError::NotFound`] where there is no such key.
pub async fn revoke(store: &Store, id: ApiKeyId, now: Timestamp) -> Result<(), StoreError> {
    secret::revoke::<api_key::Entity>(store, OBJECT, id, now).await
}

async fn select<const N: usize>(
    store: &Store,
    condition: &str,
    values: [sea_orm::Value; N],
) -> Result<Vec<ApiKeyRow>, StoreError> {
    let text = format!(
        "SELECT k.id AS id, k.name AS name, k.prefix AS prefix, k.scopes AS scopes, \
         k.created_at AS created_at, k.last_used_at AS last_used_at, \
         k.expires_at AS expires_at, k.revoked_at AS revoked_at, \
         u.id AS u_id, u.name AS u_name \
         FROM api_keys k JOIN users u ON u.id = k.user_id {condition} ORDER BY k.id"
    );
    let rows = Sql::of(store.backend(), &text, values)
        .all(store.reader())
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<ApiKeyRow, StoreError> {
    let id: uuid::Uuid = row.try_get("", "id")?;
    let user_id: uuid::Uuid = row.try_get("u_", "id")?;
    Ok(ApiKeyRow {
        id: id.into(),
        name: row.try_get("", "name")?,
        prefix: row.try_get("", "prefix")?,
        user: Named {
            id: user_id.into(),
            name: row.try_get("u_", "name")?,
        },
        scopes: scopes(row, "scopes")?,
        created_at: Timestamp::from_micros(row.try_get("", "created_at")?),
        last_used_at: codec::instant(row.try_get("", "last_used_at")?),
        expires_at: codec::instant(row.try_get("", "expires_at")?),
        revoked_at: codec::instant(row.try_get("", "revoked_at")?),
    })
}

fn scopes(row: &QueryResult, column: &str) -> Result<Vec<String>, StoreError> {
    let text: String = row.try_get("", column)?;
    codec::from_json("api_keys.scopes", &text)
}
