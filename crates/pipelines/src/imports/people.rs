//! Deterministic identity: which contact a source's record belongs to.
//!
//! The rules, in this order: the same external id at the same source; the same e-mail address; the
//! same phone number. Whoever matches nothing becomes a new contact. Within one batch the rules
//! hold as well, so that two rows of one new person make one contact.

use std::collections::HashMap;

use rapport_domain::{
    ContactId, EmailAddress, IdGenerator, IdentityId, MatchRule, PhoneNumber, SourceId,
    SourceIdentity, Timestamp,
};

/// What a row says about who a person is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct PersonKey {
    /// What the source calls the person.
    pub(super) external_id: Option<String>,
    /// E-mail address.
    pub(super) email: Option<EmailAddress>,
    /// Phone number.
    pub(super) phone: Option<PhoneNumber>,
}

impl PersonKey {
    /// The key of the source's view: external id, else e-mail, else phone; none for the anonymous.
    pub(super) fn profile_key(&self) -> Option<&str> {
        self.external_id
            .as_deref()
            .or_else(|| self.email.as_ref().map(EmailAddress::as_str))
            .or_else(|| self.phone.as_ref().map(PhoneNumber::as_str))
    }
}

/// Whom a row was tied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tie {
    pub(super) identity_id: IdentityId,
    pub(super) contact_id: ContactId,
}

/// What the store already knows of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// The source's view of the person is here.
    Identity(Tie),
    /// Another view with the same e-mail or phone is here.
    Contact(ContactId, MatchRule),
    /// Nothing.
    Nobody,
}

/// New identities and contacts of a batch, and the tie of every key.
#[derive(Debug, Default)]
pub(super) struct Resolution {
    pub(super) ties: HashMap<String, Tie>,
    pub(super) new_identities: Vec<SourceIdentity>,
    pub(super) new_contacts: Vec<ContactId>,
}

/// Ties every key to a contact, making identities and contacts where none is known.
///
/// `keys` are in row order and have a profile key; `known[i]` belongs to `keys[i]`.
pub(super) fn resolve(
    keys: &[PersonKey],
    known: &[Known],
    source_id: SourceId,
    ids: &IdGenerator,
    now: Timestamp,
) -> Resolution {
    let mut resolution = Resolution::default();
    let mut by_email: HashMap<&EmailAddress, ContactId> = HashMap::new();
    let mut by_phone: HashMap<&PhoneNumber, ContactId> = HashMap::new();
    for (key, known) in keys.iter().zip(known) {
        let Some(profile_key) = key.profile_key() else { continue };
        if resolution.ties.contains_key(profile_key) {
            continue;
        }
        let tie = match *known {
            Known::Identity(tie) => tie,
            Known::Contact(contact_id, rule) => {
                new_identity(&mut resolution, key, source_id, contact_id, rule, ids, now)
            }
            Known::Nobody => {
                let earlier = key
                    .email
                    .as_ref()
                    .and_then(|email| by_email.get(email))
                    .map(|&contact| (contact, MatchRule::Email))
                    .or_else(|| {
                        let contact = key.phone.as_ref().and_then(|phone| by_phone.get(phone));
                        contact.map(|&contact| (contact, MatchRule::Phone))
                    });
                let (contact_id, rule) = earlier.unwrap_or_else(|| {
                    let contact_id = ids.next(now);
                    resolution.new_contacts.push(contact_id);
                    (contact_id, MatchRule::Created)
                });
                new_identity(&mut resolution, key, source_id, contact_id, rule, ids, now)
            }
        };
        resolution.ties.insert(profile_key.to_owned(), tie);
        if let Some(email) = &key.email {
            by_email.entry(email).or_insert(tie.contact_id);
        }
        if let Some(phone) = &key.phone {
            by_phone.entry(phone).or_insert(tie.contact_id);
        }
    }
    resolution
}

fn new_identity(
    resolution: &mut Resolution,
    key: &PersonKey,
    source_id: SourceId,
    contact_id: ContactId,
    rule: MatchRule,
    ids: &IdGenerator,
    now: Timestamp,
) -> Tie {
    let identity_id = ids.next(now);
    resolution.new_identities.push(SourceIdentity {
        id: identity_id,
        source_id,
        profile_key: key.profile_key().unwrap_or_default().to_owned(),
        email: key.email.clone(),
        phone: key.phone.clone(),
        contact_id,
        rule,
        linked_at: now,
    });
    Tie { identity_id, contact_id }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn key(external_id: &str, email: &str, phone: &str) -> PersonKey {
        PersonKey {
            external_id: (!external_id.is_empty()).then(|| external_id.to_owned()),
            email: email.parse().ok(),
            phone: phone.parse().ok(),
        }
    }

    fn resolve_all(keys: &[PersonKey], known: &[Known]) -> Resolution {
        let ids = IdGenerator::new(1);
        resolve(keys, known, SourceId(Uuid::nil()), &ids, Timestamp::from_millis(0))
    }

    #[test]
    fn rows_of_one_new_person_make_one_contact() {
        let keys = [
            key("1", "ada@example.com", ""),
            key("1", "ada@example.com", ""),
            key("2", "ada@example.com", "+14155550123"),
            key("3", "", "+14155550123"),
        ];

        let resolution = resolve_all(&keys, &[Known::Nobody; 4]);

        assert_eq!(resolution.new_contacts.len(), 1);
        let rules: Vec<_> = resolution.new_identities.iter().map(|i| i.rule).collect();
        assert_eq!(rules, [MatchRule::Created, MatchRule::Email, MatchRule::Phone]);
    }

    #[test]
    fn a_known_e_mail_makes_a_new_view_of_the_known_contact() {
        let contact = ContactId(Uuid::from_u128(7));

        let resolution = resolve_all(
            &[key("9", "ada@example.com", "")],
            &[Known::Contact(contact, MatchRule::Email)],
        );

        assert!(resolution.new_contacts.is_empty());
        assert_eq!(resolution.new_identities[0].contact_id, contact);
    }

    #[test]
    fn a_known_identity_makes_nothing_new() {
        let tie = Tie {
            identity_id: IdentityId(Uuid::from_u128(1)),
            contact_id: ContactId(Uuid::from_u128(2)),
        };

        let resolution = resolve_all(&[key("9", "", "")], &[Known::Identity(tie)]);

        assert!(resolution.new_identities.is_empty());
        assert_eq!(resolution.ties["9"], tie);
    }

    #[test]
    fn different_people_stay_apart() {
        let keys = [key("1", "ada@example.com", ""), key("2", "bob@example.com", "")];

        assert_eq!(resolve_all(&keys, &[Known::Nobody; 2]).new_contacts.len(), 2);
    }
}
