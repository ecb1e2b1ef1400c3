//! Mailboxes that are read: where they are, what proves that they are ours, when they are read next and how
//! the latest readings went. What was read is imports and their records, and stays when a mailbox goes.

use std::fmt;

use futures::FutureExt as _;
use rapport_domain::{
    AuditAction, AuditObject, JobId, Mailbox, MailboxFailure, MailboxId, MailboxReadings, Timestamp,
};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, EntityTrait as _, QueryOrder as _};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::audit::{self, Draft};
use crate::entities::mailbox;
use crate::imports::ColumnChange;
use crate::jobs::{self, Job, NewJob};
use crate::sql::{self, Sql};
use crate::{Store, StoreError, codec, record};

const OBJECT: &str = "mailbox";

/// The most mailboxes of a workspace.
pub const MAILBOXES_MAX: u64 = 100;

/// How long the jobs of readings are kept that are over: there may be one every five minutes.
const JOBS_KEPT_DAYS: i64 = 2;

/// What proves whose mailbox it is. It is sent to the mail server or the token endpoint as it is, so that it
/// is kept as it is, like the secrets of webhooks; nothing shows it.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MailboxSecret {
    /// The password.
    pub password: Option<String>,
    /// The access token that was given, or that was fetched last.
    pub access_token: Option<String>,
    /// When the fetched one runs out.
    pub expires_at: Option<Timestamp>,
    /// The refresh token.
    pub refresh_token: Option<String>,
    /// What proves the program to the provider.
    pub client_secret: Option<String>,
}

impl fmt::Debug for MailboxSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailboxSecret(..)")
    }
}

impl MailboxSecret {
    fn to_bytes(&self) -> Vec<u8> {
        codec::to_json(self).into_bytes()
    }
}

/// A mailbox and how its readings went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailboxRow {
    /// The mailbox.
    pub mailbox: Mailbox,
    /// How its readings went.
    pub readings: MailboxReadings,
}

impl TryFrom<mailbox::Model> for MailboxRow {
    type Error = StoreError;

    fn try_from(row: mailbox::Model) -> Result<Self, StoreError> {
        Ok(Self {
            readings: row.readings(),
            mailbox: row.try_into()?,
        })
    }
}

/// Keeps a new mailbox, to be read at once where it has a schedule, and tells whether it did: not where there
/// are [`MAILBOXES_MAX`] already.
///
/// # Errors
/// [`StoreError::Invalid`] where it breaks its rules, [`StoreError::Duplicate`] where one has its name.
pub async fn create(
    store: &Store,
    mailbox: Mailbox,
    secret: &MailboxSecret,
    now: Timestamp,
) -> Result<bool, StoreError> {
    mailbox.check()?;
    let lens = store.lens().clone();
    let readings = MailboxReadings {
        next_at: mailbox.next_at(&MailboxReadings::default(), now),
        ..MailboxReadings::default()
    };
    let row = mailbox::Model::with_secret(mailbox, readings, secret.to_bytes());
    store
        .write(move |tx| {
            async move {
                let counted = Sql::of(
                    tx.get_database_backend(),
                    "SELECT count(*) AS n FROM mailboxes",
                    [],
                );
                let n_mailboxes: i64 = match counted.one(tx).await? {
                    Some(found) => found.try_get("", "n")?,
                    None => 0,
                };
                if codec::unsigned(n_mailboxes) >= MAILBOXES_MAX {
                    return Ok(false);
                }
                record::create_noted::<mailbox::Entity>(&lens, tx, OBJECT, row).await?;
                Ok(true)
            }
            .boxed()
        })
        .await
}

/// Writes a changed mailbox if it still has the version that the caller read, with another secret where one
/// is given. One that is connected to differently, or goes on after a pause, is read at once and begins with
/// a clean slate.
///
/// # Errors
/// [`StoreError::Conflict`] where it was changed meanwhile, [`StoreError::NotFound`] where it is gone,
/// [`StoreError::Invalid`] where it breaks its rules.
pub async fn update(
    store: &Store,
    changed: Mailbox,
    secret: Option<MailboxSecret>,
    expected: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    changed.check()?;
    let (id, lens) = (changed.id, store.lens().clone());
    store
        .write(move |tx| {
            async move {
                let held = audit::held::<mailbox::Entity>(tx, id).await?;
                let held = held.ok_or_else(|| StoreError::not_found(OBJECT, id))?;
                let readings = readings_after(&held, &changed, secret.is_some(), now)?;
                let bytes = match &secret {
                    Some(secret) => secret.to_bytes(),
                    None => held.secret,
                };
                let row = mailbox::Model::with_secret(changed, readings, bytes);
                let before = audit::before::<mailbox::Entity>(tx, &lens, id).await?;
                // The name is its source's, and stays.
                record::update_versioned::<mailbox::Entity>(
                    tx,
                    OBJECT,
                    id,
                    expected,
                    row,
                    &["source"],
                )
                .await?;
                audit::changed::<mailbox::Entity>(tx, &lens, before).await?;
                if secret.is_none() {
                    return Ok(());
                }
                // That there is a new one, and neither what it is nor what it was.
                let replaced = ColumnChange {
                    column: "secret".to_owned(),
                    before: Json::Null,
                    after: "set".into(),
                };
                let draft = Draft::of(AuditAction::Updated, AuditObject::Mailbox, id);
                audit::write(tx, &lens, vec![draft.with(vec![replaced])]).await
            }
            .boxed()
        })
        .await
}

/// How the readings stand after a change by a person.
fn readings_after(
    held: &mailbox::Model,
    changed: &Mailbox,
    has_secret: bool,
    now: Timestamp,
) -> Result<MailboxReadings, StoreError> {
    let mut readings = held.readings();
    let before: Mailbox = held.clone().try_into()?;
    let place = |it: &Mailbox| (it.port, it.security, it.client_id.clone());
    let is_elsewhere = !before.may_share_secret(changed) || place(&before) != place(changed);
    let goes_on = before.is_paused && !changed.is_paused;
    if has_secret || is_elsewhere || goes_on {
        readings.n_failures = 0;
        readings.failure = None;
        readings.next_at = changed.next_at(&MailboxReadings::default(), now);
    } else {
        readings.next_at = changed.next_at(&readings, now);
    }
    Ok(readings)
}

/// Removes a mailbox, if it still has the version that the caller read, with how far it was read. A reading
/// that waits is cancelled, and one that is under way is told to stop. Records and imports stay.
///
/// # Errors
/// [`StoreError::Conflict`], [`StoreError::NotFound`] as for [`update`].
pub async fn delete(
    store: &Store,
    id: MailboxId,
    expected: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                let before = audit::before::<mailbox::Entity>(tx, &lens, id).await?;
                record::delete_versioned::<mailbox::Entity>(tx, OBJECT, id, expected).await?;
                audit::deleted::<mailbox::Entity>(tx, &lens, before).await?;
                let backend = tx.get_database_backend();
                let text = "DELETE FROM settings WHERE key = ?";
                Sql::of(backend, text, [sql::text(state_key(&id.to_string()))])
                    .execute(tx)
                    .await?;
                let text = "UPDATE jobs SET status = 'cancelled', finished_at = ? \
                            WHERE unique_key = ? AND status = 'queued'";
                let values = [sql::at(now), sql::text(job_key(id))];
                Sql::of(backend, text, values).execute(tx).await?;
                let text = "UPDATE jobs SET cancel_requested = ? \
                            WHERE unique_key = ? AND status = 'running'";
                let values = [true.into(), sql::text(job_key(id))];
                Sql::of(backend, text, values).execute(tx).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// The setting that holds how far a mailbox is read, by what it is known by.
pub fn state_key(name: &str) -> String {
    format!("mailbox.{name}")
}

/// The key of a mailbox's job: one reads it at a time.
pub fn job_key(id: MailboxId) -> String {
    format!("mailbox:{id}")
}

/// Finds a mailbox.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: MailboxId) -> Result<Option<MailboxRow>, StoreError> {
    record::find::<mailbox::Entity, _>(store.reader(), id).await
}

/// Lists all mailboxes, by name.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list(store: &Store) -> Result<Vec<MailboxRow>, StoreError> {
    let rows = mailbox::Entity::find()
        .order_by_asc(mailbox::Column::Source)
        .all(store.reader())
        .await?;
    rows.into_iter().map(MailboxRow::try_from).collect()
}

/// Finds a mailbox with what proves it, to read it.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn open(
    store: &Store,
    id: MailboxId,
) -> Result<Option<(MailboxRow, MailboxSecret)>, StoreError> {
    let row = mailbox::Entity::find_by_id(uuid::Uuid::from(id))
        .one(store.reader())
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let text = String::from_utf8_lossy(&row.secret).into_owned();
    let secret = codec::from_json("mailboxes.secret", &text)?;
    Ok(Some((row.try_into()?, secret)))
}

/// Keeps a secret that the provider has given in the place of the one that was read, unless a person has
/// changed the mailbox since; whether it did.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn keep_secret(
    store: &Store,
    mailbox: &Mailbox,
    secret: &MailboxSecret,
) -> Result<bool, StoreError> {
    let values = [
        secret.to_bytes().into(),
        sql::id(mailbox.id),
        mailbox.version.into(),
    ];
    store
        .write(move |tx| {
            async move {
                let text = "UPDATE mailboxes SET secret = ? WHERE id = ? AND version = ?";
                let kept = Sql::of(tx.get_database_backend(), text, values);
                Ok(kept.execute(tx).await? > 0)
            }
            .boxed()
        })
        .await
}

/// The mailboxes whose time has come, the one that has waited longest first.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn due(store: &Store, now: Timestamp) -> Result<Vec<MailboxId>, StoreError> {
    let text = "SELECT id FROM mailboxes WHERE next_at <= ? ORDER BY next_at, id";
    let rows = Sql::of(store.backend(), text, [sql::at(now)])
        .all(store.reader())
        .await?;
    let ids = rows.iter().map(|row| row.try_get::<uuid::Uuid>("", "id"));
    Ok(ids
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .map(MailboxId::from)
        .collect())
}

/// Queues a reading, or hands out the one that waits or is under way, and puts the next one off until one
/// more interval is over. Jobs of readings that are long over go.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn queue_reading(
    store: &Store,
    id: MailboxId,
    job: NewJob,
    now: Timestamp,
) -> Result<Job, StoreError> {
    store
        .write(move |tx| {
            async move {
                forget_jobs(tx, &job, now).await?;
                put_off(tx, id, now).await?;
                jobs::enqueue_in(tx, job, now).await
            }
            .boxed()
        })
        .await
}

/// The next reading comes after the one that is being queued, even where that one is lost.
async fn put_off(
    tx: &DatabaseTransaction,
    id: MailboxId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let row = audit::held::<mailbox::Entity>(tx, id).await?;
    let row = row.ok_or_else(|| StoreError::not_found(OBJECT, id))?;
    let readings = MailboxReadings {
        last_at: Some(now),
        ..row.readings()
    };
    let mailbox: Mailbox = row.try_into()?;
    let values = [
        codec::micros(mailbox.next_at(&readings, now)).into(),
        sql::id(id),
    ];
    let text = "UPDATE mailboxes SET next_at = ? WHERE id = ?";
    Sql::of(tx.get_database_backend(), text, values)
        .execute(tx)
        .await?;
    Ok(())
}

async fn forget_jobs(
    tx: &DatabaseTransaction,
    job: &NewJob,
    now: Timestamp,
) -> Result<(), StoreError> {
    let text = "DELETE FROM jobs WHERE kind = ? AND unique_key = ? AND finished_at < ?";
    let key = job.unique_key.clone().unwrap_or_default();
    let before = now.plus_days(-JOBS_KEPT_DAYS);
    let values = [sql::text(job.kind.clone()), sql::text(key), sql::at(before)];
    Sql::of(tx.get_database_backend(), text, values)
        .execute(tx)
        .await?;
    Ok(())
}

/// The job of the reading that waits or is under way.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn reading_job(store: &Store, id: MailboxId) -> Result<Option<JobId>, StoreError> {
    let text = "SELECT id FROM jobs WHERE unique_key = ? AND status IN ('queued', 'running')";
    let row = Sql::of(store.backend(), text, [sql::text(job_key(id))])
        .one(store.reader())
        .await?;
    let id = row
        .map(|row| row.try_get::<uuid::Uuid>("", "id"))
        .transpose()?;
    Ok(id.map(JobId::from))
}

/// Writes down how a reading ended, and when the next one begins. The mailbox may be gone meanwhile, or
/// changed: its schedule is as it is now.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn note_reading(
    store: &Store,
    id: MailboxId,
    failure: Option<MailboxFailure>,
    now: Timestamp,
) -> Result<(), StoreError> {
    store
        .write(move |tx| {
            async move {
                let Some(row) = audit::held::<mailbox::Entity>(tx, id).await? else {
                    return Ok(());
                };
                let before = row.readings();
                let mailbox: Mailbox = row.try_into()?;
                let mut readings = MailboxReadings {
                    last_at: Some(now),
                    last_good_at: match failure {
                        None => Some(now),
                        Some(_) => before.last_good_at,
                    },
                    n_failures: match failure {
                        None => 0,
                        Some(_) => before.n_failures.saturating_add(1),
                    },
                    failure,
                    next_at: None,
                };
                readings.next_at = mailbox.next_at(&readings, now);
                write_readings(tx, id, readings).await
            }
            .boxed()
        })
        .await
}

async fn write_readings(
    tx: &DatabaseTransaction,
    id: MailboxId,
    readings: MailboxReadings,
) -> Result<(), StoreError> {
    let (code, reason) = match readings.failure {
        Some(failure) => (Some(failure.code), Some(failure.reason)),
        None => (None, None),
    };
    let text = "UPDATE mailboxes SET last_at = ?, last_good_at = ?, next_at = ?, n_failures = ?, \
                failure_code = ?, failure_reason = ? WHERE id = ?";
    let values = [
        codec::micros(readings.last_at).into(),
        codec::micros(readings.last_good_at).into(),
        codec::micros(readings.next_at).into(),
        i64::from(readings.n_failures).into(),
        code.into(),
        reason.into(),
        sql::id(id),
    ];
    Sql::of(tx.get_database_backend(), text, values)
        .execute(tx)
        .await?;
    Ok(())
}
