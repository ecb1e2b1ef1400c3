//! Contacts: the people.

mod list;
mod words;

use std::collections::HashSet;

use futures::FutureExt as _;
use rapport_domain::{Contact, ContactId, ObjectKind};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend};
use uuid::Uuid;

use crate::entities::contact;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, custom_fields, record};

pub use list::{ContactRow, SegmentLabel, find_row, list, list_members};

pub(crate) use words::{of as words_of, refresh_words};

const OBJECT: &str = "contact";

/// Finds a contact.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: ContactId) -> Result<Option<Contact>, StoreError> {
    record::find::<contact::Entity, _>(store.reader(), id).await
}

/// Finds contacts, in no order; those that are not there are left out.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_many(store: &Store, ids: &[ContactId]) -> Result<Vec<Contact>, StoreError> {
    record::find_many::<contact::Entity, _>(store.reader(), ids).await
}

/// Which of these contacts there are.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn existing(store: &Store, ids: &[ContactId]) -> Result<HashSet<ContactId>, StoreError> {
    existing_in(store.reader(), ids, "").await
}

/// Which of these contacts there are, none of which can be deleted before the transaction ends.
pub(crate) async fn hold_existing(
    tx: &DatabaseTransaction,
    ids: &[ContactId],
) -> Result<HashSet<ContactId>, StoreError> {
    // SQLite has one writer at a time and needs no lock on rows.
    let lock = match tx.get_database_backend() {
        DbBackend::Postgres => " FOR KEY SHARE",
        _ => "",
    };
    existing_in(tx, ids, lock).await
}

async fn existing_in(
    connection: &impl ConnectionTrait,
    ids: &[ContactId],
    lock: &str,
) -> Result<HashSet<ContactId>, StoreError> {
    let mut found = HashSet::with_capacity(ids.len());
    for chunk in ids.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(connection.get_database_backend());
        sql.push("SELECT id FROM contacts WHERE id IN ");
        sql.bind_list(sql::ids(chunk)).push(lock);
        for row in sql.all(connection).await? {
            let id: Uuid = row.try_get_by_index(0)?;
            found.insert(id.into());
        }
    }
    Ok(found)
}

/// Writes a new contact.
///
/// # Errors
/// [`StoreError::Invalid`] where it breaks its rules, [`StoreError::BrokenReference`] where its
/// company or owner does not exist, [`StoreError::Taken`] where another has a value that is unique.
pub async fn create(store: &Store, contact: Contact) -> Result<Contact, StoreError> {
    contact.check()?;
    store.write(move |tx| write_new(tx, contact).boxed()).await
}

async fn write_new(tx: &DatabaseTransaction, contact: Contact) -> Result<Contact, StoreError> {
    custom_fields::check_unique(tx, ObjectKind::Contact, contact.id, &contact.custom).await?;
    let words = words::of(tx, &contact).await?;
    let row = contact::Model::with_words(contact.clone(), &words.as_strs());
    record::create::<contact::Entity>(tx, OBJECT, row).await?;
    Ok(contact)
}

/// Writes a changed contact and returns it with its new version. What is derived from orders
/// stays as it is stored.
///
/// # Errors
/// [`StoreError::Conflict`] where it no longer has the version `expected`,
/// [`StoreError::NotFound`] where it is gone, [`StoreError::Invalid`] where it breaks its rules.
pub async fn update(store: &Store, contact: Contact, expected: i64) -> Result<Contact, StoreError> {
    contact.check()?;
    store
        .write(move |tx| {
            async move {
                let (id, object) = (contact.id, ObjectKind::Contact);
                custom_fields::check_unique(tx, object, id, &contact.custom).await?;
                let words = words::of(tx, &contact).await?;
                let row = contact::Model::with_words(contact, &words.as_strs());
                record::update_versioned::<contact::Entity>(
                    tx,
                    OBJECT,
                    id,
                    expected,
                    row,
                    contact::DERIVED,
                )
                .await?;
                let stored = record::find::<contact::Entity, Contact>(tx, id).await?;
                stored.ok_or_else(|| StoreError::not_found(OBJECT, id))
            }
            .boxed()
        })
        .await
}

/// Deletes a contact with its identities, consents, scores and memberships. Its orders and source
/// records stay, without a person.
///
/// # Errors
/// [`StoreError::Conflict`], [`StoreError::NotFound`] as for [`update`].
pub async fn delete(store: &Store, id: ContactId, expected: i64) -> Result<(), StoreError> {
    store
        .write(move |tx| {
            record::delete_versioned::<contact::Entity>(tx, OBJECT, id, expected).boxed()
        })
        .await
}
