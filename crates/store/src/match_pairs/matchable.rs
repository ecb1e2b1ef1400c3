//! Contacts as the matcher reads them: page by page, with all that is known of each.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rapport_domain::{Contact, ContactId, CustomValue, SourceId};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::addresses;
use crate::entities::contact;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, identity_log};

/// A contact with what sources and past merges know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Matchable {
    /// The contact.
    pub contact: Contact,
    /// What its company is called.
    pub company: Option<String>,
    /// All its addresses, its own among them.
    pub emails: BTreeSet<String>,
    /// All its numbers, its own among them.
    pub phones: BTreeSet<String>,
    /// Sources that know it by a number of their own.
    pub numbered_by: BTreeSet<SourceId>,
    /// Stands for all values that are compared: another number where one of them is another. It tells none of
    /// them, and is another one of another contact.
    pub print: i64,
}

/// The next contacts after one, in the order of their identifiers.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn page(
    store: &Store,
    after: Option<ContactId>,
    limit: u64,
) -> Result<Vec<Matchable>, StoreError> {
    let mut find = contact::Entity::find()
        .order_by_asc(contact::Column::Id)
        .limit(limit);
    if let Some(after) = after {
        find = find.filter(contact::Column::Id.gt(Uuid::from(after)));
    }
    let rows = find.all(store.reader()).await?;
    read(store.reader(), rows).await
}

/// Those of some contacts that are there, as they are now.
pub(super) async fn of(
    connection: &impl ConnectionTrait,
    contacts: [Uuid; 2],
) -> Result<HashMap<Uuid, Matchable>, StoreError> {
    let rows = contact::Entity::find()
        .filter(contact::Column::Id.is_in(contacts))
        .all(connection)
        .await?;
    let read = read(connection, rows).await?.into_iter();
    Ok(read.map(|it| (it.contact.id.into(), it)).collect())
}

async fn read(
    connection: &impl ConnectionTrait,
    rows: Vec<contact::Model>,
) -> Result<Vec<Matchable>, StoreError> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut reached = addresses::of(connection, &ids).await?;
    let companies = companies_of(connection, &rows).await?;
    let rows = rows.into_iter().map(|row| {
        let company = row.company_id.and_then(|id| companies.get(&id).cloned());
        let contact = Contact::try_from(row)?;
        let mut reach = reached.remove(&Uuid::from(contact.id)).unwrap_or_default();
        let own = contact.email.as_ref().map(ToString::to_string);
        reach.emails.extend(own);
        let own = contact.phone.as_ref().map(ToString::to_string);
        reach.phones.extend(own);
        let mut it = Matchable {
            contact,
            company,
            emails: reach.emails,
            phones: reach.phones,
            numbered_by: reach.numbered_by,
            print: 0,
        };
        it.print = print_of(&it);
        Ok(it)
    });
    rows.collect()
}

async fn companies_of(
    connection: &impl ConnectionTrait,
    rows: &[contact::Model],
) -> Result<HashMap<Uuid, String>, StoreError> {
    let named: BTreeSet<Uuid> = rows.iter().filter_map(|row| row.company_id).collect();
    let named: Vec<Uuid> = named.into_iter().collect();
    let mut companies = HashMap::new();
    for chunk in named.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(connection.get_database_backend());
        sql.push("SELECT id, name FROM companies WHERE id IN ");
        sql.bind_list(sql::ids(chunk));
        for row in sql.all(connection).await? {
            companies.insert(row.try_get("", "id")?, row.try_get("", "name")?);
        }
    }
    Ok(companies)
}

/// A hash of all that is compared, and of whose it is, so that it cannot be looked up by a value.
fn print_of(it: &Matchable) -> i64 {
    let mut hash = Sha256::new();
    let mut add = |name: &str, value: &str| {
        for part in [name, value] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
    };
    let contact = &it.contact;
    add("id", &contact.id.to_string());
    add("name", &contact.name);
    for email in &it.emails {
        add("email", email);
    }
    for phone in &it.phones {
        add("phone", phone);
    }
    let address = &contact.address;
    for (name, value) in [
        ("company", &it.company),
        ("street", &address.street),
        ("city", &address.city),
        ("postal_code", &address.postal_code),
    ] {
        if let Some(value) = value {
            add(name, value);
        }
    }
    for (key, value) in &contact.custom {
        if let CustomValue::Text(text) = value {
            add(key, text);
        }
    }
    let digest = hash.finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    i64::from_le_bytes(first)
}

/// The pairs of persons of whom somebody has said that they, or parts of them, are never the same.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn kept_apart(store: &Store) -> Result<Vec<(ContactId, ContactId)>, StoreError> {
    let persons: BTreeMap<ContactId, ContactId> = identity_log::persons_of_parts(store).await?;
    let text = "SELECT low_id, high_id FROM identity_decisions WHERE is_same = ? \
                ORDER BY low_id, high_id";
    let rows = Sql::of(store.backend(), text, [false.into()]);
    let mut pairs = Vec::new();
    for row in rows.all(store.reader()).await? {
        let person = |column| {
            let id = ContactId(row.try_get("", column)?);
            Ok::<_, StoreError>(persons.get(&id).copied().unwrap_or(id))
        };
        pairs.push((person("low_id")?, person("high_id")?));
    }
    Ok(pairs)
}
