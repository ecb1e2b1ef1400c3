//! The outbox: what changed and is to be told, written by triggers in the transaction of the change.

use std::collections::BTreeSet;

use futures::FutureExt as _;
use rapport_domain::{
    Holding, ImportId, ObjectKind, StageId, Subject, Timestamp, UserId, WebhookDeliveryId,
    WebhookId, WebhookObject, WebhookStatus,
};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, QueryResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::entities::webhook_delivery;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, bulk, codec, record, teams};

/// Deliveries that wait at one webhook from which on it is no longer told what files bring. What
/// people and programs change is always told.
const BULK_WAITING_MAX: u64 = 100_000;

/// What happened to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It was made.
    Created,
    /// It was changed.
    Updated,
    /// It was deleted.
    Deleted,
    /// A deal came to another stage.
    Moved,
    /// An import came to its end.
    Finished,
    /// A segmentation is shown.
    Published,
}

/// A change that is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its number; later changes have greater ones, as far as they do not overlap.
    pub no: i64,
    /// What changed.
    pub object: WebhookObject,
    /// How.
    pub kind: ChangeKind,
    /// The record.
    pub record_id: Uuid,
    /// Whether a file brought it, or the undoing of one.
    pub is_bulk: bool,
    /// Colleague in charge at that moment.
    pub owner_id: Option<UserId>,
    /// What a task or a note is about.
    pub subject: Option<Subject>,
    /// Where a deal stood before it was moved.
    pub stage_before: Option<StageId>,
    /// Where a deal stands.
    pub stage_after: Option<StageId>,
    /// When it happened, where the record says so.
    pub at: Option<Timestamp>,
}

/// An event for one webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// Identifier; the event is known by it to the receiver.
    pub id: WebhookDeliveryId,
    /// To whom.
    pub webhook_id: WebhookId,
    /// The name of its type.
    pub type_name: String,
    /// What it is about.
    pub object: Option<WebhookObject>,
    /// The record.
    pub record_id: Option<Uuid>,
    /// What is sent.
    pub body: String,
}

impl NewDelivery {
    pub(super) fn into_row(
        self,
        next_attempt_at: Timestamp,
        now: Timestamp,
    ) -> webhook_delivery::Model {
        webhook_delivery::Model {
            id: self.id.into(),
            webhook_id: self.webhook_id.into(),
            r#type: self.type_name,
            object: self.object.as_ref().map(codec::name_of),
            record_id: self.record_id,
            body: self.body,
            status: codec::name_of(&WebhookStatus::Waiting),
            n_attempts: 0,
            n_before_replay: 0,
            next_attempt_at: Some(next_attempt_at.as_micros()),
            created_at: now.as_micros(),
            last_attempt_at: None,
            last_code: None,
        }
    }
}

/// Notes that what this transaction writes from here on comes from a file.
pub(crate) async fn begin_bulk(
    tx: &DatabaseTransaction,
    import: ImportId,
) -> Result<(), StoreError> {
    let text = "INSERT INTO webhook_bulk (import_id) VALUES (?)";
    Sql::of(tx.get_database_backend(), text, [sql::id(import)])
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes that what this transaction writes from here on does not come from a file.
pub(crate) async fn end_bulk(tx: &DatabaseTransaction) -> Result<(), StoreError> {
    Sql::of(tx.get_database_backend(), "DELETE FROM webhook_bulk", [])
        .execute(tx)
        .await?;
    Ok(())
}

/// What people and programs have changed, which waits for no file; an index holds these rows apart.
const OF_PEOPLE: &str = "is_bulk = false AND object <> 'import'";
/// What files have brought, and after it that they came to their end.
const OF_FILES: &str = "(is_bulk = true OR object = 'import')";

/// The next `n` changes that are to be told: what people and programs changed in its order, and what files
/// brought in its own, as far as there is room for it.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn read_outbox(store: &Store, n: u64) -> Result<Vec<Change>, StoreError> {
    let mut changes = read_some(store, OF_PEOPLE, n).await?;
    let room = n.saturating_sub(changes.len() as u64);
    if room > 0 {
        changes.extend(read_some(store, OF_FILES, room).await?);
    }
    Ok(changes)
}

async fn read_some(store: &Store, condition: &str, n: u64) -> Result<Vec<Change>, StoreError> {
    let text = format!(
        "SELECT no, object, change, record_id, is_bulk, owner_id, subject_kind, subject_id, \
         stage_before, stage_after, at FROM webhook_outbox WHERE {condition} ORDER BY no LIMIT ?"
    );
    let rows = Sql::of(store.backend(), &text, [codec::signed(n).into()])
        .all(store.reader())
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<Change, StoreError> {
    let (object, change): (String, String) =
        (row.try_get("", "object")?, row.try_get("", "change")?);
    let id = |column: &str| row.try_get::<Option<Uuid>>("", column);
    let subject_kind: Option<String> = row.try_get("", "subject_kind")?;
    let subject = subject_kind.zip(id("subject_id")?);
    let subject =
        subject.map(|(kind, id)| codec::subject("webhook_outbox.subject_kind", &kind, id));
    Ok(Change {
        no: row.try_get("", "no")?,
        object: codec::member("webhook_outbox.object", &object)?,
        kind: codec::member("webhook_outbox.change", &change)?,
        record_id: row.try_get("", "record_id")?,
        is_bulk: row.try_get("", "is_bulk")?,
        owner_id: id("owner_id")?.map(UserId),
        subject: subject.transpose()?,
        stage_before: id("stage_before")?.map(StageId),
        stage_after: id("stage_after")?.map(StageId),
        at: codec::instant(row.try_get("", "at")?),
    })
}

/// Takes changes out of the outbox and queues what is told of them, each with the number of its change:
/// both or neither. A change that another server has taken is told by that one.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn queue(
    store: &Store,
    changes: &[Change],
    told: Vec<(i64, NewDelivery)>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let numbers: Vec<i64> = changes.iter().map(|change| change.no).collect();
    store
        .write(move |tx| {
            async move {
                let mine = take(tx, &numbers).await?;
                let told = told.into_iter();
                let rows = told.filter(|(no, _)| mine.contains(no));
                let rows = rows.map(|(_, delivery)| delivery.into_row(now, now));
                let rows: Vec<_> = rows.collect();
                bulk::insert::<webhook_delivery::Entity>(tx, rows, "").await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

async fn take(tx: &DatabaseTransaction, numbers: &[i64]) -> Result<BTreeSet<i64>, StoreError> {
    let mut taken = BTreeSet::new();
    for chunk in numbers.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(tx.get_database_backend());
        sql.push("DELETE FROM webhook_outbox WHERE no IN ");
        sql.bind_list(chunk.iter().map(|&no| no.into()));
        sql.push(" RETURNING no");
        for row in sql.all(tx).await? {
            taken.insert(row.try_get("", "no")?);
        }
    }
    Ok(taken)
}

/// Those of some webhooks at which too much waits to be told what files bring as well.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn full_webhooks(
    store: &Store,
    webhooks: impl IntoIterator<Item = WebhookId>,
) -> Result<BTreeSet<WebhookId>, StoreError> {
    let mut full = BTreeSet::new();
    for webhook in webhooks {
        let text = "SELECT count(*) AS n FROM (SELECT 1 AS one FROM webhook_deliveries \
                    WHERE webhook_id = ? AND next_attempt_at IS NOT NULL LIMIT ?) w";
        let values = [sql::id(webhook), codec::signed(BULK_WAITING_MAX).into()];
        let counted = Sql::of(store.backend(), text, values);
        let n: i64 = match counted.one(store.reader()).await? {
            Some(row) => row.try_get("", "n")?,
            None => 0,
        };
        if codec::unsigned(n) >= BULK_WAITING_MAX {
            full.insert(webhook);
        }
    }
    Ok(full)
}

/// Whether the store's user would see a record that was deleted, if it were still there. With whom it
/// was shared is forgotten with it.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn saw_deleted(store: &Store, change: &Change) -> Result<bool, StoreError> {
    let lens = store.lens();
    if lens.sees_all() {
        return Ok(true);
    }
    let owned = match change.object {
        WebhookObject::Contact => Some(ObjectKind::Contact),
        WebhookObject::Company => Some(ObjectKind::Company),
        WebhookObject::Deal => Some(ObjectKind::Deal),
        WebhookObject::Ticket => Some(ObjectKind::Ticket),
        WebhookObject::Task => Some(ObjectKind::Task),
        WebhookObject::Note | WebhookObject::Import | WebhookObject::Segmentation => None,
    };
    if let Some(kind) = owned {
        let owner_teams = match change.owner_id {
            Some(owner) => teams::of_user(store, owner).await?,
            None => BTreeSet::new(),
        };
        let holding = Holding {
            owner_id: change.owner_id,
            owner_teams,
            shares: Vec::new(),
        };
        if lens.would_see(kind, &holding) {
            return Ok(true);
        }
    }
    // A task or a note was seen with what it is about, where that kind is open at all.
    let Some(subject) = change.subject else {
        return Ok(false);
    };
    if owned.is_some_and(|kind| lens.is_closed(kind)) {
        return Ok(false);
    }
    let (table, id) = record::place_of(subject);
    let seen = lens.seen_among(store.reader(), table, vec![id]).await?;
    Ok(!seen.is_empty())
}
