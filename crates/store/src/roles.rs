//! Roles that people put together. The built-in ones are [`rapport_domain::Role`].

use futures::FutureExt as _;
use rapport_domain::{
    AuditAction, AuditObject, Invalid, ObjectKind, RoleId, RolePolicy, Timestamp, Violation,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, QueryResult};
use serde_json::{Value as Json, json};

use crate::audit::{Draft, replaced};
use crate::sql::{self, Sql};
use crate::{Store, StoreError, audit, codec};

const OBJECT: &str = "role";

/// The most roles that a workspace keeps.
const N_ROLES_MAX: i64 = 200;

/// The longest name of a role, in characters.
const NAME_CHARS_MAX: usize = 100;

/// A role that somebody has put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomRole {
    /// Identifier.
    pub id: RoleId,
    /// Name.
    pub name: String,
    /// What it allows.
    pub policy: RolePolicy,
    /// When it was made.
    pub created_at: Timestamp,
    /// Grows by one with every change.
    pub version: i64,
}

impl CustomRole {
    fn check(&self) -> Result<(), Invalid> {
        let mut violations = Vec::new();
        if self.name.trim().is_empty() {
            violations.push(Violation::new("/name", "blank", "must not be empty"));
        }
        if self.name.chars().count() > NAME_CHARS_MAX {
            let message = format!("must have at most {NAME_CHARS_MAX} characters");
            violations.push(Violation::new("/name", "too_long", message));
        }
        if let Err(invalid) = self.policy.check() {
            violations.extend(invalid.violations);
        }
        Invalid::check(violations)
    }
}

/// Lists roles by name.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list(store: &Store) -> Result<Vec<CustomRole>, StoreError> {
    let text = "SELECT id, name, policy, created_at, version FROM roles ORDER BY name, id";
    let rows = Sql::of(store.backend(), text, [])
        .all(store.reader())
        .await?;
    rows.iter().map(read).collect()
}

/// Finds a role.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: RoleId) -> Result<Option<CustomRole>, StoreError> {
    let text = "SELECT id, name, policy, created_at, version FROM roles WHERE id = ?";
    let row = Sql::of(store.backend(), text, [sql::id(id)])
        .one(store.reader())
        .await?;
    row.as_ref().map(read).transpose()
}

/// Reads a role. One that was put together before there was a rule lets no more be done than the rule
/// does.
fn read(row: &QueryResult) -> Result<CustomRole, StoreError> {
    let policy: String = row.try_get("", "policy")?;
    Ok(CustomRole {
        id: RoleId(row.try_get("", "id")?),
        name: row.try_get("", "name")?,
        policy: codec::from_json::<RolePolicy>("roles.policy", &policy)?.bounded(),
        created_at: Timestamp::from_micros(row.try_get("", "created_at")?),
        version: row.try_get("", "version")?,
    })
}

/// Writes a new role.
///
/// # Errors
/// [`StoreError::Invalid`] where it breaks its rules or there are too many, [`StoreError::Duplicate`]
/// where the name is taken.
pub async fn create(store: &Store, role: CustomRole) -> Result<(), StoreError> {
    role.check()?;
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                check_room(tx).await?;
                let draft = Draft::of(AuditAction::Created, AuditObject::Role, role.id)
                    .with(replaced(None, Some(&told(&role))));

                let text = "INSERT INTO roles (id, name, policy, created_at, version) \
                            VALUES (?, ?, ?, ?, ?)";
                let values = [
                    sql::id(role.id),
                    sql::text(role.name),
                    sql::text(codec::to_json(&role.policy)),
                    sql::at(role.created_at),
                    role.version.into(),
                ];
                execute(tx, text, values).await?;
                audit::write(tx, &lens, vec![draft]).await
            }
            .boxed()
        })
        .await
}

async fn check_room(tx: &DatabaseTransaction) -> Result<(), StoreError> {
    let count = Sql::of(
        tx.get_database_backend(),
        "SELECT count(*) AS n FROM roles",
        [],
    );
    let row = count.one(tx).await?;
    let n_roles: i64 = row.map_or(Ok(0), |row| row.try_get("", "n"))?;
    if n_roles < N_ROLES_MAX {
        return Ok(());
    }
    let message = format!("a workspace keeps at most {N_ROLES_MAX} roles; delete one first");
    Err(Invalid::one("", "too_many_roles", message).into())
}

/// Writes a changed role if it still has the version that the caller read. It holds from the next request
/// of each of its users on.
///
/// # Errors
/// [`StoreError::Conflict`] where it was changed meanwhile, [`StoreError::NotFound`] where it is gone,
/// [`StoreError::Invalid`] and [`StoreError::Duplicate`] as for [`create`].
pub async fn update(store: &Store, role: CustomRole, expected: i64) -> Result<(), StoreError> {
    role.check()?;
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                let before = held(tx, role.id).await?;
                let draft = Draft::of(AuditAction::Updated, AuditObject::Role, role.id).with(
                    replaced(before.as_ref().map(told).as_ref(), Some(&told(&role))),
                );
                let text = "UPDATE roles SET name = ?, policy = ?, version = version + 1 \
                            WHERE id = ? AND version = ?";
                let values = [
                    sql::text(role.name),
                    sql::text(codec::to_json(&role.policy)),
                    sql::id(role.id),
                    expected.into(),
                ];
                match execute(tx, text, values).await? {
                    0 => Err(changed(tx, role.id, expected).await?),
                    _ => audit::write(tx, &lens, vec![draft]).await,
                }
            }
            .boxed()
        })
        .await
}

/// Why a role does not have the expected version.
async fn changed(
    tx: &DatabaseTransaction,
    id: RoleId,
    expected: i64,
) -> Result<StoreError, StoreError> {
    let text = "SELECT version FROM roles WHERE id = ?";
    let row = Sql::of(tx.get_database_backend(), text, [sql::id(id)])
        .one(tx)
        .await?;
    Ok(match row {
        Some(row) => StoreError::Conflict {
            object: OBJECT,
            expected,
            found: row.try_get("", "version")?,
        },
        None => StoreError::not_found(OBJECT, id),
    })
}

/// Deletes a role that nobody has.
///
/// # Errors
/// [`StoreError::StillInUse`] where somebody has it, [`StoreError::NotFound`] where it is gone.
pub async fn delete(store: &Store, id: RoleId) -> Result<(), StoreError> {
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                hold(tx, id).await?;
                let before = held(tx, id).await?;
                let text = "SELECT id FROM users WHERE role_id = ? LIMIT 1";
                let holder = Sql::of(tx.get_database_backend(), text, [sql::id(id)]);
                if holder.one(tx).await?.is_some() {
                    return Err(StoreError::StillInUse { object: OBJECT });
                }
                execute(tx, "DELETE FROM roles WHERE id = ?", [sql::id(id)]).await?;
                let draft = Draft::of(AuditAction::Deleted, AuditObject::Role, id)
                    .with(replaced(before.as_ref().map(told).as_ref(), None));
                audit::write(tx, &lens, vec![draft]).await
            }
            .boxed()
        })
        .await
}

/// Takes the rules for a field that there is no more from all roles: another one of its name is another
/// field.
pub(crate) async fn forget_field(
    tx: &DatabaseTransaction,
    object: ObjectKind,
    field: &str,
) -> Result<(), StoreError> {
    let text = "SELECT id, name, policy, created_at, version FROM roles ORDER BY id";
    let rows = Sql::of(tx.get_database_backend(), text, []).all(tx).await?;
    for row in &rows {
        let mut role = read(row)?;
        let rules = role.policy.fields.get_mut(&object);
        if rules.and_then(|rules| rules.remove(field)).is_some() {
            let text = "UPDATE roles SET policy = ?, version = version + 1 WHERE id = ?";
            let values = [sql::text(codec::to_json(&role.policy)), sql::id(role.id)];
            execute(tx, text, values).await?;
        }
    }
    Ok(())
}

/// What the audit tells of a role.
fn told(role: &CustomRole) -> Json {
    json!({"name": role.name, "policy": role.policy})
}

/// A role as it is, which nobody else changes before the transaction ends.
async fn held(tx: &DatabaseTransaction, id: RoleId) -> Result<Option<CustomRole>, StoreError> {
    let text = "SELECT id, name, policy, created_at, version FROM roles WHERE id = ?";
    let mut sql = Sql::of(tx.get_database_backend(), text, [sql::id(id)]);
    // SQLite has one writer at a time and needs no lock on rows.
    if tx.get_database_backend() == DbBackend::Postgres {
        sql.push(" FOR NO KEY UPDATE");
    }
    let row = sql.one(tx).await?;
    row.as_ref().map(read).transpose()
}

/// Holds a role until the transaction ends, so that it is not deleted while somebody is given it.
pub(crate) async fn hold(tx: &DatabaseTransaction, id: RoleId) -> Result<(), StoreError> {
    let mut sql = Sql::of(
        tx.get_database_backend(),
        "SELECT id FROM roles WHERE id = ?",
        [sql::id(id)],
    );
    // SQLite has one writer at a time and needs no lock on rows.
    if tx.get_database_backend() == DbBackend::Postgres {
        sql.push(" FOR UPDATE");
    }
    let found = sql.one(tx).await?;
    found
        .map(|_| ())
        .ok_or_else(|| StoreError::not_found(OBJECT, id))
}

async fn execute<const N: usize>(
    tx: &DatabaseTransaction,
    text: &str,
    values: [sea_orm::Value; N],
) -> Result<u64, StoreError> {
    let done = Sql::of(tx.get_database_backend(), text, values)
        .execute(tx)
        .await;
    done.map_err(|error| StoreError::from(error).about(OBJECT))
}
