//! Webhooks: where events are sent, the outbox that they come from, and the log of what was sent
//! (decision note 0016).

mod deliveries;
mod outbox;
mod secret;
mod sending;

use std::collections::BTreeMap;

use futures::FutureExt as _;
use rapport_domain::{
    AuditAction, AuditObject, Timestamp, UserId, Webhook, WebhookId, WebhookType,
};
use sea_orm::{
    ConnectionTrait as _, DatabaseTransaction, DbBackend, FromQueryResult as _, QueryResult,
};
use serde_json::Value as Json;

use crate::audit::{self, Draft};
use crate::entities::webhook;
use crate::imports::ColumnChange;
use crate::sql::{self, Sql};
use crate::{Named, Store, StoreError, codec, record};

pub use deliveries::{
    Attempt, DeliveryDetail, DeliveryRow, Health, erase, find_delivery, health, list_deliveries,
    replay, replay_since, sweep,
};
pub use outbox::{Change, ChangeKind, NewDelivery, full_webhooks, queue, read_outbox, saw_deleted};
pub use secret::WebhookSecret;
pub use sending::{Claimed, Fate, claim, due, note, queue_test};

pub(crate) use outbox::{begin_bulk, end_bulk};

const OBJECT: &str = "webhook";

/// Lets one transaction at a time write down what is wanted, until it is over: each then reads the webhooks
/// that those before it have committed. SQLite has one writer at a time and needs no lock.
const POSTGRES_LOCK: &str = "SELECT pg_advisory_xact_lock(7241938158)";

/// The most webhooks of one person: each is asked whether it wants what changes.
pub const WEBHOOKS_MAX: u64 = 50;

/// A webhook as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookRow {
    /// The webhook.
    pub webhook: Webhook,
    /// Through whose eyes it sees the records.
    pub owner: Named<UserId>,
}

/// Keeps a new webhook and tells whether it did: not where its owner has [`WEBHOOKS_MAX`] already.
///
/// # Errors
/// [`StoreError::Invalid`] where it breaks its rules.
pub async fn create(
    store: &Store,
    webhook: Webhook,
    secret: &WebhookSecret,
) -> Result<bool, StoreError> {
    webhook.check()?;
    let (owner, lens) = (webhook.owner_id, store.lens().clone());
    let row = webhook::Model::with_secret(webhook, secret.as_bytes().to_vec());
    store
        .write(move |tx| {
            async move {
                let text = "SELECT count(*) AS n FROM webhooks WHERE owner_id = ?";
                let counted = Sql::of(tx.get_database_backend(), text, [sql::id(owner)]);
                let n_webhooks: i64 = match counted.one(tx).await? {
                    Some(found) => found.try_get("", "n")?,
                    None => 0,
                };
                if codec::unsigned(n_webhooks) >= WEBHOOKS_MAX {
                    return Ok(false);
                }
                record::create_noted::<webhook::Entity>(&lens, tx, OBJECT, row).await?;
                settle_wants(tx).await?;
                Ok(true)
            }
            .boxed()
        })
        .await
}

/// Writes a changed webhook if it still has the version that the caller read. One that is switched on
/// again begins with a clean slate.
///
/// # Errors
/// [`StoreError::Conflict`] where it was changed meanwhile, [`StoreError::NotFound`] where it is
/// gone, [`StoreError::Invalid`] where it breaks its rules.
pub async fn update(store: &Store, webhook: Webhook, expected: i64) -> Result<(), StoreError> {
    /// What this does not change.
    const KEPT: &[&str] = &["owner_id", "secret", "old_secret", "old_secret_until"];
    webhook.check()?;
    let (id, lens) = (webhook.id, store.lens().clone());
    let row = webhook::Model::with_secret(webhook, Vec::new());
    store
        .write(move |tx| {
            async move {
                let before = audit::before::<webhook::Entity>(tx, &lens, id).await?;
                record::update_versioned::<webhook::Entity>(tx, OBJECT, id, expected, row, KEPT)
                    .await?;
                audit::changed::<webhook::Entity>(tx, &lens, before).await?;
                settle_wants(tx).await
            }
            .boxed()
        })
        .await
}

/// Deletes a webhook with its log, if it still has the version that the caller read.
///
/// # Errors
/// [`StoreError::Conflict`], [`StoreError::NotFound`] as for [`update`].
pub async fn delete(store: &Store, id: WebhookId, expected: i64) -> Result<(), StoreError> {
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                let before = audit::before::<webhook::Entity>(tx, &lens, id).await?;
                record::delete_versioned::<webhook::Entity>(tx, OBJECT, id, expected).await?;
                audit::deleted::<webhook::Entity>(tx, &lens, before).await?;
                settle_wants(tx).await
            }
            .boxed()
        })
        .await
}

/// Gives a webhook another secret; until `old_until` its deliveries are signed with both.
///
/// # Errors
/// [`StoreError::NotFound`] where it is gone.
pub async fn rotate_secret(
    store: &Store,
    id: WebhookId,
    secret: &WebhookSecret,
    old_until: Timestamp,
) -> Result<(), StoreError> {
    let secret = secret.as_bytes().to_vec();
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                let text = "UPDATE webhooks SET old_secret = secret, old_secret_until = ?, \
                            secret = ? WHERE id = ?";
                let values = [sql::at(old_until), secret.into(), sql::id(id)];
                let rotate = Sql::of(tx.get_database_backend(), text, values);
                if rotate.execute(tx).await? == 0 {
                    return Err(StoreError::not_found(OBJECT, id));
                }
                // That there is a new one, and neither what it is nor what it was.
                let replaced = ColumnChange {
                    column: "signing_secret".to_owned(),
                    before: Json::Null,
                    after: "set".into(),
                };
                let draft = Draft::of(AuditAction::Updated, AuditObject::Webhook, id);
                audit::write(tx, &lens, vec![draft.with(vec![replaced])]).await
            }
            .boxed()
        })
        .await
}

/// Finds a webhook.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: WebhookId) -> Result<Option<WebhookRow>, StoreError> {
    let rows = select(store, "WHERE w.id = ?", [sql::id(id)]).await?;
    Ok(rows.into_iter().next())
}

/// Lists webhooks, the oldest first: those of one person, or all.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list(store: &Store, owner: Option<UserId>) -> Result<Vec<WebhookRow>, StoreError> {
    match owner {
        Some(owner) => select(store, "WHERE w.owner_id = ?", [sql::id(owner)]).await,
        None => select(store, "", []).await,
    }
}

/// Lists the webhooks that something is sent to, the oldest first: they are switched on, and their owners
/// may sign in.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_live(store: &Store) -> Result<Vec<WebhookRow>, StoreError> {
    let condition = "WHERE w.is_enabled = ? AND u.disabled_at IS NULL";
    select(store, condition, [true.into()]).await
}

async fn select<const N: usize>(
    store: &Store,
    condition: &str,
    values: [sea_orm::Value; N],
) -> Result<Vec<WebhookRow>, StoreError> {
    let columns = record::columns::<webhook::Entity>("w", "w_");
    let text = format!(
        "SELECT {columns}, u.id AS u_id, u.name AS u_name FROM webhooks w \
         JOIN users u ON u.id = w.owner_id {condition} ORDER BY w.id"
    );
    let rows = Sql::of(store.backend(), &text, values)
        .all(store.reader())
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<WebhookRow, StoreError> {
    let webhook: Webhook = webhook::Model::from_query_result(row, "w_")?.try_into()?;
    let owner = Named::read(row, "u_")?;
    Ok(WebhookRow {
        owner: owner.ok_or_else(|| StoreError::not_found("user", webhook.owner_id))?,
        webhook,
    })
}

/// Writes down which changes somebody wants to be told of, for the triggers to look at.
async fn settle_wants(tx: &DatabaseTransaction) -> Result<(), StoreError> {
    let backend = tx.get_database_backend();
    if backend == DbBackend::Postgres {
        tx.execute_unprepared(POSTGRES_LOCK).await?;
    }
    let text = "SELECT types, with_imports FROM webhooks WHERE is_enabled = ?";
    let rows = Sql::of(backend, text, [true.into()]).all(tx).await?;
    let mut wants: BTreeMap<String, bool> = BTreeMap::new();
    for row in rows {
        let types: String = row.try_get("", "types")?;
        let types: Vec<WebhookType> = codec::from_json("webhooks.types", &types)?;
        let with_imports: bool = row.try_get("", "with_imports")?;
        for object in types.into_iter().map(WebhookType::object) {
            *wants.entry(codec::name_of(&object)).or_default() |= with_imports;
        }
    }
    Sql::of(backend, "DELETE FROM webhook_wants", [])
        .execute(tx)
        .await?;
    for (object, with_imports) in wants {
        let text = "INSERT INTO webhook_wants (object, with_imports) VALUES (?, ?)";
        let values = [sql::text(object), with_imports.into()];
        Sql::of(backend, text, values).execute(tx).await?;
    }
    Ok(())
}
