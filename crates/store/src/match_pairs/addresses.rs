//! All addresses and numbers of contacts: their own, those that sources gave, those of the contacts that are
//! part of them.

use std::collections::{BTreeSet, HashMap};

use rapport_domain::{MatchRule, SourceId};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::record::Named;
use crate::sql::{self, Sql};
use crate::{StoreError, codec};

/// How a contact is reached, beside what its own record says, and who tells of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Reach {
    pub(super) emails: BTreeSet<String>,
    pub(super) phones: BTreeSet<String>,
    pub(super) sources: Vec<Named<SourceId>>,
    /// The sources that know the contact under more than an address: two of their numbers are two records.
    pub(super) numbered_by: BTreeSet<SourceId>,
    pub(super) n_identities: u64,
}

/// The same for some contacts that are there.
pub(super) async fn of(
    connection: &impl ConnectionTrait,
    contacts: &[Uuid],
) -> Result<HashMap<Uuid, Reach>, StoreError> {
    let mut found: HashMap<Uuid, Reach> = HashMap::new();
    for chunk in contacts.chunks(sql::N_KEYS_MAX) {
        read_identities(connection, chunk, &mut found).await?;
        read_parts(connection, chunk, &mut found).await?;
    }
    Ok(found)
}

async fn read_identities(
    connection: &impl ConnectionTrait,
    contacts: &[Uuid],
    found: &mut HashMap<Uuid, Reach>,
) -> Result<(), StoreError> {
    let mut sql = Sql::new(connection.get_database_backend());
    sql.push(
        "SELECT i.contact_id, i.email, i.phone, i.profile_key, i.rule, q.id AS q_id, q.name AS q_name \
         FROM identities i JOIN sources q ON q.id = i.source_id WHERE i.contact_id IN ",
    );
    sql.bind_list(sql::ids(contacts))
        .push(" ORDER BY i.linked_at, i.id");
    for row in sql.all(connection).await? {
        let reach = found.entry(row.try_get("", "contact_id")?).or_default();
        let email: Option<String> = row.try_get("", "email")?;
        let phone: Option<String> = row.try_get("", "phone")?;
        let key: String = row.try_get("", "profile_key")?;
        let rule: String = row.try_get("", "rule")?;
        reach.n_identities += 1;
        if let Some(source) = Named::<SourceId>::read(&row, "q_")? {
            let is_number = email.as_ref() != Some(&key) && phone.as_ref() != Some(&key);
            // What a source has merged itself, it holds once.
            if is_number && rule != codec::name_of(&MatchRule::MergedAtSource) {
                reach.numbered_by.insert(source.id);
            }
            if reach.sources.iter().all(|known| known.id != source.id) {
                reach.sources.push(source);
            }
        }
        reach.emails.extend(email);
        reach.phones.extend(phone);
    }
    Ok(())
}

/// Level by level, for parts have parts.
async fn read_parts(
    connection: &impl ConnectionTrait,
    contacts: &[Uuid],
    found: &mut HashMap<Uuid, Reach>,
) -> Result<(), StoreError> {
    let mut person_of: HashMap<Uuid, Uuid> = contacts.iter().map(|id| (*id, *id)).collect();
    while !person_of.is_empty() {
        let mut parts = HashMap::new();
        let level: Vec<Uuid> = person_of.keys().copied().collect();
        for chunk in level.chunks(sql::N_KEYS_MAX) {
            let mut sql = Sql::new(connection.get_database_backend());
            sql.push(
                "SELECT contact_id, into_id, email, phone FROM contact_merges WHERE into_id IN ",
            );
            sql.bind_list(sql::ids(chunk));
            for row in sql.all(connection).await? {
                let into: Uuid = row.try_get("", "into_id")?;
                let Some(person) = person_of.get(&into).copied() else {
                    continue;
                };
                parts.insert(row.try_get("", "contact_id")?, person);
                let reach = found.entry(person).or_default();
                reach
                    .emails
                    .extend(row.try_get::<Option<String>>("", "email")?);
                reach
                    .phones
                    .extend(row.try_get::<Option<String>>("", "phone")?);
            }
        }
        person_of = parts;
    }
    Ok(())
}
