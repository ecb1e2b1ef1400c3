//! Contacts: the people.

mod list;
mod words;

use std::collections::HashSet;

use futures::FutureExt as _;
use rapport_domain::{Contact, ContactId, ObjectKind};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend};
use uuid::Uuid;

use crate::entities::contact;
use crate::lens::Lens;
use crate::record::Guarded;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, record};

pub use list::{ContactRow, SegmentLabel, find_row, list, list_members};

pub(crate) use list::listing;
pub(crate) use words::{of as words_of, refresh_words};

const OBJECT: &str = "contact";

/// How access to it is decided.
pub(crate) const GUARDED: Guarded = Guarded {
    table: "contacts",
    object: OBJECT,
    kind: ObjectKind::Contact,
};

/// Finds a contact.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: ContactId) -> Result<Option<Contact>, StoreError> {
    record::find_seen::<contact::Entity, _>(store, id).await
}

/// Finds contacts, in no order; those that are not there are left out.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_many(store: &Store, ids: &[ContactId]) -> Result<Vec<Contact>, StoreError> {
    record::find_many_seen::<contact::Entity, _>(store, ids).await
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

pub(crate) async fn existing_in(
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
pub async fn create(store: &Store, mut contact: Contact) -> Result<Contact, StoreError> {
    contact.check()?;
    let lens = store.lens().clone();
    contact.owner_id = lens.owner_of_new(ObjectKind::Contact, contact.owner_id);
    store
        .write(move |tx| async move { write_new(tx, &lens, contact).await }.boxed())
        .await
}

async fn write_new(
    tx: &DatabaseTransaction,
    lens: &Lens,
    contact: Contact,
) -> Result<Contact, StoreError> {
    let words = words::of(tx, &contact).await?;
    let row = contact::Model::with_words(contact.clone(), &words.as_strs());
    GUARDED
        .create::<contact::Entity>(lens, tx, (contact.id, &contact.custom), row)
        .await?;
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
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                let (id, custom) = (contact.id, contact.custom.clone());
                let row = contact::Model::with_words(contact, &[]);
                let row = GUARDED.settle::<contact::Entity>(&lens, tx, (id, expected), row);
                let contact = Contact::try_from(row.await?)?;
                let words = words::of(tx, &contact).await?;
                let row = contact::Model::with_words(contact, &words.as_strs());
                GUARDED
                    .write_settled::<contact::Entity>(
                        &lens,
                        tx,
                        (id, expected, &custom),
                        row,
                        contact::DERIVED,
                    )
                    .await?;
                let stored = record::find_through::<contact::Entity, Contact>(tx, &lens, id);
                let stored = stored.await?;
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
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                GUARDED
                    .delete::<contact::Entity>(&lens, tx, (id, expected))
                    .await
            }
            .boxed()
        })
        .await
}
