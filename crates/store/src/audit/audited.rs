//! Which records tell of their changes, and how: their columns before and after.

use rapport_domain::{AuditAction, AuditObject};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ConnectionTrait as _, DatabaseTransaction, DbBackend, PrimaryKeyTrait, QuerySelect as _,
};
use serde::Serialize;
use serde_json::Value as Json;
use uuid::Uuid;

use super::note::{Draft, write};
use super::restore;
use crate::StoreError;
use crate::bulk::Writable;
use crate::codec::{self, Columns};
use crate::entities::{
    api_key, company, contact, custom_field, deal, mailbox, note, task, ticket, user, webhook,
    write_key,
};
use crate::imports::{ColumnChange, differ, flat};
use crate::lens::Lens;
use crate::sql::{self, Sql};

/// How often a row was written.
pub(super) const VERSION: &str = "version";

/// Columns that say which row it is and how often it was written, or follow from others.
const NEVER: [&str; 5] = ["id", VERSION, "updated_at", "search_text", "name_key"];

/// Records that are noted at a time as no longer naming one that is deleted.
const N_DETACHED: i64 = 1_000;

/// A kind of record whose changes are told.
pub(crate) trait Audited:
    Writable<Model: Serialize + Send + Sync, PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>>
{
    /// The kind.
    const OBJECT: AuditObject;
    /// Columns that are secret, or that follow from other records.
    const UNTOLD: &'static [&'static str] = &[];

    /// Its identifier.
    fn id(row: &Self::Model) -> Uuid;

    /// The record that it is about.
    fn about(_row: &Self::Model) -> Option<Uuid> {
        None
    }
}

macro_rules! audited {
    ($($module:ident $object:ident $untold:expr, |$row:ident| $about:expr;)+) => {$(
        impl Audited for $module::Entity {
            const OBJECT: AuditObject = AuditObject::$object;
            const UNTOLD: &'static [&'static str] = $untold;

            fn id(row: &Self::Model) -> Uuid {
                row.id
            }

            fn about($row: &Self::Model) -> Option<Uuid> {
                $about
            }
        }
    )+};
}

audited! {
    contact Contact contact::DERIVED, |_row| None;
    company Company &[], |_row| None;
    deal Deal &[], |row| row.contact_id.or(row.company_id);
    ticket Ticket ticket::ORIGIN, |row| row.contact_id;
    task Task &[], |row| row.subject_id;
    note Note &[], |row| Some(row.subject_id);
    custom_field CustomField &[], |_row| None;
    user User &["password_hash", "theme"], |_row| None;
    api_key ApiKey &["key_hash", "last_used_at"], |row| Some(row.user_id);
    write_key WriteKey &["key_hash"], |row| Some(row.source_id);
    webhook Webhook webhook::UNTOLD, |row| Some(row.owner_id);
    mailbox Mailbox mailbox::UNTOLD, |_row| None;
}

/// The columns that a row tells, custom fields as columns of their own.
pub(super) fn told<E: Audited>(row: &E::Model) -> Columns {
    let mut columns = codec::columns(row);
    columns.retain(|name, _| {
        let name = name.as_str();
        !NEVER.contains(&name) && !E::UNTOLD.contains(&name)
    });
    flat(columns)
}

/// The row before it is changed or deleted, which nobody else can change before the transaction ends;
/// none where nobody is noted for it.
pub(crate) async fn before<E: Audited>(
    tx: &DatabaseTransaction,
    lens: &Lens,
    id: impl Into<Uuid>,
) -> Result<Option<E::Model>, StoreError> {
    match lens.author() {
        Some(_) => held::<E>(tx, id).await,
        None => Ok(None),
    }
}

/// A row that nobody else can change before the transaction ends.
pub(crate) async fn held<E: Audited>(
    tx: &DatabaseTransaction,
    id: impl Into<Uuid>,
) -> Result<Option<E::Model>, StoreError> {
    let id: Uuid = id.into();
    let mut find = E::find_by_id(id);
    // SQLite has one writer at a time and needs no lock on rows.
    if tx.get_database_backend() == DbBackend::Postgres {
        find = find.lock(LockType::NoKeyUpdate);
    }
    Ok(find.one(tx).await?)
}

/// Notes that a record was made.
pub(crate) async fn created<E: Audited>(
    tx: &DatabaseTransaction,
    lens: &Lens,
    row: &E::Model,
) -> Result<(), StoreError> {
    if lens.author().is_none() {
        return Ok(());
    }
    let changes = differ(Columns::new(), told::<E>(row));
    write(
        tx,
        lens,
        vec![draft::<E>(AuditAction::Created, row, changes)],
    )
    .await
}

/// Notes how a record has changed since [`before`]; nothing where it has not.
pub(crate) async fn changed<E: Audited>(
    tx: &DatabaseTransaction,
    lens: &Lens,
    before: Option<E::Model>,
) -> Result<(), StoreError> {
    changed_by::<E>(tx, lens, AuditAction::Updated, before).await
}

/// As [`changed`], of a change that has a name of its own.
pub(crate) async fn changed_by<E: Audited>(
    tx: &DatabaseTransaction,
    lens: &Lens,
    action: AuditAction,
    before: Option<E::Model>,
) -> Result<(), StoreError> {
    let Some(before) = before else {
        return Ok(());
    };
    let Some(after) = E::find_by_id(E::id(&before)).one(tx).await? else {
        return Ok(());
    };
    let changes = differ(told::<E>(&before), told::<E>(&after));
    if changes.is_empty() {
        return Ok(());
    }
    write(tx, lens, vec![draft::<E>(action, &after, changes)]).await
}

/// The records that people edit and that no longer name one of this kind once it is deleted: their table,
/// the column, what they are.
pub(super) const fn naming(
    object: AuditObject,
) -> &'static [(&'static str, &'static str, AuditObject)] {
    match object {
        AuditObject::Contact => &[
            ("deals", "contact_id", AuditObject::Deal),
            ("tickets", "contact_id", AuditObject::Ticket),
        ],
        AuditObject::Company => &[
            ("contacts", "company_id", AuditObject::Contact),
            ("deals", "company_id", AuditObject::Deal),
        ],
        _ => &[],
    }
}

/// Takes the name of a record that is about to be deleted out of those that name it, and notes each as a
/// change of its own, piece by piece: there may be very many. The database would take the name out by
/// itself, but not tell it by their versions. Where nobody is noted, it does.
pub(crate) async fn detach<E: Audited>(
    tx: &DatabaseTransaction,
    lens: &Lens,
    id: Uuid,
) -> Result<(), StoreError> {
    let Some(author) = lens.author() else {
        return Ok(());
    };
    let backend = tx.get_database_backend();
    for (table, column, object) in naming(E::OBJECT) {
        let text =
            format!("SELECT id FROM {table} WHERE {column} = ? AND id > ? ORDER BY id LIMIT ?");
        let mut after = Uuid::nil();
        loop {
            let values = [sql::id(id), sql::id(after), N_DETACHED.into()];
            let rows = Sql::of(backend, &text, values).all(tx).await?;
            let ids = rows.iter().map(|row| row.try_get::<Uuid>("", "id"));
            let ids: Vec<Uuid> = ids.collect::<Result<_, _>>()?;
            let Some(last) = ids.last() else { break };
            after = *last;
            let drafts = ids.iter().map(|named| forgot(*object, *named, column, id));
            write(tx, lens, drafts.collect()).await?;
        }
        let text = format!(
            "UPDATE {table} SET {column} = NULL, updated_at = ?, version = version + 1 \
             WHERE {column} = ?"
        );
        let values = [sql::at(author.at), sql::id(id)];
        Sql::of(backend, &text, values).execute(tx).await?;
    }
    Ok(())
}

/// What is told of a record that no longer names another one.
fn forgot(object: AuditObject, id: Uuid, column: &str, named: Uuid) -> Draft {
    let change = ColumnChange {
        column: column.to_owned(),
        before: named.to_string().into(),
        after: Json::Null,
    };
    Draft {
        about_id: Some(named),
        ..Draft::of(AuditAction::Updated, object, id).with(vec![change])
    }
}

/// Notes that a record was deleted, with all that it held; of what can be made anew also its version.
pub(crate) async fn deleted<E: Audited>(
    tx: &DatabaseTransaction,
    lens: &Lens,
    before: Option<E::Model>,
) -> Result<(), StoreError> {
    let Some(before) = before else {
        return Ok(());
    };
    let mut held = told::<E>(&before);
    if let Some(version) = codec::columns(&before).remove(VERSION)
        && restore::RECORDS.contains(&E::OBJECT)
    {
        held.insert(VERSION.to_owned(), version);
    }
    let changes = differ(held, Columns::new());
    write(
        tx,
        lens,
        vec![draft::<E>(AuditAction::Deleted, &before, changes)],
    )
    .await
}

fn draft<E: Audited>(action: AuditAction, row: &E::Model, changes: Vec<ColumnChange>) -> Draft {
    let says_something = |change: &ColumnChange| change.before != change.after;
    debug_assert!(changes.iter().all(says_something), "equal values differ");
    Draft {
        about_id: E::about(row),
        ..Draft::of(action, E::OBJECT, E::id(row)).with(changes)
    }
}

/// A column's value; absent ones are null.
pub(super) fn value_of<'c>(columns: &'c Columns, name: &str) -> &'c Json {
    columns.get(name).unwrap_or(&Json::Null)
}
