//! The words beyond its own fields by which a contact is found: what its sources call it, and its
//! searched custom texts.

use rapport_domain::{Contact, ObjectKind};
use sea_orm::{ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use crate::entities::{contact, identity};
use crate::sql::{self, Sql};
use crate::{StoreError, custom_fields, search};

/// Further words of one contact.
pub(crate) struct Words(Vec<String>);

impl Words {
    pub(crate) fn as_strs(&self) -> Vec<&str> {
        self.0.iter().map(String::as_str).collect()
    }
}

/// Gathers the words of a contact.
pub(crate) async fn of(tx: &DatabaseTransaction, contact: &Contact) -> Result<Words, StoreError> {
    let identities = identity::Entity::find()
        .filter(identity::Column::ContactId.eq(Uuid::from(contact.id)))
        .all(tx)
        .await?;
    let words = identities.into_iter().map(|identity| identity.profile_key);
    let mut words: Vec<String> = words.collect();
    if !contact.custom.is_empty() {
        let searched = custom_fields::searched(tx, ObjectKind::Contact).await?;
        let texts = searched.of(&contact.custom);
        words.extend(texts.into_iter().map(str::to_owned));
    }
    Ok(Words(words))
}

/// Writes the searched text of contacts anew, after their identities have changed. Those that are
/// gone are left out.
pub(crate) async fn refresh_words(
    tx: &DatabaseTransaction,
    contacts: &[Uuid],
) -> Result<(), StoreError> {
    for chunk in contacts.chunks(sql::N_KEYS_MAX) {
        let ids = sql::padded(chunk.iter().copied());
        let rows = contact::Entity::find()
            .filter(contact::Column::Id.is_in(ids))
            .all(tx)
            .await?;
        refresh_rows(tx, rows).await?;
    }
    Ok(())
}

async fn refresh_rows(
    tx: &DatabaseTransaction,
    rows: Vec<contact::Model>,
) -> Result<(), StoreError> {
    for row in rows {
        let contact = Contact::try_from(row)?;
        let words = of(tx, &contact).await?;
        let text = search::contact_text(&contact, &words.as_strs());
        let backend = sea_orm::ConnectionTrait::get_database_backend(tx);
        let values = [sql::text(text), sql::id(contact.id)];
        Sql::of(
            backend,
            "UPDATE contacts SET search_text = ? WHERE id = ?",
            values,
        )
        .execute(tx)
        .await?;
    }
    Ok(())
}
