//! Who a row is about: by external id within the source, then by e-mail, then by phone across
//! sources. Statements are by set, so that a chunk of rows costs a handful of them.

use std::collections::{HashMap, HashSet};

use rapport_domain::{ContactId, EmailAddress, IdentityId, MatchRule, PhoneNumber, SourceId};
use uuid::Uuid;

use crate::sql::{self, Sql};
use crate::{Store, StoreError};

/// What a row knows a person by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct PersonKey {
    /// The person's number at the source.
    pub external_id: Option<String>,
    /// E-mail address.
    pub email: Option<EmailAddress>,
    /// Phone number.
    pub phone: Option<PhoneNumber>,
}

impl PersonKey {
    /// What the source calls the person: its external id, else e-mail, else phone.
    pub fn profile_key(&self) -> Option<String> {
        let external_id = self.external_id.clone();
        external_id
            .or_else(|| self.email.as_ref().map(ToString::to_string))
            .or_else(|| self.phone.as_ref().map(ToString::to_string))
    }

    /// The rule that a match by the profile key follows.
    fn profile_rule(&self) -> MatchRule {
        match (&self.external_id, &self.email) {
            (Some(_), _) => MatchRule::ExternalId,
            (None, Some(_)) => MatchRule::Email,
            (None, None) => MatchRule::Phone,
        }
    }
}

/// A person that is known already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonMatch {
    /// The contact.
    pub contact_id: ContactId,
    /// The identity under which this source knows the person; none where the source is new to
    /// the contact and an identity is yet to be linked.
    pub identity_id: Option<IdentityId>,
    /// How the person was recognized.
    pub rule: MatchRule,
    /// Whether that identity has an e-mail address.
    pub has_email: bool,
    /// Whether that identity has a phone number.
    pub has_phone: bool,
}

/// Finds the contacts that keys stand for, one answer per key in their order.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn resolve(
    store: &Store,
    source: SourceId,
    keys: &[PersonKey],
) -> Result<Vec<Option<PersonMatch>>, StoreError> {
    let profiles = keys.iter().filter_map(PersonKey::profile_key);
    let by_profile = find_profiles(store, source, profiles.collect()).await?;
    let is_open = |key: &&PersonKey| {
        let profile = key.profile_key();
        profile.is_none_or(|profile| !by_profile.contains_key(&profile))
    };
    let emails = keys
        .iter()
        .filter(is_open)
        .filter_map(|key| key.email.as_ref());
    let emails = emails.map(ToString::to_string).collect();
    let by_email = find_contacts(store, "email", emails).await?;
    let phones = keys
        .iter()
        .filter(is_open)
        .filter_map(|key| key.phone.as_ref());
    let phones = phones.map(ToString::to_string).collect();
    let by_phone = find_contacts(store, "phone", phones).await?;

    let matches = keys.iter().map(|key| {
        let profile = key.profile_key()?;
        if let Some(&known) = by_profile.get(&profile) {
            let rule = key.profile_rule();
            return Some(PersonMatch { rule, ..known });
        }
        let email = key
            .email
            .as_ref()
            .and_then(|email| by_email.get(email.as_str()));
        let phone = key
            .phone
            .as_ref()
            .and_then(|phone| by_phone.get(phone.as_str()));
        let (contact_id, rule) = match (email, phone) {
            (Some(contact), _) => (*contact, MatchRule::Email),
            (None, Some(contact)) => (*contact, MatchRule::Phone),
            (None, None) => return None,
        };
        Some(PersonMatch {
            contact_id,
            identity_id: None,
            rule,
            has_email: false,
            has_phone: false,
        })
    });
    Ok(matches.collect())
}

/// Identities of a source by profile key, as if all of them were recognized by an external id.
async fn find_profiles(
    store: &Store,
    source: SourceId,
    profiles: HashSet<String>,
) -> Result<HashMap<String, PersonMatch>, StoreError> {
    let profiles: Vec<String> = profiles.into_iter().collect();
    let mut found = HashMap::new();
    for chunk in profiles.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(store.backend());
        sql.push_with(
            "SELECT id, profile_key, contact_id, email IS NOT NULL AS has_email, \
             phone IS NOT NULL AS has_phone FROM identities \
             WHERE source_id = ? AND profile_key IN ",
            [sql::id(source)],
        );
        sql.bind_list(chunk.iter().map(sql::text));
        for row in sql.all(store.reader()).await? {
            let id: Uuid = row.try_get("", "id")?;
            let contact: Uuid = row.try_get("", "contact_id")?;
            let profile = row.try_get("", "profile_key")?;
            let known = PersonMatch {
                contact_id: contact.into(),
                identity_id: Some(id.into()),
                rule: MatchRule::ExternalId,
                has_email: row.try_get("", "has_email")?,
                has_phone: row.try_get("", "has_phone")?,
            };
            found.insert(profile, known);
        }
    }
    Ok(found)
}

/// Contacts by e-mail or phone, as sources or people gave it; of several the oldest.
async fn find_contacts(
    store: &Store,
    column: &str,
    values: HashSet<String>,
) -> Result<HashMap<String, ContactId>, StoreError> {
    let values: Vec<String> = values.into_iter().collect();
    let mut found: HashMap<String, ContactId> = HashMap::new();
    for chunk in values.chunks(sql::N_KEYS_MAX) {
        let statements = [
            format!("SELECT {column} AS found, contact_id FROM identities WHERE {column} IN "),
            format!("SELECT {column} AS found, id AS contact_id FROM contacts WHERE {column} IN "),
        ];
        for statement in statements {
            let mut sql = Sql::new(store.backend());
            sql.push(&statement);
            sql.bind_list(chunk.iter().map(sql::text));
            for row in sql.all(store.reader()).await? {
                let contact: Uuid = row.try_get("", "contact_id")?;
                let contact = ContactId::from(contact);
                let oldest = found.entry(row.try_get("", "found")?).or_insert(contact);
                *oldest = contact.min(*oldest);
            }
        }
    }
    Ok(found)
}
