//! What the sender needs: which webhooks something is due for, the next delivery, and what became of it.
//!
//! A delivery that is claimed is due again after the lease: a sender that is killed between sending and
//! noting leaves it to be sent once more, under the same id.

use std::time::Duration;

use futures::FutureExt as _;
use rapport_domain::{
    Timestamp, UserId, WebhookDeliveryId, WebhookId, WebhookObject, WebhookStatus, WebhookStop,
};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, QueryResult, Value};
use uuid::Uuid;

use super::deliveries::Attempt;
use super::outbox::NewDelivery;
use super::{WebhookSecret, settle_wants};
use crate::entities::webhook_delivery;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, bulk, codec};

/// A delivery that this sender is to try now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The delivery.
    pub id: WebhookDeliveryId,
    /// To whom.
    pub webhook_id: WebhookId,
    /// Through whose eyes the webhook sees.
    pub owner_id: UserId,
    /// Where it goes.
    pub url: String,
    /// What it is signed with: one secret, or two while the secret is changed, the new one first.
    pub secrets: Vec<WebhookSecret>,
    /// What it is about.
    pub object: Option<WebhookObject>,
    /// The record.
    pub record_id: Option<Uuid>,
    /// The name of its type.
    pub type_name: String,
    /// What is sent.
    pub body: String,
    /// The number of this try, from 1.
    pub number: u32,
    /// How many tries there were since it was queued or replayed, this one included.
    pub n_tries: u32,
}

/// What becomes of a delivery after a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The receiver has it.
    Delivered,
    /// It is tried again at an instant.
    TriedAgain(Timestamp),
    /// It was tried often enough.
    Failed,
    /// The receiver wants nothing more: the webhook is switched off.
    Gone,
    /// Its record is not the owner's to see any more.
    Withheld,
    /// It was a test, and the receiver did not take it.
    FailedTest,
    /// Its record cannot be read, which is not the receiver's fault.
    Unreadable,
}

impl Fate {
    const fn status(self) -> WebhookStatus {
        match self {
            Self::Delivered => WebhookStatus::Delivered,
            Self::TriedAgain(_) => WebhookStatus::Waiting,
            Self::Failed | Self::Gone | Self::FailedTest | Self::Unreadable => {
                WebhookStatus::Failed
            }
            Self::Withheld => WebhookStatus::Withheld,
        }
    }
}

/// What a sender must know of a delivery.
const CLAIMED: &str = "SELECT d.id AS id, d.webhook_id AS webhook_id, d.type AS type, \
    d.object AS object, d.record_id AS record_id, d.body AS body, d.n_attempts AS n_attempts, \
    d.n_before_replay AS n_before_replay, w.url AS url, w.owner_id AS owner_id, \
    w.secret AS secret, w.old_secret AS old_secret, w.old_secret_until AS old_secret_until \
    FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id \
    JOIN users u ON u.id = w.owner_id WHERE d.id = ?";

fn after(now: Timestamp, wait: Duration) -> Timestamp {
    let micros = i64::try_from(wait.as_micros()).unwrap_or(i64::MAX);
    Timestamp::from_micros(now.as_micros().saturating_add(micros))
}

/// The webhooks for which something is due: switched on, of owners who may sign in.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn due(store: &Store, now: Timestamp) -> Result<Vec<WebhookId>, StoreError> {
    let text = "SELECT w.id AS id FROM webhooks w JOIN users u ON u.id = w.owner_id \
                WHERE w.is_enabled = ? AND u.disabled_at IS NULL AND EXISTS (SELECT 1 \
                FROM webhook_deliveries d WHERE d.webhook_id = w.id AND d.next_attempt_at <= ?)";
    let rows = Sql::of(store.backend(), text, [true.into(), sql::at(now)])
        .all(store.reader())
        .await?;
    let ids = rows.iter().map(|row| row.try_get::<Uuid>("", "id"));
    let ids: Result<Vec<WebhookId>, _> = ids.map(|id| id.map(WebhookId)).collect();
    Ok(ids?)
}

/// Claims the delivery to a webhook that is due longest. It is due again after `lease`, unless it is
/// noted before what became of it.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn claim(
    store: &Store,
    webhook: WebhookId,
    now: Timestamp,
    lease: Duration,
) -> Result<Option<Claimed>, StoreError> {
    let due_again = after(now, lease);
    store
        .write(move |tx| claim_in(tx, webhook, now, due_again).boxed())
        .await
}

async fn claim_in(
    tx: &DatabaseTransaction,
    webhook: WebhookId,
    now: Timestamp,
    due_again: Timestamp,
) -> Result<Option<Claimed>, StoreError> {
    let backend = tx.get_database_backend();
    let text = "UPDATE webhook_deliveries SET next_attempt_at = ?, n_attempts = n_attempts + 1 \
                WHERE next_attempt_at <= ? AND id = (SELECT d.id FROM webhook_deliveries d \
                WHERE d.webhook_id = ? AND d.next_attempt_at <= ? \
                ORDER BY d.next_attempt_at, d.id LIMIT 1) RETURNING id";
    let values = [
        sql::at(due_again),
        sql::at(now),
        sql::id(webhook),
        sql::at(now),
    ];
    let Some(row) = Sql::of(backend, text, values).one(tx).await? else {
        return Ok(None);
    };
    let id: Uuid = row.try_get("", "id")?;
    let text = format!("{CLAIMED} AND w.is_enabled = ? AND u.disabled_at IS NULL");
    let row = Sql::of(backend, &text, [sql::id(id), true.into()]);
    let row = row.one(tx).await?;
    row.map(|row| read(&row, now)).transpose()
}

fn read(row: &QueryResult, now: Timestamp) -> Result<Claimed, StoreError> {
    let id = |column: &str| row.try_get::<Uuid>("", column);
    let object: Option<String> = row.try_get("", "object")?;
    let object = object.as_deref();
    let number: i32 = row.try_get("", "n_attempts")?;
    let n_before: i32 = row.try_get("", "n_before_replay")?;
    let secret: Vec<u8> = row.try_get("", "secret")?;
    let old_until = codec::instant(row.try_get("", "old_secret_until")?);
    let old: Option<Vec<u8>> = row.try_get("", "old_secret")?;
    let old = old.filter(|_| old_until.is_some_and(|until| now < until));
    let secrets = std::iter::once(secret).chain(old);
    Ok(Claimed {
        id: WebhookDeliveryId(id("id")?),
        webhook_id: WebhookId(id("webhook_id")?),
        owner_id: UserId(id("owner_id")?),
        url: row.try_get("", "url")?,
        secrets: secrets.map(WebhookSecret::stored).collect(),
        object: object
            .map(|name| codec::member("webhook_deliveries.object", name))
            .transpose()?,
        record_id: row.try_get("", "record_id")?,
        type_name: row.try_get("", "type")?,
        body: row.try_get("", "body")?,
        number: u32::try_from(number).unwrap_or(0),
        n_tries: u32::try_from(number - n_before).unwrap_or(0),
    })
}

/// Queues a test and claims it, whether the webhook is switched on or not.
///
/// # Errors
/// [`StoreError::NotFound`] where the webhook is gone.
pub async fn queue_test(
    store: &Store,
    test: NewDelivery,
    now: Timestamp,
    lease: Duration,
) -> Result<Claimed, StoreError> {
    let webhook = test.webhook_id;
    let due_again = after(now, lease);
    let id = test.id;
    let row = webhook_delivery::Model {
        n_attempts: 1,
        ..test.into_row(due_again, now)
    };
    store
        .write(move |tx| {
            async move {
                let backend = tx.get_database_backend();
                bulk::insert::<webhook_delivery::Entity>(tx, [row], "").await?;
                let row = Sql::of(backend, CLAIMED, [sql::id(id)]).one(tx).await?;
                let row = row.ok_or_else(|| StoreError::not_found("webhook", webhook))?;
                read(&row, now)
            }
            .boxed()
        })
        .await
}

/// Notes a try and what becomes of the delivery, and of its webhook: what is taken ends a time of
/// failures, and a webhook whose receiver wants nothing more, or takes nothing since `failing_limit`,
/// is switched off.
///
/// Where somebody else has claimed the delivery meanwhile, only the try is noted, and nothing of it where
/// the delivery was forgotten or erased.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn note(
    store: &Store,
    claimed: &Claimed,
    attempt: Option<Attempt>,
    fate: Fate,
    failing_limit: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (id, webhook, number) = (claimed.id, claimed.webhook_id, claimed.number);
    store
        .write(move |tx| {
            async move {
                let code = attempt.as_ref().and_then(|attempt| attempt.code);
                if let Some(attempt) = attempt {
                    insert_attempt(tx, id, attempt).await?;
                }
                let next = match fate {
                    Fate::TriedAgain(at) => Some(at),
                    _ => None,
                };
                let text = "UPDATE webhook_deliveries SET status = ?, next_attempt_at = ?, \
                            last_attempt_at = ?, last_code = ? WHERE id = ? AND n_attempts = ?";
                let values = [
                    sql::text(codec::name_of(&fate.status())),
                    codec::micros(next).into(),
                    sql::at(now),
                    code.map(i32::from).into(),
                    sql::id(id),
                    signed(number),
                ];
                Sql::of(tx.get_database_backend(), text, values)
                    .execute(tx)
                    .await?;
                settle_webhook(tx, webhook, fate, failing_limit, now).await
            }
            .boxed()
        })
        .await
}

fn signed(number: u32) -> Value {
    i32::try_from(number).unwrap_or(i32::MAX).into()
}

async fn insert_attempt(
    tx: &DatabaseTransaction,
    delivery: WebhookDeliveryId,
    attempt: Attempt,
) -> Result<(), StoreError> {
    let text = "INSERT INTO webhook_attempts (delivery_id, number, at, duration_ms, code, failure, \
                answer) SELECT d.id, ?, ?, ?, ?, ?, ? FROM webhook_deliveries d WHERE d.id = ? \
                ON CONFLICT (delivery_id, number) DO NOTHING";
    let values = [
        signed(attempt.number),
        sql::at(attempt.at),
        codec::signed(attempt.duration_ms).into(),
        attempt.code.map(i32::from).into(),
        attempt.failure.into(),
        attempt.answer.into(),
        sql::id(delivery),
    ];
    Sql::of(tx.get_database_backend(), text, values)
        .execute(tx)
        .await?;
    Ok(())
}

async fn settle_webhook(
    tx: &DatabaseTransaction,
    webhook: WebhookId,
    fate: Fate,
    failing_limit: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    let backend = tx.get_database_backend();
    match fate {
        Fate::Delivered => {
            let text = "UPDATE webhooks SET failing_since = NULL \
                        WHERE id = ? AND failing_since IS NOT NULL";
            Sql::of(backend, text, [sql::id(webhook)])
                .execute(tx)
                .await?;
            return Ok(());
        }
        Fate::Withheld | Fate::Unreadable => return forget_failures(tx, webhook).await,
        Fate::FailedTest => return Ok(()),
        Fate::TriedAgain(_) | Fate::Failed | Fate::Gone => {}
    }
    let text = "UPDATE webhooks SET failing_since = ? WHERE id = ? AND failing_since IS NULL";
    Sql::of(backend, text, [sql::at(now), sql::id(webhook)])
        .execute(tx)
        .await?;
    let (stop, since) = match fate {
        Fate::Gone => (WebhookStop::Gone, now),
        _ => (WebhookStop::Failing, failing_limit),
    };
    let text = "UPDATE webhooks SET is_enabled = ?, stop = ? \
                WHERE id = ? AND is_enabled = ? AND failing_since <= ?";
    let values = [
        false.into(),
        sql::text(codec::name_of(&stop)),
        sql::id(webhook),
        true.into(),
        sql::at(since),
    ];
    if Sql::of(backend, text, values).execute(tx).await? > 0 {
        tracing::warn!(%webhook, reason = ?stop, "a webhook was switched off");
        return settle_wants(tx).await;
    }
    forget_failures(tx, webhook).await
}

/// Ends a time of failures where nothing waits any more: what fails after a quiet week says nothing of the
/// days in which nothing was sent.
async fn forget_failures(tx: &DatabaseTransaction, webhook: WebhookId) -> Result<(), StoreError> {
    let text = "UPDATE webhooks SET failing_since = NULL \
                WHERE id = ? AND is_enabled = ? AND failing_since IS NOT NULL \
                AND NOT EXISTS (SELECT 1 FROM webhook_deliveries d \
                WHERE d.webhook_id = webhooks.id AND d.next_attempt_at IS NOT NULL)";
    Sql::of(
        tx.get_database_backend(),
        text,
        [sql::id(webhook), true.into()],
    )
    .execute(tx)
    .await?;
    Ok(())
}
