//! Contacts as the matcher reads them: page by page, with all that is known of each.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rapport_domain::{CompanyId, Contact, ContactId, SourceId};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use super::addresses;
use crate::entities::contact;
use crate::sql::Sql;
use crate::{Store, StoreError, companies, identity_log};

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
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut reached = addresses::of(store.reader(), &ids).await?;
    let named: BTreeSet<CompanyId> = rows
        .iter()
        .filter_map(|row| row.company_id.map(CompanyId))
        .collect();
    let named: Vec<CompanyId> = named.into_iter().collect();
    let companies = companies::find_many(store, &named).await?.into_iter();
    let companies: HashMap<CompanyId, String> = companies
        .map(|company| (company.id, company.name))
        .collect();
    let rows = rows.into_iter().map(|row| {
        let contact = Contact::try_from(row)?;
        let mut reach = reached.remove(&Uuid::from(contact.id)).unwrap_or_default();
        let own = contact.email.as_ref().map(ToString::to_string);
        reach.emails.extend(own);
        let own = contact.phone.as_ref().map(ToString::to_string);
        reach.phones.extend(own);
        let company = contact
            .company_id
            .and_then(|id| companies.get(&id).cloned());
        Ok(Matchable {
            contact,
            company,
            emails: reach.emails,
            phones: reach.phones,
            numbered_by: reach.numbered_by,
        })
    });
    rows.collect()
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
