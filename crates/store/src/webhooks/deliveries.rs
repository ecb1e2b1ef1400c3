//! The log of deliveries: listed, shown with each attempt, sent once more, and forgotten after a while.

use futures::FutureExt as _;
use rapport_domain::{Timestamp, WebhookDeliveryId, WebhookId, WebhookObject, WebhookStatus};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, QueryResult};
use uuid::Uuid;

use crate::lists::{Field, Kind, Listing, page};
use crate::sql::{self, Sql};
use crate::{ListQuery, Page, Store, StoreError, codec};

const OBJECT: &str = "delivery";

/// Deliveries that are forgotten in one transaction.
const N_SWEPT: u64 = 1_000;
/// Deliveries that are sent once more in one transaction.
const N_REPLAYED: u64 = 1_000;
/// The latest deliveries that say how a webhook does.
const N_RECENT: u64 = 30;
/// Waiting deliveries are counted up to this many.
const N_WAITING_MAX: u64 = 1_000;

/// A delivery as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Identifier.
    pub id: WebhookDeliveryId,
    /// The name of its type.
    pub type_name: String,
    /// What it is about.
    pub object: Option<WebhookObject>,
    /// The record.
    pub record_id: Option<Uuid>,
    /// How far it is.
    pub status: WebhookStatus,
    /// Times that it was tried.
    pub n_attempts: u32,
    /// When it is tried next.
    pub next_attempt_at: Option<Timestamp>,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When it was tried last.
    pub last_attempt_at: Option<Timestamp>,
    /// The status of the last answer, where there was one.
    pub last_code: Option<u16>,
}

/// One try to deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Its number, from 1.
    pub number: u32,
    /// When it began.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// The status of the answer, where there was one.
    pub code: Option<u16>,
    /// Why there was no answer.
    pub failure: Option<String>,
    /// The first characters of the answer.
    pub answer: Option<String>,
}

/// A delivery with all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryDetail {
    /// The delivery.
    pub row: DeliveryRow,
    /// What was sent.
    pub body: String,
    /// The tries that came to an end, the first one first.
    pub attempts: Vec<Attempt>,
}

/// How a webhook does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Health {
    /// How far its latest deliveries are, the latest first.
    pub recent: Vec<WebhookStatus>,
    /// How many wait, up to a thousand.
    pub n_waiting: u64,
    /// When something was tried last.
    pub last_attempt_at: Option<Timestamp>,
}

const COLUMNS: &str = "d.id AS id, d.type AS type, d.object AS object, d.record_id AS record_id, \
    d.status AS status, d.n_attempts AS n_attempts, d.next_attempt_at AS next_attempt_at, \
    d.created_at AS created_at, d.last_attempt_at AS last_attempt_at, d.last_code AS last_code";

const FIELDS: &[Field] = &[
    Field::required("type", "d.type", Kind::Name),
    Field::required(
        "status",
        "d.status",
        Kind::Choice(&["waiting", "delivered", "failed", "withheld"]),
    ),
    Field::optional("record_id", "d.record_id", Kind::Id),
    Field::required("created_at", "d.created_at", Kind::Timestamp),
];

/// Lists the deliveries to a webhook, the latest first.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist.
pub async fn list_deliveries(
    store: &Store,
    webhook: WebhookId,
    query: &ListQuery,
) -> Result<Page<DeliveryRow>, StoreError> {
    let listing = Listing {
        object: "deliveries",
        table: "webhook_deliveries",
        alias: "d",
        columns: COLUMNS.to_owned(),
        joins: "",
        scope: Some(Sql::of(
            store.backend(),
            "d.webhook_id = ?",
            [sql::id(webhook)],
        )),
        fields: FIELDS,
        key: Field::required("id", "d.id", Kind::Id),
        default_sort: "-created_at",
        search: None,
    };
    page(store, &listing, query, read).await
}

pub(super) fn read(row: &QueryResult) -> Result<DeliveryRow, StoreError> {
    let id: Uuid = row.try_get("", "id")?;
    let object: Option<String> = row.try_get("", "object")?;
    let object = object.as_deref();
    let status: String = row.try_get("", "status")?;
    let n_attempts: i32 = row.try_get("", "n_attempts")?;
    let last_code: Option<i32> = row.try_get("", "last_code")?;
    Ok(DeliveryRow {
        id: id.into(),
        type_name: row.try_get("", "type")?,
        object: object
            .map(|name| codec::member("webhook_deliveries.object", name))
            .transpose()?,
        record_id: row.try_get("", "record_id")?,
        status: codec::member("webhook_deliveries.status", &status)?,
        n_attempts: u32::try_from(n_attempts).unwrap_or(0),
        next_attempt_at: codec::instant(row.try_get("", "next_attempt_at")?),
        created_at: Timestamp::from_micros(row.try_get("", "created_at")?),
        last_attempt_at: codec::instant(row.try_get("", "last_attempt_at")?),
        last_code: last_code.and_then(|code| u16::try_from(code).ok()),
    })
}

/// Finds a delivery to a webhook.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_delivery(
    store: &Store,
    webhook: WebhookId,
    id: WebhookDeliveryId,
) -> Result<Option<DeliveryDetail>, StoreError> {
    let text = format!(
        "SELECT {COLUMNS}, d.body AS body FROM webhook_deliveries d \
         WHERE d.id = ? AND d.webhook_id = ?"
    );
    let values = [sql::id(id), sql::id(webhook)];
    let found = Sql::of(store.backend(), &text, values);
    let Some(found) = found.one(store.reader()).await? else {
        return Ok(None);
    };
    let text = "SELECT number, at, duration_ms, code, failure, answer FROM webhook_attempts \
                WHERE delivery_id = ? ORDER BY number";
    let rows = Sql::of(store.backend(), text, [sql::id(id)])
        .all(store.reader())
        .await?;
    let attempts: Result<Vec<Attempt>, StoreError> = rows.iter().map(read_attempt).collect();
    Ok(Some(DeliveryDetail {
        row: read(&found)?,
        body: found.try_get("", "body")?,
        attempts: attempts?,
    }))
}

fn read_attempt(row: &QueryResult) -> Result<Attempt, StoreError> {
    let number: i32 = row.try_get("", "number")?;
    let code: Option<i32> = row.try_get("", "code")?;
    Ok(Attempt {
        number: u32::try_from(number).unwrap_or(0),
        at: Timestamp::from_micros(row.try_get("", "at")?),
        duration_ms: codec::unsigned(row.try_get("", "duration_ms")?),
        code: code.and_then(|code| u16::try_from(code).ok()),
        failure: row.try_get("", "failure")?,
        answer: row.try_get("", "answer")?,
    })
}

/// How a webhook does.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn health(store: &Store, webhook: WebhookId) -> Result<Health, StoreError> {
    let text = "SELECT status, last_attempt_at FROM webhook_deliveries WHERE webhook_id = ? \
                ORDER BY created_at DESC, id DESC LIMIT ?";
    let values = [sql::id(webhook), codec::signed(N_RECENT).into()];
    let mut health = Health::default();
    for row in Sql::of(store.backend(), text, values)
        .all(store.reader())
        .await?
    {
        let status: String = row.try_get("", "status")?;
        let status = codec::member("webhook_deliveries.status", &status)?;
        let at = codec::instant(row.try_get("", "last_attempt_at")?);
        health.recent.push(status);
        health.last_attempt_at = health.last_attempt_at.max(at);
    }
    let text = "SELECT count(*) AS n FROM (SELECT 1 AS one FROM webhook_deliveries \
                WHERE webhook_id = ? AND next_attempt_at IS NOT NULL LIMIT ?) w";
    let values = [sql::id(webhook), codec::signed(N_WAITING_MAX).into()];
    let counted = Sql::of(store.backend(), text, values);
    if let Some(row) = counted.one(store.reader()).await? {
        health.n_waiting = codec::unsigned(row.try_get("", "n")?);
    }
    Ok(health)
}

/// Sends a delivery once more, at once and as often as a new one; it keeps its id, by which the receiver
/// knows it.
///
/// # Errors
/// [`StoreError::NotFound`] where there is no such delivery to this webhook.
pub async fn replay(
    store: &Store,
    webhook: WebhookId,
    id: WebhookDeliveryId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let text = "UPDATE webhook_deliveries SET status = 'waiting', next_attempt_at = ?, \
                n_before_replay = n_attempts WHERE id = ? AND webhook_id = ?";
    let values = [sql::at(now), sql::id(id), sql::id(webhook)];
    let n_replayed = store
        .write(move |tx| {
            async move {
                let replay = Sql::of(tx.get_database_backend(), text, values);
                Ok(replay.execute(tx).await?)
            }
            .boxed()
        })
        .await?;
    match n_replayed {
        0 => Err(StoreError::not_found(OBJECT, id)),
        _ => Ok(()),
    }
}

/// What was sent once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replayed {
    /// How many deliveries that are.
    pub n_deliveries: u64,
    /// From when on there are more, where there were too many for once.
    pub next_since: Option<Timestamp>,
}

/// Sends once more what was queued for a webhook since an instant and does not wait anyway: all of it, or
/// what failed, the oldest first and at most `limit` deliveries, rounded up to whole pieces. Others write
/// between the pieces.
///
/// # Errors
/// [`StoreError`] where the database fails; the pieces before are sent then.
pub async fn replay_since(
    store: &Store,
    webhook: WebhookId,
    since: Timestamp,
    only_failed: bool,
    limit: u64,
    now: Timestamp,
) -> Result<Replayed, StoreError> {
    // By its place, and not by what is left: a delivery that was taken meanwhile is not sent a third time.
    let mut after = (since.as_micros(), Uuid::nil());
    let mut n_deliveries = 0;
    loop {
        let piece = replay_some(store, webhook, after, only_failed, now).await?;
        n_deliveries += piece.len() as u64;
        let is_full = piece.len() as u64 == N_REPLAYED;
        let Some(last) = piece.into_iter().max().filter(|_| is_full) else {
            let next_since = None;
            return Ok(Replayed {
                n_deliveries,
                next_since,
            });
        };
        after = last;
        if n_deliveries >= limit {
            let next_since = Some(Timestamp::from_micros(after.0));
            return Ok(Replayed {
                n_deliveries,
                next_since,
            });
        }
    }
}

/// Sends the next deliveries behind a place once more, and returns their places.
async fn replay_some(
    store: &Store,
    webhook: WebhookId,
    (created_at, id): (i64, Uuid),
    only_failed: bool,
    now: Timestamp,
) -> Result<Vec<(i64, Uuid)>, StoreError> {
    let status = if only_failed {
        "d.status = 'failed'"
    } else {
        "d.status <> 'waiting'"
    };
    let text = format!(
        "UPDATE webhook_deliveries SET status = 'waiting', next_attempt_at = ?, \
         n_before_replay = n_attempts WHERE id IN (SELECT d.id FROM webhook_deliveries d \
         WHERE d.webhook_id = ? AND (d.created_at, d.id) > (?, ?) AND {status} \
         ORDER BY d.created_at, d.id LIMIT ?) RETURNING id, created_at"
    );
    let values = [
        sql::at(now),
        sql::id(webhook),
        created_at.into(),
        sql::id(id),
        codec::signed(N_REPLAYED).into(),
    ];
    store
        .write(move |tx| {
            async move {
                let rows = Sql::of(tx.get_database_backend(), &text, values);
                let rows = rows.all(tx).await?;
                let places = rows.iter().map(|row| {
                    let id = row.try_get::<Uuid>("", "id")?;
                    Ok((row.try_get("", "created_at")?, id))
                });
                places.collect()
            }
            .boxed()
        })
        .await
}

/// Forgets some of the deliveries to a webhook that still has a version; tells whether there may be more.
pub(super) async fn forget_some(
    store: &Store,
    webhook: WebhookId,
    version: i64,
) -> Result<bool, StoreError> {
    let text = "DELETE FROM webhook_deliveries WHERE id IN (SELECT d.id FROM webhook_deliveries d \
                JOIN webhooks w ON w.id = d.webhook_id WHERE w.id = ? AND w.version = ? LIMIT ?)";
    let values = [
        sql::id(webhook),
        version.into(),
        codec::signed(N_SWEPT).into(),
    ];
    let n_forgotten = store
        .write(move |tx| {
            async move {
                let forget = Sql::of(tx.get_database_backend(), text, values);
                Ok(forget.execute(tx).await?)
            }
            .boxed()
        })
        .await?;
    Ok(n_forgotten == N_SWEPT)
}

/// Forgets some of the deliveries that were queued before an instant, whatever became of them; returns how
/// many. Those that wait at a webhook that is switched off are among them: nobody wants to be told in
/// spring what was new in autumn.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn sweep(store: &Store, before: Timestamp) -> Result<u64, StoreError> {
    // Ids begin with their milliseconds, so that the oldest rows stand first in the table.
    let millis = u64::try_from(before.as_millis()).unwrap_or(0);
    let end = Uuid::from_u64_pair(millis << 16, 0);
    store
        .write(move |tx| {
            async move {
                let text = "DELETE FROM webhook_deliveries WHERE id IN (SELECT d.id \
                            FROM webhook_deliveries d WHERE d.id < ? ORDER BY d.id LIMIT ?)";
                let values = [sql::id(end), codec::signed(N_SWEPT).into()];
                let sweep = Sql::of(tx.get_database_backend(), text, values);
                Ok(sweep.execute(tx).await?)
            }
            .boxed()
        })
        .await
}

/// Erases what was told of records, and of notes and tasks about them, and what receivers answered to it.
/// That a record was deleted is told by its id alone, and is still told, so that receivers erase it, too; only
/// their answers go.
pub(crate) async fn erase_in(tx: &DatabaseTransaction, records: &[Uuid]) -> Result<(), StoreError> {
    let backend = tx.get_database_backend();
    for chunk in records.chunks(sql::N_KEYS_MAX / 4) {
        let about = |sql: &mut Sql| {
            sql.push("(d.record_id IN ").bind_list(sql::ids(chunk));
            sql.push(
                " OR d.record_id IN (SELECT object_id FROM audit_entries \
                 WHERE object IN ('note', 'task') AND about_id IN ",
            );
            sql.bind_list(sql::ids(chunk)).push(")");
            // Those of files have no entries.
            for table in ["notes", "tasks"] {
                sql.push(&format!(
                    " OR d.record_id IN (SELECT a.id FROM {table} a WHERE a.subject_id IN "
                ));
                sql.bind_list(sql::ids(chunk)).push(")");
            }
            sql.push(")");
        };
        let mut erase = Sql::new(backend);
        erase.push(
            "DELETE FROM webhook_deliveries WHERE id IN (SELECT d.id FROM webhook_deliveries d \
             WHERE d.type NOT LIKE '%.deleted' AND ",
        );
        about(&mut erase);
        erase.push(")");
        erase.execute(tx).await?;
        let mut erase = Sql::new(backend);
        erase.push(
            "UPDATE webhook_attempts SET answer = NULL WHERE delivery_id IN \
             (SELECT d.id FROM webhook_deliveries d WHERE ",
        );
        about(&mut erase);
        erase.push(")");
        erase.execute(tx).await?;
    }
    Ok(())
}
