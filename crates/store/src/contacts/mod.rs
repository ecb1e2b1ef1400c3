//! Contacts: the people.

mod list;
mod words;

use futures::FutureExt as _;
use rapport_domain::{Contact, ContactId};

use crate::entities::contact;
use crate::{Store, StoreError, record};

pub use list::{ContactRow, SegmentLabel, find_row, list, list_members};

pub(crate) use words::refresh_of_company;

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

/// Writes a new contact.
///
/// # Errors
/// [`StoreError::Invalid`] where it breaks its rules, [`StoreError::BrokenReference`] where its
/// company or owner does not exist.
pub async fn create(store: &Store, contact: Contact) -> Result<Contact, StoreError> {
    contact.check()?;
    store.write(move |tx| write_new(tx, contact).boxed()).await
}

async fn write_new(
    tx: &sea_orm::DatabaseTransaction,
    contact: Contact,
) -> Result<Contact, StoreError> {
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
                let id = contact.id;
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
