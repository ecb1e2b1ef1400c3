//! What people have decided, with the contacts as the matcher would read them: what it learns from.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rapport_domain::{CompanyId, Contact, ContactId};

use super::join::ACCEPTANCE;
use crate::sql::Sql;
use crate::{Store, StoreError, companies, contacts, identity_log};

/// Decisions of either kind that are read; of more the latest.
const N_OF_KIND_MAX: u64 = 10_000;

/// A contact that was decided on, and what its company is called.
pub type DecidedSide = (Contact, Option<String>);

/// Two contacts that somebody has decided on.
#[derive(Debug, Clone, PartialEq)]
pub struct DecidedPair {
    /// The one, as it was when they were merged, or as it is.
    pub left: DecidedSide,
    /// The other.
    pub right: DecidedSide,
    /// Whether they are one person.
    pub is_same: bool,
}

/// Pairs that people have decided on one by one, in the order of both contacts: those they merged, as both were
/// found, and those of whom they said that they are never the same. What the program merged, what was accepted
/// in bulk and what was erased is left out.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn decided_by_people(store: &Store) -> Result<Vec<DecidedPair>, StoreError> {
    let merged = identity_log::merged_by_people(store, ACCEPTANCE, N_OF_KIND_MAX).await?;
    let same = merged.into_iter().map(|pair| (pair, true));
    let rejected = rejected(store).await?.into_iter();
    let pairs: Vec<((Contact, Contact), bool)> =
        same.chain(rejected.map(|pair| (pair, false))).collect();
    let employers: BTreeSet<CompanyId> = pairs
        .iter()
        .flat_map(|((left, right), _)| [left.company_id, right.company_id])
        .flatten()
        .collect();
    let employers: Vec<CompanyId> = employers.into_iter().collect();
    let employers = companies::find_many(store, &employers).await?.into_iter();
    let names: HashMap<CompanyId, String> = employers.map(|it| (it.id, it.name)).collect();
    let mut decided: Vec<DecidedPair> = pairs
        .into_iter()
        .map(|((left, right), is_same)| DecidedPair {
            left: named(left, &names),
            right: named(right, &names),
            is_same,
        })
        .collect();
    decided.sort_by_key(|pair| (pair.left.0.id, pair.right.0.id));
    Ok(decided)
}

/// Contacts of whom people have said that they are never the same, as they are now; those that are not there,
/// or are part of others, are left out.
async fn rejected(store: &Store) -> Result<Vec<(Contact, Contact)>, StoreError> {
    let text = format!(
        "SELECT d.low_id, d.high_id FROM identity_decisions d \
         JOIN identity_operations o ON o.seq = d.operation \
         WHERE d.is_same = ? AND o.user_id IS NOT NULL ORDER BY d.operation DESC LIMIT {N_OF_KIND_MAX}"
    );
    let mut ids = Vec::new();
    for row in Sql::of(store.backend(), &text, [false.into()])
        .all(store.reader())
        .await?
    {
        ids.push((
            ContactId(row.try_get("", "low_id")?),
            ContactId(row.try_get("", "high_id")?),
        ));
    }
    let wanted: BTreeSet<ContactId> = ids.iter().flat_map(|pair| [pair.0, pair.1]).collect();
    let wanted: Vec<ContactId> = wanted.into_iter().collect();
    let there = contacts::find_many(store, &wanted).await?;
    let there: BTreeMap<ContactId, Contact> = there.into_iter().map(|it| (it.id, it)).collect();
    let both = ids
        .into_iter()
        .filter_map(|(low, high)| Some((there.get(&low)?.clone(), there.get(&high)?.clone())));
    Ok(both.collect())
}

fn named(contact: Contact, names: &HashMap<CompanyId, String>) -> DecidedSide {
    let company = contact.company_id.and_then(|id| names.get(&id).cloned());
    (contact, company)
}
