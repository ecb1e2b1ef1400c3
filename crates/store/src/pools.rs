//! The pools: records without an owner, claimed by one, given back, and returned where nobody attended to
//! them.

use std::collections::HashMap;

use futures::FutureExt as _;
use rapport_domain::{
    Actor, AuditAction, Author, ObjectKind, PoolRule, SystemActor, Timestamp, UserId, Verb,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Value};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::audit::Draft;
use crate::imports::ColumnChange;
use crate::lens::{Lens, Target};
use crate::shares::OwnedRecord;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, audit, codec, settings};

/// Records that are returned in one transaction.
const N_RETURNED: u64 = 500;

/// The rule of a kind's pool; no limits where none was saved.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn rule(store: &Store, object: ObjectKind) -> Result<PoolRule, StoreError> {
    rule_in(store.reader(), object).await
}

/// As [`rule`], within a transaction too.
pub(crate) async fn rule_in(
    connection: &impl ConnectionTrait,
    object: ObjectKind,
) -> Result<PoolRule, StoreError> {
    let saved = settings::find_in(connection, &key_of(object)).await?;
    Ok(saved.unwrap_or_default())
}

/// Saves the rule of a kind's pool.
///
/// # Errors
/// [`StoreError::Invalid`] where it breaks its rules.
pub async fn save_rule(
    store: &Store,
    object: ObjectKind,
    rule: PoolRule,
) -> Result<(), StoreError> {
    rule.check()?;
    settings::save(store, &key_of(object), &rule).await
}

fn key_of(object: ObjectKind) -> String {
    format!("pool.{}", codec::name_of(&object))
}

/// How many records of a kind a colleague has.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn n_owned(store: &Store, object: ObjectKind, user: UserId) -> Result<u64, StoreError> {
    let Some(Target { table, .. }) = OwnedRecord::target_of(object, Uuid::nil()) else {
        return Ok(0);
    };
    count_owned(store.reader(), table, user).await
}

/// How many records of a table a user has.
pub(crate) async fn count_owned(
    connection: &impl ConnectionTrait,
    table: &str,
    user: UserId,
) -> Result<u64, StoreError> {
    let text = format!("SELECT count(*) AS n FROM {table} WHERE owner_id = ?");
    let backend = connection.get_database_backend();
    let row = Sql::of(backend, &text, [sql::id(user)])
        .one(connection)
        .await?;
    let n: i64 = row.map_or(Ok(0), |row| row.try_get("", "n"))?;
    Ok(codec::unsigned(n))
}

/// Makes a record of the pool a colleague's. Of several who claim it at once one has it.
///
/// # Errors
/// [`StoreError::NotFound`] where it is not seen, [`StoreError::NotAllowed`] where the role takes nothing
/// from the pool, [`StoreError::AlreadyClaimed`] where it is somebody's, [`StoreError::ClaimLimit`] where
/// the colleague has as many as the rule allows.
pub async fn claim(
    store: &Store,
    record: OwnedRecord,
    user: UserId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let rule = rule(store, record.object).await?;
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                let target = record.target();
                check_pool(tx, &lens, record).await?;
                hold_user(tx, user).await?;
                let owner = Value::Uuid(Some(user.into()));
                if set_owner(tx, target, "IS NULL", owner, now).await? == 0 {
                    let object = target.object;
                    return Err(StoreError::AlreadyClaimed { object });
                }
                check_limit(tx, target, user, rule).await?;
                audit::write(tx, &lens, vec![handed(record, None, Some(user.into()))]).await
            }
            .boxed()
        })
        .await
}

/// Gives a record back to the pool. Who may change it by a share alone, or would delete it after claiming it
/// and may not now, does not.
///
/// # Errors
/// [`StoreError::NotFound`] where it is not seen, [`StoreError::NotAllowed`] where the role has nothing to
/// do with the pool or the record is somebody else's to change, [`StoreError::WrongState`] where it is in
/// the pool already.
pub async fn release(store: &Store, record: OwnedRecord, now: Timestamp) -> Result<(), StoreError> {
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                let target = record.target();
                check_pool(tx, &lens, record).await?;
                let nobody = Value::Uuid(None);
                let (is_nobodys, object) = (is_in_pool(tx, target).await?, target.object);
                if !is_nobodys {
                    lens.check_change(tx, target, Verb::Write).await?;
                }
                let before = lens.standing(tx, record.object, target).await?;
                if set_owner(tx, target, "IS NOT NULL", nobody, now).await? == 0 {
                    return Err(StoreError::WrongState {
                        object,
                        state: "in the pool already".to_owned(),
                    });
                }
                let after = lens.standing(tx, record.object, target).await?;
                before.check_became(&after, object)?;
                let owner = before.owner_id.map(Into::into);
                audit::write(tx, &lens, vec![handed(record, owner, None)]).await
            }
            .boxed()
        })
        .await
}

/// What the audit tells of a record that gets another owner or none.
fn handed(record: OwnedRecord, before: Option<Uuid>, after: Option<Uuid>) -> Draft {
    let value = |owner: Option<Uuid>| owner.map_or(Json::Null, |id| id.to_string().into());
    let change = ColumnChange {
        column: "owner_id".to_owned(),
        before: value(before),
        after: value(after),
    };
    Draft::of(AuditAction::Updated, record.audited(), record.id).with(vec![change])
}

/// Refuses who does not see the record, and whose role has nothing to do with the pool of its kind or keeps its
/// owner from being set.
async fn check_pool(
    tx: &DatabaseTransaction,
    lens: &Lens,
    record: OwnedRecord,
) -> Result<(), StoreError> {
    let target = record.target();
    record.check_exists(tx).await?;
    lens.check_change(tx, target, Verb::Read).await?;
    lens.check_pool(record.object, target.object)?;
    lens.check_fields(record.object, ["owner_id"])
}

async fn is_in_pool(tx: &DatabaseTransaction, target: Target) -> Result<bool, StoreError> {
    let Target { table, id, .. } = target;
    let text = format!("SELECT id FROM {table} WHERE id = ? AND owner_id IS NULL");
    let found = Sql::of(tx.get_database_backend(), &text, [sql::id(id)]);
    Ok(found.one(tx).await?.is_some())
}

/// Lets nobody else claim for the same colleague before the transaction ends, so that two claims at once
/// do not both come below the limit. SQLite has one writer at a time and needs no lock.
pub(crate) async fn hold_user(tx: &DatabaseTransaction, user: UserId) -> Result<(), StoreError> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let text = "SELECT id FROM users WHERE id = ? FOR NO KEY UPDATE";
        Sql::of(DbBackend::Postgres, text, [sql::id(user)])
            .one(tx)
            .await?;
    }
    Ok(())
}

/// Refuses who has more records than the rule of the pool allows to take from it.
pub(crate) async fn check_limit(
    tx: &DatabaseTransaction,
    target: Target,
    user: UserId,
    rule: PoolRule,
) -> Result<(), StoreError> {
    let Some(n_max) = rule.n_owned_max else {
        return Ok(());
    };
    if count_owned(tx, target.table, user).await? <= u64::from(n_max) {
        return Ok(());
    }
    let object = target.object;
    Err(StoreError::ClaimLimit { object, n_max })
}

/// Writes the owner of a record whose owner is as said; how many records that were.
async fn set_owner(
    tx: &DatabaseTransaction,
    Target { table, id, object }: Target,
    before: &str,
    owner: Value,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let text = format!(
        "UPDATE {table} SET owner_id = ?, version = version + 1, updated_at = ? \
         WHERE id = ? AND owner_id {before}"
    );
    let values = [owner, sql::at(now), sql::id(id)];
    let done = Sql::of(tx.get_database_backend(), &text, values)
        .execute(tx)
        .await;
    done.map_err(|error| StoreError::from(error).about(object))
}

/// Returns to the pool some of the records of a kind that somebody has and nobody has attended to since
/// `since`: not changed, nothing written or to be done about them, no purchase, no deal and no ticket. What
/// is closed stays with who closed it. Returns how many there were; none when all are returned.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn return_idle(
    store: &Store,
    object: ObjectKind,
    since: Timestamp,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let Some(Target { table, .. }) = OwnedRecord::target_of(object, Uuid::nil()) else {
        return Ok(0);
    };
    let condition = idle(object);
    store
        .write(move |tx| {
            async move {
                let backend = tx.get_database_backend();
                let since_each = |text: &str| vec![sql::at(since); text.matches('?').count()];
                let mut ids = Sql::new(backend);
                ids.push_with(
                    &format!(
                        "SELECT r.id AS id, r.owner_id AS owner_id FROM {table} r \
                         WHERE {condition}"
                    ),
                    since_each(condition),
                );
                ids.push(&format!(" ORDER BY r.id LIMIT {N_RETURNED}"));
                let rows = ids.all(tx).await?;
                let mut owners: HashMap<Uuid, Option<Uuid>> = HashMap::new();
                for row in rows {
                    owners.insert(row.try_get("", "id")?, row.try_get("", "owner_id")?);
                }
                if owners.is_empty() {
                    return Ok(0);
                }
                let found: Vec<Uuid> = owners.keys().copied().collect();
                let mut update = Sql::new(backend);
                update.push_with(
                    &format!(
                        "UPDATE {table} SET owner_id = NULL, version = version + 1, \
                         updated_at = ? WHERE updated_at < ? AND owner_id IS NOT NULL AND id IN "
                    ),
                    [sql::at(now), sql::at(since)],
                );
                update.bind_list(sql::ids(&found)).push(" RETURNING id");
                let mut drafts = Vec::with_capacity(found.len());
                for row in update.all(tx).await? {
                    let id: Uuid = row.try_get("", "id")?;
                    let owner = owners.get(&id).copied().flatten();
                    drafts.push(handed(OwnedRecord { object, id }, owner, None));
                }
                let author = Author::new(Actor::System(SystemActor::PoolReturn), now);
                audit::write_as(tx, author, drafts).await?;
                Ok(found.len() as u64)
            }
            .boxed()
        })
        .await
}

/// The condition of records `r` that nobody attended to, with a `?` for each instant.
const fn idle(object: ObjectKind) -> &'static str {
    macro_rules! idle {
        ($further:literal) => {
            concat!(
                "r.owner_id IS NOT NULL AND r.updated_at < ? \
                 AND NOT EXISTS (SELECT 1 FROM notes n WHERE n.subject_id = r.id AND n.updated_at >= ?) \
                 AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.subject_id = r.id AND t.updated_at >= ?)",
                $further
            )
        };
    }
    match object {
        ObjectKind::Contact => idle!(
            " AND (r.last_activity_at IS NULL OR r.last_activity_at < ?) \
             AND NOT EXISTS (SELECT 1 FROM deals d WHERE d.contact_id = r.id AND d.updated_at >= ?) \
             AND NOT EXISTS (SELECT 1 FROM tickets k WHERE k.contact_id = r.id AND k.updated_at >= ?)"
        ),
        ObjectKind::Company => idle!(
            " AND NOT EXISTS (SELECT 1 FROM deals d WHERE d.company_id = r.id AND d.updated_at >= ?)"
        ),
        ObjectKind::Deal => idle!(
            " AND EXISTS (SELECT 1 FROM stages s WHERE s.id = r.stage_id AND s.outcome = 'open')"
        ),
        ObjectKind::Ticket => idle!(" AND r.status IN ('open', 'pending')"),
        ObjectKind::Task => idle!(" AND r.status = 'open'"),
        ObjectKind::Product | ObjectKind::Order | ObjectKind::Campaign => "1 = 0",
    }
}
