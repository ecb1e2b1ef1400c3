//! Failed sign-ins of late, so that guessing is slow.
//!
//! Failures are counted by account and network address together, by account and by address: the
//! first tightly, for that is somebody who guesses; an account over all addresses loosely, so that
//! a stranger who mistypes on purpose does not keep its owner out. Counts stand in windows: the
//! first failure opens one, and once a window holds too many of them further attempts wait for its
//! end. Keys are hashed; neither e-mail nor network addresses are kept.

use std::time::Duration;

use futures::FutureExt as _;
use rapport_domain::Timestamp;
use sea_orm::{ConnectionTrait, Value};
use sha2::{Digest as _, Sha256};

use crate::sql::{self, Sql};
use crate::{Store, StoreError};

/// How many failures are too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignInLimits {
    /// How long failures count.
    pub window: Duration,
    /// Failures of one account from one network address.
    pub pair_max: u32,
    /// Failures of one account, over all network addresses.
    pub account_max: u32,
    /// Failures from one network address, over all accounts.
    pub address_max: u32,
}

impl Default for SignInLimits {
    /// In a quarter of an hour: ten failures of an account from an address, a hundred of an account,
    /// fifty from an address.
    fn default() -> Self {
        Self {
            window: Duration::from_secs(15 * 60),
            pair_max: 10,
            account_max: 100,
            address_max: 50,
        }
    }
}

/// Who tries to sign in.
#[derive(Debug, Clone, Copy)]
pub struct SignInAttempt<'a> {
    /// The account, as typed.
    pub account: &'a str,
    /// The network address.
    pub address: &'a str,
}

impl SignInAttempt<'_> {
    /// The keys of the pair, of the account and of the address.
    fn keys(&self) -> [Vec<u8>; 3] {
        let account = format!("account:{}", self.account.trim().to_lowercase());
        let address = format!("address:{}", self.address);
        let pair = format!("{account} {address}");
        [pair, account, address].map(|key| hash(&key))
    }
}

/// How long this attempt has to wait; none where it may be made now.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn retry_after(
    store: &Store,
    attempt: SignInAttempt<'_>,
    limits: &SignInLimits,
    now: Timestamp,
) -> Result<Option<Duration>, StoreError> {
    let limits_max = [limits.pair_max, limits.account_max, limits.address_max];
    let counted = attempt.keys().into_iter().zip(limits_max);
    longest_wait(store, counted, limits.window, now).await
}

/// How long a network address has to wait after wrong API keys; none where it may try now.
///
/// They are counted apart from sign-ins: a program that goes on with a revoked key must not keep the
/// people beside it from signing in.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn retry_key_after(
    store: &Store,
    address: &str,
    limits: &SignInLimits,
    now: Timestamp,
) -> Result<Option<Duration>, StoreError> {
    let counted = [(key_of_address(address), limits.address_max)];
    longest_wait(store, counted, limits.window, now).await
}

async fn longest_wait(
    store: &Store,
    counted: impl IntoIterator<Item = (Vec<u8>, u32)>,
    window: Duration,
    now: Timestamp,
) -> Result<Option<Duration>, StoreError> {
    let mut longest = None;
    for (key, n_max) in counted {
        let text = "SELECT n_failures, window_started_at FROM sign_in_attempts WHERE key_hash = ?";
        let sql = Sql::of(store.backend(), text, [key.into()]);
        if let Some(row) = sql.one(store.reader()).await? {
            let n_failures: i64 = row.try_get("", "n_failures")?;
            let started: i64 = row.try_get("", "window_started_at")?;
            let wait = started.saturating_add(micros(window)) - now.as_micros();
            if n_failures >= i64::from(n_max) && wait > 0 {
                longest = longest.max(Some(Duration::from_micros(wait.unsigned_abs())));
            }
        }
    }
    Ok(longest)
}

/// Counts a failed attempt.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn record_failure(
    store: &Store,
    attempt: SignInAttempt<'_>,
    limits: &SignInLimits,
    now: Timestamp,
) -> Result<(), StoreError> {
    count(store, attempt.keys().to_vec(), limits.window, now).await
}

/// Counts a wrong API key from a network address.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn record_wrong_key(
    store: &Store,
    address: &str,
    limits: &SignInLimits,
    now: Timestamp,
) -> Result<(), StoreError> {
    count(store, vec![key_of_address(address)], limits.window, now).await
}

async fn count(
    store: &Store,
    keys: Vec<Vec<u8>>,
    window: Duration,
    now: Timestamp,
) -> Result<(), StoreError> {
    let window_start = Value::from(now.as_micros().saturating_sub(micros(window)));
    store
        .write(move |tx| {
            async move {
                let backend = tx.get_database_backend();
                let text = "DELETE FROM sign_in_attempts WHERE window_started_at <= ?";
                Sql::of(backend, text, [window_start]).execute(tx).await?;
                for key in keys {
                    let text = "INSERT INTO sign_in_attempts \
                                (key_hash, n_failures, window_started_at) VALUES (?, 1, ?) \
                                ON CONFLICT (key_hash) DO UPDATE \
                                SET n_failures = sign_in_attempts.n_failures + 1";
                    Sql::of(backend, text, [key.into(), sql::at(now)])
                        .execute(tx)
                        .await?;
                }
                Ok(())
            }
            .boxed()
        })
        .await
}

/// Forgets the failures of an account after it has signed in. Those of the network address stay:
/// who owns one account must not be able to try all others.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn record_success(store: &Store, attempt: SignInAttempt<'_>) -> Result<(), StoreError> {
    let [pair, account, _] = attempt.keys();
    let keys: [Value; 2] = [pair.into(), account.into()];
    let text = "SELECT n_failures FROM sign_in_attempts WHERE key_hash IN (?, ?)";
    let look = Sql::of(store.backend(), text, keys.clone());
    if look.one(store.reader()).await?.is_none() {
        return Ok(());
    }
    store
        .write(move |tx| {
            async move {
                let text = "DELETE FROM sign_in_attempts WHERE key_hash IN (?, ?)";
                Sql::of(tx.get_database_backend(), text, keys)
                    .execute(tx)
                    .await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

fn key_of_address(address: &str) -> Vec<u8> {
    hash(&format!("api keys from address:{address}"))
}

fn hash(key: &str) -> Vec<u8> {
    Sha256::digest(key.as_bytes()).to_vec()
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
