//! Who a row is about: by external id within the source, then by e-mail, then by phone across
//! sources. Statements are by set, so that a chunk of rows costs a handful of them.

use std::collections::{HashMap, HashSet};

use rapport_domain::{ContactId, EmailAddress, IdentityId, MatchRule, PhoneNumber, SourceId};
use uuid::Uuid;

use crate::sql::{self, Sql};
use crate::{Store, StoreError, identity_log};

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

    /// Whom the key stands for: who has its profile key, else who is reached by its e-mail address, else
    /// by its phone number.
    pub fn matched(
        &self,
        known: Option<PersonMatch>,
        email: Option<ContactId>,
        phone: Option<ContactId>,
    ) -> Option<PersonMatch> {
        if let Some(known) = known {
            let rule = self.profile_rule();
            return Some(PersonMatch { rule, ..known });
        }
        let by_email = email.map(|contact| (contact, MatchRule::Email));
        let reached = by_email.or(phone.map(|contact| (contact, MatchRule::Phone)));
        reached.map(|(contact_id, rule)| PersonMatch {
            contact_id,
            identity_id: None,
            rule,
            has_email: false,
            has_phone: false,
        })
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

/// A key of people apart from what sources call them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Address {
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
}

impl Address {
    /// What of a key it is.
    pub fn of(self, key: &PersonKey) -> Option<&str> {
        match self {
            Self::Email => key.email.as_ref().map(EmailAddress::as_str),
            Self::Phone => key.phone.as_ref().map(PhoneNumber::as_str),
        }
    }

    const fn column(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
        }
    }
}

/// A contact that is reached by an address or a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// The address or number.
    pub value: String,
    /// The contact.
    pub contact_id: ContactId,
    /// Whether the contact's record has it; else a source told it of the contact.
    pub is_own: bool,
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
    let by_profile = find_profiles(store, source, keys).await?;
    let is_open = |key: &&PersonKey| {
        let profile = key.profile_key();
        profile.is_none_or(|profile| !by_profile.contains_key(&profile))
    };
    let open: Vec<&PersonKey> = keys.iter().filter(is_open).collect();
    let by_email = oldest(find_reached(store, Address::Email, &open).await?);
    let by_phone = oldest(find_reached(store, Address::Phone, &open).await?);
    let matches = keys.iter().map(|key| {
        let known = by_profile.get(&key.profile_key()?).copied();
        let email = Address::Email.of(key).and_then(|it| by_email.get(it));
        let phone = Address::Phone.of(key).and_then(|it| by_phone.get(it));
        key.matched(known, email.copied(), phone.copied())
    });
    Ok(matches.collect())
}

/// Of several contacts that are reached by one address the oldest is meant.
fn oldest(reached: Vec<Reached>) -> HashMap<String, ContactId> {
    let mut found: HashMap<String, ContactId> = HashMap::new();
    for Reached {
        value, contact_id, ..
    } in reached
    {
        let oldest = found.entry(value).or_insert(contact_id);
        *oldest = contact_id.min(*oldest);
    }
    found
}

/// Identities of a source by the profile keys that some keys have.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_profiles(
    store: &Store,
    source: SourceId,
    keys: &[PersonKey],
) -> Result<HashMap<String, PersonMatch>, StoreError> {
    let profiles: HashSet<String> = keys.iter().filter_map(PersonKey::profile_key).collect();
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

/// Contacts that are reached by the e-mail addresses or the phone numbers of some keys, as sources or
/// people gave them.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_reached(
    store: &Store,
    address: Address,
    keys: &[&PersonKey],
) -> Result<Vec<Reached>, StoreError> {
    let values: HashSet<&str> = keys.iter().filter_map(|key| address.of(key)).collect();
    let values: Vec<&str> = values.into_iter().collect();
    let column = address.column();
    let statements = [
        (
            false,
            format!("SELECT {column} AS found, contact_id FROM identities WHERE {column} IN "),
        ),
        (
            true,
            format!("SELECT {column} AS found, id AS contact_id FROM contacts WHERE {column} IN "),
        ),
    ];
    let mut found = Vec::new();
    for chunk in values.chunks(sql::N_KEYS_MAX) {
        for (value, contact_id) in identity_log::reached_parts(store, column, chunk).await? {
            found.push(Reached {
                value,
                contact_id,
                is_own: false,
            });
        }
        for (is_own, statement) in &statements {
            let mut sql = Sql::new(store.backend());
            sql.push(statement);
            sql.bind_list(chunk.iter().map(|&value| sql::text(value)));
            for row in sql.all(store.reader()).await? {
                let contact: Uuid = row.try_get("", "contact_id")?;
                found.push(Reached {
                    value: row.try_get("", "found")?,
                    contact_id: contact.into(),
                    is_own: *is_own,
                });
            }
        }
    }
    Ok(found)
}
