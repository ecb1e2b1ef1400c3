//! Identities that leave a contact, for they are somebody else's.

use std::collections::BTreeSet;

use futures::FutureExt as _;
use rapport_domain::{AuditAction, Contact, IdentityChange, IdentityRefusal, Timestamp, Verb};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
};
use uuid::Uuid;

use super::arrivals::OF_SOURCES;
use super::merge::{check_seen, hold, read, settle, told, write};
use super::{Parted, Split, operations, places, tree};
use crate::contacts::GUARDED;
use crate::entities::{contact, identity};
use crate::lens::Lens;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, audit};

/// Splits identities off a contact into a new one, which is never the same person. Source records follow
/// their identities. Orders and tickets follow where their source knows only the new contact from then on;
/// where it knows both, nobody says whose they are, and they stay. Whoever splits must be one who may change
/// the contact and make new ones.
///
/// # Errors
/// [`StoreError::Identity`] where an identity is not the contact's, or the contact is part of another one;
/// [`StoreError::NotFound`], [`StoreError::NotAllowed`], [`StoreError::Invalid`] as for other changes.
pub async fn split(store: &Store, split: Split) -> Result<Parted, StoreError> {
    split.into.check()?;
    let lens = store.lens().clone();
    store
        .write(move |tx| async move { split_in(tx, &lens, split).await }.boxed())
        .await
}

async fn split_in(
    tx: &DatabaseTransaction,
    lens: &Lens,
    split: Split,
) -> Result<Parted, StoreError> {
    let author = operations::author_of(lens)?;
    tree::hold(tx).await?;
    let (from, into): (Uuid, Uuid) = (split.from.into(), split.into.id.into());
    check_seen(tx, lens, from, Verb::Write).await?;
    tree::check_whole(tx, from, None).await?;
    if tree::members(tx, into).await?.len() > 1 || !tree::path(tx, into).await?.is_empty() {
        let contact = split.into.id;
        return Err(IdentityRefusal::NotNew { contact }.into());
    }
    let held = hold(tx, from).await?;
    let (going, staying) = identities_of(tx, &split).await?;
    let contact = completed(split.into, &held, &going);
    let custom = contact.custom.clone();
    let row = contact::Model::with_words(contact.clone(), &[]);
    GUARDED
        .create::<contact::Entity>(lens, tx, (into, &custom), row)
        .await?;
    let ids: Vec<Uuid> = going.iter().map(|identity| identity.id).collect();
    relink(tx, &ids, into).await?;
    let n_ambiguous = follow(tx, (from, into), (&going, &staying), author.at).await?;

    let row = without_addresses(&held, &going, &staying);
    write(tx, &held, &row, author.at.as_micros()).await?;
    let change = IdentityChange::Split {
        from: split.from,
        identities: split.identities.iter().copied().collect(),
        into: contact.id,
    };
    let operation = operations::add(tx, author, &change, &split.grounds, None).await?;
    tree::decide(tx, (from, into), false, operation).await?;
    settle(tx, &[from, into]).await?;
    let drafts = [
        told(AuditAction::Split, from, into, Some((&held, &row))),
        told(AuditAction::Split, into, from, None),
    ];
    audit::write(tx, lens, drafts.into()).await?;
    let not_found = |id: Uuid| StoreError::not_found("contact", id);
    let (left, contact) = (read(tx, lens, from).await?, read(tx, lens, into).await?);
    Ok(Parted {
        operation,
        left: left.ok_or_else(|| not_found(from))?,
        contact: contact.ok_or_else(|| not_found(into))?,
        n_ambiguous,
    })
}

/// The identities that go, and those that stay.
async fn identities_of(
    tx: &DatabaseTransaction,
    split: &Split,
) -> Result<(Vec<identity::Model>, Vec<identity::Model>), StoreError> {
    let rows = identity::Entity::find()
        .filter(identity::Column::ContactId.eq(Uuid::from(split.from)))
        .all(tx)
        .await?;
    if split.identities.is_empty() {
        return Err(IdentityRefusal::NothingToSplit.into());
    }
    let of_contact: BTreeSet<Uuid> = rows.iter().map(|row| row.id).collect();
    for identity in &split.identities {
        if !of_contact.contains(&Uuid::from(*identity)) {
            let (identity, contact) = (*identity, split.from);
            return Err(IdentityRefusal::NotOf { identity, contact }.into());
        }
    }
    let is_going = |row: &identity::Model| split.identities.contains(&row.id.into());
    Ok(rows.into_iter().partition(is_going))
}

/// The new contact with what its identities and the contact that they leave tell of it.
fn completed(mut contact: Contact, left: &contact::Model, going: &[identity::Model]) -> Contact {
    let emails = going.iter().filter_map(|identity| identity.email.as_ref());
    let phones = going.iter().filter_map(|identity| identity.phone.as_ref());
    let mut emails = emails.filter_map(|email| email.parse().ok());
    let mut phones = phones.filter_map(|phone| phone.parse().ok());
    contact.email = contact.email.or_else(|| emails.next());
    contact.phone = contact.phone.or_else(|| phones.next());
    contact.owner_id = contact.owner_id.or(left.owner_id.map(Into::into));
    contact.company_id = contact.company_id.or(left.company_id.map(Into::into));
    contact
}

/// The row that is left, without the address and the number by which only those that go are reached: what
/// comes by these is no longer its own.
fn without_addresses(
    held: &contact::Model,
    going: &[identity::Model],
    staying: &[identity::Model],
) -> contact::Model {
    let is_theirs = |value: &str, of: fn(&identity::Model) -> Option<&String>| {
        let has = |identities: &[identity::Model]| {
            let mut values = identities.iter().filter_map(of);
            values.any(|it| it == value)
        };
        has(going) && !has(staying)
    };
    let mut row = held.clone();
    row.email = row
        .email
        .filter(|email| !is_theirs(email, |identity| identity.email.as_ref()));
    row.phone = row
        .phone
        .filter(|phone| !is_theirs(phone, |identity| identity.phone.as_ref()));
    row
}

async fn relink(
    tx: &DatabaseTransaction,
    identities: &[Uuid],
    contact: Uuid,
) -> Result<(), StoreError> {
    places::settle(tx, "identity", identities).await?;
    for chunk in identities.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(tx.get_database_backend());
        sql.push_with(
            "UPDATE identities SET contact_id = ? WHERE id IN ",
            [sql::id(contact)],
        );
        sql.bind_list(sql::ids(chunk));
        sql.execute(tx).await?;
    }
    Ok(())
}

/// Lets records follow the identities that go, where their source knows nobody else of the contact. Returns
/// how many stay since it does.
async fn follow(
    tx: &DatabaseTransaction,
    (from, into): (Uuid, Uuid),
    (going, staying): (&[identity::Model], &[identity::Model]),
    at: Timestamp,
) -> Result<u64, StoreError> {
    let backend = tx.get_database_backend();
    let known: BTreeSet<Uuid> = staying.iter().map(|identity| identity.source_id).collect();
    let sources: BTreeSet<Uuid> = going.iter().map(|identity| identity.source_id).collect();
    let mut n_ambiguous = 0;
    for source in sources {
        for (table, object) in OF_SOURCES {
            let text = format!("SELECT id FROM {table} WHERE contact_id = ? AND source_id = ?");
            let values = [sql::id(from), sql::id(source)];
            let rows = Sql::of(backend, &text, values).all(tx).await?;
            let ids = rows.iter().map(|row| row.try_get::<Uuid>("", "id"));
            let ids: Vec<Uuid> = ids.collect::<Result<_, _>>()?;
            if known.contains(&source) {
                n_ambiguous += ids.len() as u64;
                continue;
            }
            places::settle(tx, object, &ids).await?;
            places::move_to(tx, object, &ids, (into, at)).await?;
        }
    }
    Ok(n_ambiguous)
}
