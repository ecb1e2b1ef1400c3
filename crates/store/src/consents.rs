//! Consents: what people allow. Statements are only ever added; the latest counts.

use futures::FutureExt as _;
use rapport_domain::{Consent, ContactId};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use uuid::Uuid;

use crate::entities::consent;
use crate::{Store, StoreError, record, sql};

/// Lists the statements of a contact, the latest first.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_of(store: &Store, contact: ContactId) -> Result<Vec<Consent>, StoreError> {
    let rows = consent::Entity::find()
        .filter(consent::Column::ContactId.eq(Uuid::from(contact)))
        .order_by_desc(consent::Column::StatedAt)
        .all(store.reader())
        .await?;
    rows.into_iter().map(Consent::try_from).collect()
}

/// All statements of the named contacts, in no order.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_of_many(
    store: &Store,
    contacts: &[ContactId],
) -> Result<Vec<Consent>, StoreError> {
    let mut found = Vec::new();
    for chunk in contacts.chunks(sql::N_KEYS_MAX) {
        let ids = chunk.iter().map(|&id| Uuid::from(id));
        let rows = consent::Entity::find()
            .filter(consent::Column::ContactId.is_in(sql::padded(ids)))
            .all(store.reader())
            .await?;
        for row in rows {
            found.push(row.try_into()?);
        }
    }
    Ok(found)
}

/// Writes a statement.
///
/// # Errors
/// [`StoreError::BrokenReference`] where the contact does not exist.
pub async fn create(store: &Store, consent: Consent) -> Result<Consent, StoreError> {
    let row = consent.clone().into();
    store
        .write(move |tx| record::create::<consent::Entity>(tx, "consent", row).boxed())
        .await?;
    Ok(consent)
}
