//! What all kinds of records have in common: found, written and guarded in the same way.

mod guarded;

use std::collections::BTreeSet;

use rapport_domain::Subject;
use sea_orm::sea_query::Iden as _;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait,
    FromQueryResult as _, Iterable as _, PrimaryKeyToColumn as _, PrimaryKeyTrait,
    QueryFilter as _, QueryResult,
};
use uuid::Uuid;

use crate::audit::{self, Audited};
use crate::bulk::{self, Writable};
use crate::lens::{Lens, is_ruled};
use crate::sql::{self, Sql};
use crate::{Store, StoreError};

pub(crate) use guarded::Guarded;

/// A record as others name it: what a list shows of an owner, a company, a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named<I> {
    /// Identifier.
    pub id: I,
    /// Name.
    pub name: String,
}

impl<I: From<Uuid>> Named<I> {
    /// Reads an outer join's columns `<prefix>id` and `<prefix>name`; none where nothing was
    /// joined.
    pub(crate) fn read(row: &QueryResult, prefix: &str) -> Result<Option<Self>, StoreError> {
        let id: Option<Uuid> = row.try_get(prefix, "id")?;
        let name: Option<String> = row.try_get(prefix, "name")?;
        Ok(id.zip(name).map(|(id, name)| Self {
            id: id.into(),
            name,
        }))
    }
}

/// Finds a record by its id.
pub(crate) async fn find<E, T>(
    connection: &impl ConnectionTrait,
    id: impl Into<Uuid>,
) -> Result<Option<T>, StoreError>
where
    E: EntityTrait<PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>>,
    T: TryFrom<E::Model, Error = StoreError>,
{
    let model = E::find_by_id(id.into()).one(connection).await?;
    model.map(T::try_from).transpose()
}

/// Finds a record by its id, if the store's user sees it.
pub(crate) async fn find_seen<E, T>(
    store: &Store,
    id: impl Into<Uuid>,
) -> Result<Option<T>, StoreError>
where
    E: EntityTrait<PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>>,
    T: TryFrom<E::Model, Error = StoreError>,
{
    let id = id.into();
    let table = E::default();
    let seen = store
        .lens()
        .seen_among(store.reader(), table.table_name(), vec![id]);
    if seen.await?.is_empty() {
        return Ok(None);
    }
    find_through::<E, T>(store.reader(), store.lens(), id).await
}

/// Finds a record by its id, without what the user does not see of it.
pub(crate) async fn find_through<E, T>(
    connection: &impl ConnectionTrait,
    lens: &Lens,
    id: impl Into<Uuid>,
) -> Result<Option<T>, StoreError>
where
    E: EntityTrait<PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>>,
    T: TryFrom<E::Model, Error = StoreError>,
{
    let (table, id) = (E::default(), id.into());
    if lens.hides_some(table.table_name()) {
        let mut found = find_many_blanked::<E, T>(connection, lens, &[id]).await?;
        return Ok(found.pop());
    }
    find::<E, T>(connection, id).await
}

/// Finds records by their ids, in no order; those that are not there, or that the store's user does not
/// see, are left out.
pub(crate) async fn find_many_seen<E, T>(
    store: &Store,
    ids: &[impl Copy + Into<Uuid>],
) -> Result<Vec<T>, StoreError>
where
    E: EntityTrait<PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>>,
    T: TryFrom<E::Model, Error = StoreError>,
{
    let ids = ids.iter().map(|&id| id.into()).collect();
    let table = E::default();
    let seen = store
        .lens()
        .seen_among(store.reader(), table.table_name(), ids);
    let seen = seen.await?;
    if store.lens().hides_some(table.table_name()) {
        return find_many_blanked::<E, T>(store.reader(), store.lens(), &seen).await;
    }
    find_many::<E, T>(store.reader(), &seen).await
}

/// As [`find_many`], without what the user does not see of them.
async fn find_many_blanked<E, T>(
    connection: &impl ConnectionTrait,
    lens: &Lens,
    ids: &[Uuid],
) -> Result<Vec<T>, StoreError>
where
    E: EntityTrait,
    T: TryFrom<E::Model, Error = StoreError>,
{
    let table = E::default();
    let backend = connection.get_database_backend();
    let columns = lens.columns::<E>(backend, "r", "r_");
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(backend);
        let table = table.table_name();
        sql.push(&format!("SELECT {columns} FROM {table} r WHERE r.id IN "));
        sql.bind_list(sql::ids(chunk));
        for row in sql.all(connection).await? {
            found.push(E::Model::from_query_result(&row, "r_")?.try_into()?);
        }
    }
    Ok(found)
}

/// Finds records by their ids, in no order; those that are not there are left out.
pub(crate) async fn find_many<E, T>(
    connection: &impl ConnectionTrait,
    ids: &[impl Copy + Into<Uuid>],
) -> Result<Vec<T>, StoreError>
where
    E: EntityTrait<PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>>,
    T: TryFrom<E::Model, Error = StoreError>,
{
    let key = E::PrimaryKey::iter().next().expect("a table has a key");
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(sql::N_KEYS_MAX) {
        let ids = sql::padded(chunk.iter().map(|&id| -> Uuid { id.into() }));
        let rows = E::find()
            .filter(key.into_column().is_in(ids))
            .all(connection);
        for row in rows.await? {
            found.push(row.try_into()?);
        }
    }
    Ok(found)
}

/// Those of the records of a table that are there. Nobody can delete them before the transaction ends,
/// so that what is hung on them without a foreign key hangs on something.
pub(crate) async fn hold_fast(
    tx: &DatabaseTransaction,
    table: &str,
    ids: &[impl Copy + Into<Uuid>],
) -> Result<BTreeSet<Uuid>, StoreError> {
    let backend = tx.get_database_backend();
    let mut there = BTreeSet::new();
    for chunk in ids.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(backend);
        sql.push("SELECT id FROM ")
            .push(table)
            .push(" WHERE id IN ");
        sql.bind_list(sql::ids(chunk)).push(" ORDER BY id");
        if backend == DbBackend::Postgres {
            sql.push(" FOR KEY SHARE");
        }
        for row in sql.all(tx).await? {
            there.insert(row.try_get("", "id")?);
        }
    }
    Ok(there)
}

/// Makes sure that what a note or a task is about is there, and stays until the transaction ends.
///
/// # Errors
/// [`StoreError::BrokenReference`] where it is gone.
pub(crate) async fn hold_subject(
    tx: &DatabaseTransaction,
    object: &'static str,
    subject: Subject,
) -> Result<(), StoreError> {
    let (table, id) = place_of(subject);
    if hold_fast(tx, table, &[id]).await?.is_empty() {
        return Err(StoreError::BrokenReference { object });
    }
    Ok(())
}

/// As [`hold_subject`]; what is not seen counts as gone.
pub(crate) async fn hold_seen_subject(
    tx: &DatabaseTransaction,
    lens: &Lens,
    object: &'static str,
    subject: Subject,
) -> Result<(), StoreError> {
    hold_subject(tx, object, subject).await?;
    let (table, id) = place_of(subject);
    if lens.seen_among(tx, table, vec![id]).await?.is_empty() {
        return Err(StoreError::BrokenReference { object });
    }
    Ok(())
}

/// The table and the id of what a note or a task is about.
pub(crate) fn place_of(subject: Subject) -> (&'static str, Uuid) {
    match subject {
        Subject::Contact(id) => ("contacts", id.into()),
        Subject::Company(id) => ("companies", id.into()),
        Subject::Deal(id) => ("deals", id.into()),
        Subject::Ticket(id) => ("tickets", id.into()),
    }
}

/// Writes a new record.
pub(crate) async fn create<E: Writable>(
    connection: &impl ConnectionTrait,
    object: &'static str,
    row: E::Model,
) -> Result<(), StoreError> {
    let done = bulk::insert::<E>(connection, vec![row], "").await;
    done.map(|_| ()).map_err(|error| error.about(object))
}

/// Writes a changed record if it still has the version that the caller read; its version grows.
/// Columns in `derived` are not the caller's to change and stay.
pub(crate) async fn update_versioned<E: Writable>(
    connection: &impl ConnectionTrait,
    object: &'static str,
    id: impl Into<Uuid>,
    expected: i64,
    row: E::Model,
    derived: &[&str],
) -> Result<(), StoreError> {
    let id = id.into();
    let except: Vec<&str> = ["id", "version", "created_at"]
        .iter()
        .chain(derived)
        .copied()
        .collect();
    let mut statement = bulk::update::<E>(connection.get_database_backend(), row, &except);
    statement.push_with(
        ", version = version + 1 WHERE id = ? AND version = ?",
        [sql::id(id), expected.into()],
    );
    change_versioned::<E>(connection, object, id, expected, statement).await
}

/// Deletes a record if it still has the version that the caller read.
pub(crate) async fn delete_versioned<E: EntityTrait>(
    connection: &impl ConnectionTrait,
    object: &'static str,
    id: impl Into<Uuid>,
    expected: i64,
) -> Result<(), StoreError> {
    let id = id.into();
    let table = E::default().table_name();
    let statement = Sql::of(
        connection.get_database_backend(),
        &format!("DELETE FROM {table} WHERE id = ? AND version = ?"),
        [sql::id(id), expected.into()],
    );
    let deleted = change_versioned::<E>(connection, object, id, expected, statement).await;
    deleted.map_err(StoreError::of_delete)
}

/// Runs a statement that must touch the one row with the expected version.
async fn change_versioned<E: EntityTrait>(
    connection: &impl ConnectionTrait,
    object: &'static str,
    id: Uuid,
    expected: i64,
    statement: Sql,
) -> Result<(), StoreError> {
    if execute(connection, object, statement).await? == 1 {
        return Ok(());
    }
    let table = E::default().table_name();
    let text = format!("SELECT version FROM {table} WHERE id = ?");
    let found = Sql::of(connection.get_database_backend(), &text, [sql::id(id)])
        .one(connection)
        .await?;
    let row = found.ok_or_else(|| StoreError::not_found(object, id))?;
    Err(StoreError::Conflict {
        object,
        expected,
        found: row.try_get("", "version")?,
    })
}

/// As [`create`], noted in the audit.
pub(crate) async fn create_noted<E: Audited>(
    lens: &Lens,
    tx: &DatabaseTransaction,
    object: &'static str,
    row: E::Model,
) -> Result<(), StoreError> {
    let noted = row.clone();
    create::<E>(tx, object, row).await?;
    audit::created::<E>(tx, lens, &noted).await
}

/// As [`update`], noted in the audit.
pub(crate) async fn update_noted<E: Audited>(
    lens: &Lens,
    tx: &DatabaseTransaction,
    object: &'static str,
    row: E::Model,
    derived: &[&str],
) -> Result<(), StoreError> {
    let id = E::id(&row);
    let before = audit::before::<E>(tx, lens, id).await?;
    update::<E>(tx, object, id, row, derived).await?;
    audit::changed::<E>(tx, lens, before).await
}

/// Writes a changed record that has no version. Columns in `derived` stay.
pub(crate) async fn update<E: Writable>(
    connection: &impl ConnectionTrait,
    object: &'static str,
    id: impl Into<Uuid>,
    row: E::Model,
    derived: &[&str],
) -> Result<(), StoreError> {
    let id = id.into();
    let except: Vec<&str> = ["id", "created_at"]
        .iter()
        .chain(derived)
        .copied()
        .collect();
    let mut statement = bulk::update::<E>(connection.get_database_backend(), row, &except);
    statement.push_with(" WHERE id = ?", [sql::id(id)]);
    match execute(connection, object, statement).await? {
        0 => Err(StoreError::not_found(object, id)),
        _ => Ok(()),
    }
}

/// Deletes a record that has no version.
pub(crate) async fn delete<E: EntityTrait>(
    connection: &impl ConnectionTrait,
    object: &'static str,
    id: impl Into<Uuid>,
) -> Result<(), StoreError> {
    let id = id.into();
    let text = format!("DELETE FROM {} WHERE id = ?", E::default().table_name());
    let statement = Sql::of(connection.get_database_backend(), &text, [sql::id(id)]);
    let deleted = execute(connection, object, statement).await;
    match deleted.map_err(StoreError::of_delete)? {
        0 => Err(StoreError::not_found(object, id)),
        _ => Ok(()),
    }
}

async fn execute(
    connection: &impl ConnectionTrait,
    object: &'static str,
    statement: Sql,
) -> Result<u64, StoreError> {
    let done = statement.execute(connection).await;
    done.map_err(|error| StoreError::from(error).about(object))
}

/// `alias.column AS prefix_column` for all columns of an entity, to be read by
/// `Model::from_query_result(row, prefix)`.
///
/// # Panics
/// Where roles may hide fields of the entity: its columns are written by [`Lens::columns`].
pub(crate) fn columns<E: EntityTrait>(alias: &str, prefix: &str) -> String {
    let table = E::default();
    let table = table.table_name();
    assert!(!is_ruled(table), "fields of {table} may be hidden");
    let columns = E::Column::iter().map(|column| {
        let name = column.to_string();
        format!("{alias}.{name} AS {prefix}{name}")
    });
    columns.collect::<Vec<_>>().join(", ")
}
