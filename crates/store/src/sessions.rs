//! Sessions: browsers that are signed in. Only hashes of their tokens are kept.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use futures::FutureExt as _;
use rapport_domain::{AuditAction, AuditObject, SessionId, Timestamp, User, UserId};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult as _, QueryFilter as _,
    QueryOrder as _,
};
use serde_json::json;
use uuid::Uuid;

use crate::audit::{self, Draft, replaced};
use crate::entities::{session, user};
use crate::sql::{self, Sql};
use crate::{Store, StoreError, codec, record, secret};

/// A session is extended at most this often, so that reading pages does not write.
const EXTEND_AFTER_SECONDS: i64 = 600;

/// The secret of a session: 256 random bits, as hexadecimal text in the browser's cookie.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SessionToken([u8; 32]);

impl SessionToken {
    /// A token from the operating system's randomness.
    pub fn generate() -> Self {
        Self(secret::draw())
    }

    /// What the session is known by where its token must not be seen: the first half of the token's
    /// hash, from which nothing leads back.
    pub fn id(&self) -> SessionId {
        id_of(&self.hash())
    }

    fn hash(&self) -> Vec<u8> {
        secret::hash(&self.0)
    }
}

impl fmt::Display for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&codec::to_hex(&self.0))
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(..)")
    }
}

/// A text that is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no session token; sign in again")]
pub struct BadToken;

impl FromStr for SessionToken {
    type Err = BadToken;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = codec::from_hex(text).and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or(BadToken)
    }
}

/// Where somebody signed in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Browser {
    /// What the browser calls itself.
    pub user_agent: Option<String>,
    /// The network that the request came from.
    pub address: Option<String>,
}

/// A session as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Identifier.
    pub id: SessionId,
    /// Where it began.
    pub browser: Browser,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to within ten minutes.
    pub seen_at: Timestamp,
    /// When it ends unless it is used before.
    pub expires_at: Timestamp,
}

impl From<session::Model> for SessionRow {
    fn from(row: session::Model) -> Self {
        Self {
            id: id_of(&row.token_hash),
            browser: Browser {
                user_agent: row.user_agent,
                address: row.address,
            },
            created_at: Timestamp::from_micros(row.created_at),
            seen_at: Timestamp::from_micros(row.seen_at),
            expires_at: Timestamp::from_micros(row.expires_at),
        }
    }
}

/// Starts a session that ends when it was not used for `idle`.
///
/// # Errors
/// [`StoreError::BrokenReference`] where the user is gone.
pub async fn create(
    store: &Store,
    token: &SessionToken,
    user: UserId,
    browser: Browser,
    now: Timestamp,
    idle: Duration,
) -> Result<(), StoreError> {
    let row = session::Model {
        token_hash: token.hash(),
        user_id: user.into(),
        created_at: now.as_micros(),
        seen_at: now.as_micros(),
        expires_at: end(now, idle).as_micros(),
        user_agent: browser.user_agent,
        address: browser.address,
    };
    store
        .write(move |tx| record::create::<session::Entity>(tx, "session", row).boxed())
        .await
}

/// The user of a session that has not ended and is not disabled; the session's end moves on.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_user(
    store: &Store,
    token: &SessionToken,
    now: Timestamp,
    idle: Duration,
) -> Result<Option<User>, StoreError> {
    let hash = token.hash();
    let columns = record::columns::<user::Entity>("u", "u_");
    let statement = format!(
        "SELECT {columns}, s.seen_at AS seen_at FROM sessions s JOIN users u ON u.id = s.user_id \
         WHERE s.token_hash = ? AND s.expires_at > ? AND u.disabled_at IS NULL"
    );
    let values = [hash.clone().into(), sql::at(now)];
    let row = Sql::of(store.backend(), &statement, values)
        .one(store.reader())
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let seen_at = Timestamp::from_micros(row.try_get("", "seen_at")?);
    if seen_at.plus_seconds(EXTEND_AFTER_SECONDS) <= now {
        extend(store, hash, now, idle).await?;
    }
    let user = user::Model::from_query_result(&row, "u_")?;
    Ok(Some(user.try_into()?))
}

async fn extend(
    store: &Store,
    hash: Vec<u8>,
    now: Timestamp,
    idle: Duration,
) -> Result<(), StoreError> {
    change(
        store,
        "UPDATE sessions SET seen_at = ?, expires_at = ? WHERE token_hash = ?",
        [sql::at(now), sql::at(end(now, idle)), hash.into()],
    )
    .await
}

/// Ends a session.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn revoke(store: &Store, token: &SessionToken) -> Result<(), StoreError> {
    let text = "DELETE FROM sessions WHERE token_hash = ?";
    change(store, text, [token.hash().into()]).await
}

/// Lists the open sessions of a user, those used last first.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_of(
    store: &Store,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<SessionRow>, StoreError> {
    let rows = session::Entity::find()
        .filter(session::Column::UserId.eq(user.as_uuid()))
        .filter(session::Column::ExpiresAt.gt(now.as_micros()))
        .order_by_desc(session::Column::SeenAt)
        .order_by_desc(session::Column::CreatedAt)
        .all(store.reader())
        .await?;
    Ok(rows.into_iter().map(SessionRow::from).collect())
}

/// Ends one session of a user.
///
/// # Errors
/// [`StoreError::NotFound`] where the user has no such session.
pub async fn end_one(store: &Store, user: UserId, id: SessionId) -> Result<(), StoreError> {
    let rows = session::Entity::find()
        .filter(session::Column::UserId.eq(user.as_uuid()))
        .all(store.reader())
        .await?;
    let found = rows.into_iter().find(|row| id_of(&row.token_hash) == id);
    let row = found.ok_or_else(|| StoreError::not_found("session", id))?;
    let condition = "token_hash = ?";
    end_those(store, user, condition, [row.token_hash.into()]).await
}

/// Ends all sessions of a user.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn end_all(store: &Store, user: UserId) -> Result<(), StoreError> {
    end_those(store, user, "user_id = ?", [sql::id(user)]).await
}

/// Ends all sessions of a user but one.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn end_others(
    store: &Store,
    user: UserId,
    kept: &SessionToken,
) -> Result<(), StoreError> {
    let condition = "user_id = ? AND token_hash <> ?";
    end_those(store, user, condition, [sql::id(user), kept.hash().into()]).await
}

/// Ends sessions of a user, and notes how many there were.
async fn end_those<const N: usize>(
    store: &Store,
    user: UserId,
    condition: &str,
    values: [sea_orm::Value; N],
) -> Result<(), StoreError> {
    let lens = store.lens().clone();
    let text = format!("DELETE FROM sessions WHERE {condition}");
    store
        .write(move |tx| {
            async move {
                let statement = Sql::of(tx.get_database_backend(), &text, values);
                let n_ended = statement.execute(tx).await?;
                if n_ended == 0 {
                    return Ok(());
                }
                let changes = replaced(Some(&json!({"sessions": n_ended})), None);
                let draft = Draft::of(AuditAction::Revoked, AuditObject::User, user);
                audit::write(tx, &lens, vec![draft.with(changes)]).await
            }
            .boxed()
        })
        .await
}

/// Forgets the sessions that have ended.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn delete_expired(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    let text = "DELETE FROM sessions WHERE expires_at <= ?";
    change(store, text, [sql::at(now)]).await
}

async fn change<const N: usize>(
    store: &Store,
    text: &'static str,
    values: [sea_orm::Value; N],
) -> Result<(), StoreError> {
    store
        .write(move |tx| {
            async move {
                let statement = Sql::of(tx.get_database_backend(), text, values);
                statement.execute(tx).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

fn id_of(token_hash: &[u8]) -> SessionId {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&token_hash[..16]);
    SessionId(Uuid::from_bytes(bytes))
}

fn end(now: Timestamp, idle: Duration) -> Timestamp {
    now.plus_seconds(i64::try_from(idle.as_secs()).unwrap_or(i64::MAX))
}
