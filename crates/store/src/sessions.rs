//! Sessions: browsers that are signed in. Only hashes of their tokens are kept.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use argon2::password_hash::phc::Salt;
use futures::FutureExt as _;
use rapport_domain::{Timestamp, User, UserId};
use sea_orm::{ConnectionTrait, FromQueryResult as _};
use sha2::{Digest as _, Sha256};

use crate::entities::{session, user};
use crate::sql::{self, Sql};
use crate::{Store, StoreError, codec, record};

/// A session is extended at most this often, so that reading pages does not write.
const EXTEND_AFTER_SECONDS: i64 = 600;

/// The secret of a session: 256 random bits, as hexadecimal text in the browser's cookie.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SessionToken([u8; 32]);

impl SessionToken {
    /// A token from the operating system's randomness.
    pub fn generate() -> Self {
        let mut bytes = [0; 32];
        for half in bytes.chunks_mut(16) {
            // A salt is 16 bytes of that randomness, and at hand.
            half.copy_from_slice(&Salt::generate());
        }
        Self(bytes)
    }

    fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0).to_vec()
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

/// Starts a session that ends when it was not used for `idle`.
///
/// # Errors
/// [`StoreError::BrokenReference`] where the user is gone.
pub async fn create(
    store: &Store,
    token: &SessionToken,
    user: UserId,
    now: Timestamp,
    idle: Duration,
) -> Result<(), StoreError> {
    let row = session::Model {
        token_hash: token.hash(),
        user_id: user.into(),
        created_at: now.as_micros(),
        seen_at: now.as_micros(),
        expires_at: end(now, idle).as_micros(),
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

fn end(now: Timestamp, idle: Duration) -> Timestamp {
    now.plus_seconds(i64::try_from(idle.as_secs()).unwrap_or(i64::MAX))
}
