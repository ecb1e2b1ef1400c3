//! Reading who is whom: whose part a contact is, of what parts a person is made.

use std::collections::{BTreeMap, HashMap};

use rapport_domain::{ContactId, IdentityId, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use uuid::Uuid;

use super::operations::kept_of;
use super::{operations, tree};
use crate::sql::{self, Sql};
use crate::{Store, StoreError, contacts};

/// What became of a contact that was merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergedInto {
    /// The operation that merged it.
    pub operation: i64,
    /// The contact that stayed then.
    pub into: ContactId,
    /// The person whose part it is now, which the store's user sees.
    pub person: ContactId,
    /// When.
    pub at: Timestamp,
}

/// A contact that is part of another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The contact.
    pub contact: ContactId,
    /// The contact that it was merged into.
    pub into: ContactId,
    /// The operation that merged it.
    pub operation: i64,
}

/// What became of a contact that is not there: whose part it is; none where it was never merged, or the
/// person is not seen. The person may be deleted by now.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn merged_into(
    store: &Store,
    contact: ContactId,
) -> Result<Option<MergedInto>, StoreError> {
    let path = tree::path(store.reader(), contact.into()).await?;
    let (Some(first), Some(last)) = (path.first(), path.last()) else {
        return Ok(None);
    };
    let person = ContactId(last.into);
    if !is_seen(store, contact).await? {
        return Ok(None);
    }
    let operation = operations::expect(store, first.operation).await?;
    Ok(Some(MergedInto {
        operation: first.operation,
        into: ContactId(first.into),
        person,
        at: operation.operation.at,
    }))
}

/// Whether the store's user sees the person whom a contact stands for. Of somebody who is deleted only those
/// know who see all.
pub(crate) async fn is_seen(store: &Store, contact: ContactId) -> Result<bool, StoreError> {
    if store.lens().sees_all() {
        return Ok(true);
    }
    let person = tree::person(store.reader(), contact.into()).await?;
    let seen = contacts::find(store, ContactId(person)).await?;
    Ok(seen.is_some())
}

/// The contacts that are part of a person, in the order in which they were merged.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn parts(store: &Store, person: ContactId) -> Result<Vec<Part>, StoreError> {
    if !is_seen(store, person).await? {
        return Ok(Vec::new());
    }
    let below = tree::below(store.reader(), person.into()).await?;
    let parts = below.into_iter().map(|edge| Part {
        contact: ContactId(edge.from),
        into: ContactId(edge.into),
        operation: edge.operation,
    });
    Ok(parts.collect())
}

/// All contacts that are part of others, each with the person whose part it is: for readers of the history,
/// which tells of the contacts that events came to.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn persons_of_parts(store: &Store) -> Result<BTreeMap<ContactId, ContactId>, StoreError> {
    let text = "SELECT contact_id, into_id FROM contact_merges";
    let rows = Sql::of(store.backend(), text, []).all(store.reader());
    let mut merges: BTreeMap<Uuid, Uuid> = BTreeMap::new();
    for row in rows.await? {
        merges.insert(row.try_get("", "contact_id")?, row.try_get("", "into_id")?);
    }
    let person = |part: &Uuid| {
        let mut person = *part;
        while let Some(into) = merges.get(&person) {
            person = *into;
        }
        (ContactId(*part), ContactId(person))
    };
    Ok(merges.keys().map(person).collect())
}

/// Where identities are at home, and to whom they belong, of all that the store knows.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn state(
    store: &Store,
) -> Result<BTreeMap<IdentityId, (ContactId, ContactId)>, StoreError> {
    let text = "SELECT i.id, i.contact_id, h.home_id FROM identities i \
                LEFT JOIN record_homes h ON h.record_id = i.id AND h.object = 'identity'";
    let rows = Sql::of(store.backend(), text, []).all(store.reader());
    let rows = rows.await?;
    let state = rows.iter().map(|row| {
        let id: Uuid = row.try_get("", "id")?;
        let contact: Uuid = row.try_get("", "contact_id")?;
        let home: Option<Uuid> = row.try_get("", "home_id")?;
        let home = ContactId(home.unwrap_or(contact));
        Ok((IdentityId(id), (home, ContactId(contact))))
    });
    state.collect()
}

/// The persons of whom a part had some addresses or numbers, each with its address or number.
pub(crate) async fn reached_parts(
    store: &Store,
    column: &str,
    values: &[&str],
) -> Result<Vec<(String, ContactId)>, StoreError> {
    let mut sql = Sql::new(store.backend());
    sql.push(&format!(
        "SELECT {column} AS found, contact_id FROM contact_merges WHERE {column} IN "
    ));
    sql.bind_list(values.iter().map(|&value| sql::text(value)));
    let mut found = Vec::new();
    for row in sql.all(store.reader()).await? {
        let contact: Uuid = row.try_get("", "contact_id")?;
        let person = tree::person(store.reader(), contact).await?;
        found.push((row.try_get("", "found")?, ContactId(person)));
    }
    Ok(found)
}

/// Those of some contacts that are part of others, with the persons whose parts they are.
pub(crate) async fn persons(
    connection: &impl ConnectionTrait,
    contacts: &[ContactId],
) -> Result<HashMap<ContactId, ContactId>, StoreError> {
    let ids: Vec<Uuid> = contacts.iter().copied().map(Uuid::from).collect();
    let mut persons = HashMap::new();
    for edge in tree::edges_from(connection, &ids).await? {
        let person = tree::person(connection, edge.into).await?;
        persons.insert(ContactId(edge.from), ContactId(person));
    }
    Ok(persons)
}

/// The homes of those of some identities that are not at home with the contact that they belong to.
pub(crate) async fn homes_of_identities(
    connection: &impl ConnectionTrait,
    identities: &[Uuid],
) -> Result<HashMap<Uuid, Uuid>, StoreError> {
    let mut homes = HashMap::new();
    for chunk in identities.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(connection.get_database_backend());
        sql.push(
            "SELECT record_id, home_id FROM record_homes WHERE object = 'identity' AND record_id IN ",
        );
        sql.bind_list(sql::ids(chunk));
        for row in sql.all(connection).await? {
            homes.insert(row.try_get("", "record_id")?, row.try_get("", "home_id")?);
        }
    }
    Ok(homes)
}

/// Those of some contacts that are part of others, with what people called them.
pub(crate) async fn merged_names(
    tx: &DatabaseTransaction,
    contacts: &[Uuid],
) -> Result<Vec<(Uuid, String)>, StoreError> {
    let mut names = Vec::new();
    for edge in tree::edges_from(tx, contacts).await? {
        let row = operations::find(tx, edge.operation).await?;
        let kept = kept_of(&row)?;
        let name = kept.map_or_else(|| edge.from.to_string(), |kept| kept.step.child.name);
        names.push((edge.from, name));
    }
    Ok(names)
}
