//! Requests that are done only once: the key that a client gave one, and the answer that it got.
//!
//! A request claims its key before it is done and leaves its answer there afterwards; whoever sends
//! the same request under the same key again is given that answer. A claim whose holder died, and gives
//! no sign of life any more, is taken over after a while: the work may then be done a second time, for
//! nobody knows how far it came.

use futures::FutureExt as _;
use rapport_domain::{Timestamp, UserId};
use sea_orm::{ConnectionTrait, QueryResult, Value};

use crate::sql::{self, Sql};
use crate::{Store, StoreError, codec, secret};

/// How long answers are kept.
pub const KEPT_SECONDS: i64 = 24 * 3600;

/// Rows that one statement forgets, so that others get their turn between.
const FORGET_ROWS: i64 = 1_000;

/// What a request claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    key_hash: Vec<u8>,
    user: UserId,
    route: String,
    body_hash: Vec<u8>,
}

impl Claim {
    /// The claim of a request. `caller` tells apart who may meet each other's keys: one user, or one
    /// API key.
    pub fn new(caller: &str, user: UserId, key: &str, route: String, body: &[u8]) -> Self {
        let key = format!("{caller}\n{key}");
        // With the key, which is kept nowhere: a body may hold a password, and nobody who reads the
        // database may guess at it.
        let body = [b"body\n", key.as_bytes(), b"\n", body].concat();
        Self {
            key_hash: secret::hash(key.as_bytes()),
            user,
            route,
            body_hash: secret::hash(&body),
        }
    }
}

/// The answer of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Names and values of the headers that matter.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// What a claim met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Nothing: the claim is held, and the request is to be done.
    Nothing(Held),
    /// The same request, which is being done.
    Running,
    /// Another request under the same key.
    Another,
    /// The same request, whose answer was told once and not kept.
    Told,
    /// The same request, with its answer.
    Answered(Answer),
}

/// A claim that is held. It is known by its instant too, so that a holder whose claim was taken over
/// ends nothing but its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    key_hash: Vec<u8>,
    since: Timestamp,
}

/// Claims a key for a request. Claims whose holders have given no sign of life since `dead` are taken
/// over.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn claim(
    store: &Store,
    claim: Claim,
    dead: Timestamp,
    now: Timestamp,
) -> Result<Found, StoreError> {
    store
        .write(move |tx| async move { claim_in(tx, claim, dead, now).await }.boxed())
        .await
}

async fn claim_in(
    tx: &impl ConnectionTrait,
    claim: Claim,
    dead: Timestamp,
    now: Timestamp,
) -> Result<Found, StoreError> {
    let text = "INSERT INTO idempotency_keys \
                (key_hash, user_id, route, body_hash, state, created_at, alive_at) \
                VALUES (?, ?, ?, ?, 'running', ?, ?) \
                ON CONFLICT (key_hash) DO UPDATE SET user_id = excluded.user_id, \
                route = excluded.route, body_hash = excluded.body_hash, state = 'running', \
                status = NULL, headers = NULL, body = NULL, \
                created_at = excluded.created_at, alive_at = excluded.alive_at \
                WHERE (idempotency_keys.created_at <= ? AND idempotency_keys.alive_at <= ?) \
                OR (idempotency_keys.state = 'running' AND idempotency_keys.alive_at <= ? \
                AND idempotency_keys.route = excluded.route \
                AND idempotency_keys.body_hash = excluded.body_hash)";
    let values = [
        claim.key_hash.clone().into(),
        sql::id(claim.user),
        sql::text(&*claim.route),
        claim.body_hash.clone().into(),
        sql::at(now),
        sql::at(now),
        sql::at(now.plus_seconds(-KEPT_SECONDS)),
        sql::at(now.plus_seconds(-KEPT_SECONDS)),
        sql::at(dead),
    ];
    let backend = tx.get_database_backend();
    if Sql::of(backend, text, values).execute(tx).await? == 1 {
        return Ok(Found::Nothing(Held {
            key_hash: claim.key_hash,
            since: now,
        }));
    }
    let text = "SELECT route, body_hash, state, status, headers, body FROM idempotency_keys \
                WHERE key_hash = ?";
    let look = Sql::of(backend, text, [claim.key_hash.clone().into()]);
    match look.one(tx).await? {
        Some(row) => met(&row, &claim),
        // Given up between the two statements.
        None => Ok(Found::Running),
    }
}

fn met(row: &QueryResult, claim: &Claim) -> Result<Found, StoreError> {
    let route: String = row.try_get("", "route")?;
    let body_hash: Vec<u8> = row.try_get("", "body_hash")?;
    if route != claim.route || body_hash != claim.body_hash {
        return Ok(Found::Another);
    }
    let state: String = row.try_get("", "state")?;
    match &*state {
        "running" => Ok(Found::Running),
        "answered" => {
            let status: i32 = row.try_get("", "status")?;
            let headers: String = row.try_get("", "headers")?;
            Ok(Found::Answered(Answer {
                status: u16::try_from(status).unwrap_or_default(),
                headers: codec::from_json("idempotency_keys.headers", &headers)?,
                body: row.try_get("", "body")?,
            }))
        }
        _ => Ok(Found::Told),
    }
}

/// Says that the request that holds a claim is still being done.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn stay_alive(store: &Store, held: &Held, now: Timestamp) -> Result<(), StoreError> {
    let text = "UPDATE idempotency_keys SET alive_at = ? \
                WHERE key_hash = ? AND created_at = ? AND state = 'running'";
    let key = held.key_hash.clone().into();
    change(store, text, [sql::at(now), key, sql::at(held.since)]).await
}

/// Keeps the answer of the request that held a claim; without one it is remembered only that the
/// request was answered.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn keep(store: &Store, held: Held, answer: Option<Answer>) -> Result<(), StoreError> {
    let text = "UPDATE idempotency_keys SET state = ?, status = ?, headers = ?, body = ? \
                WHERE key_hash = ? AND created_at = ? AND state = 'running'";
    let state = if answer.is_some() { "answered" } else { "told" };
    let (status, headers, body) = match answer {
        Some(answer) => (
            Some(i32::from(answer.status)),
            Some(codec::to_json(&answer.headers)),
            Some(answer.body),
        ),
        None => (None, None, None),
    };
    let values = [
        sql::text(state),
        status.into(),
        headers.into(),
        body.into(),
        held.key_hash.into(),
        sql::at(held.since),
    ];
    change(store, text, values).await
}

/// Gives a claim up, so that the request can be sent again.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn give_up(store: &Store, held: Held) -> Result<(), StoreError> {
    let text = "DELETE FROM idempotency_keys \
                WHERE key_hash = ? AND created_at = ? AND state = 'running'";
    change(store, text, [held.key_hash.into(), sql::at(held.since)]).await
}

/// Forgets answers that were kept long enough, and claims of the dead.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn forget(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    let end = now.plus_seconds(-KEPT_SECONDS);
    loop {
        let look = "SELECT created_at FROM idempotency_keys \
                    WHERE created_at <= ? AND alive_at <= ? LIMIT 1";
        let old = Sql::of(store.backend(), look, [sql::at(end), sql::at(end)]);
        if old.one(store.reader()).await?.is_none() {
            return Ok(());
        }
        let text = "DELETE FROM idempotency_keys WHERE key_hash IN \
                    (SELECT key_hash FROM idempotency_keys \
                    WHERE created_at <= ? AND alive_at <= ? LIMIT ?)";
        let values = [sql::at(end), sql::at(end), FORGET_ROWS.into()];
        change(store, text, values).await?;
    }
}

async fn change<const N: usize>(
    store: &Store,
    text: &'static str,
    values: [Value; N],
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
