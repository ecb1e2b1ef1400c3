//! Deterministic identity: which contact a source's record belongs to.
//!
//! The rules, in this order: the same external id at the same source; the same e-mail address; the
//! same phone number. Whoever matches nothing becomes a new contact. Within one batch the rules
//! hold as well, so that two rows of one new person make one contact.

use std::collections::{HashMap, HashSet};

use rapport_domain::{
    ContactId, EmailAddress, IdGenerator, IdentityId, MatchRule, PhoneNumber, SourceId,
    SourceIdentity, Timestamp,
};
use rapport_store::identities::{PersonKey, PersonMatch};

/// Whom a row was tied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tie {
    pub(super) identity_id: IdentityId,
    pub(super) contact_id: ContactId,
}

/// New identities and contacts of a batch, and the tie of every key.
#[derive(Debug, Default)]
pub(super) struct Resolution {
    pub(super) ties: HashMap<String, Tie>,
    pub(super) new_identities: Vec<SourceIdentity>,
    pub(super) new_contacts: HashSet<ContactId>,
}

/// Whose view of people is being read, and how new ids are made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin<'a> {
    pub(super) source_id: SourceId,
    pub(super) ids: &'a IdGenerator,
    pub(super) now: Timestamp,
}

/// Ties every key to a contact, making identities and contacts where none is known.
///
/// `keys` are in row order; `matches[i]` is what the store knows of `keys[i]`. Keys of nobody in
/// particular are passed over.
pub(super) fn resolve(
    keys: &[PersonKey],
    matches: &[Option<PersonMatch>],
    origin: Origin<'_>,
) -> Resolution {
    let mut resolution = Resolution::default();
    let mut by_email: HashMap<&EmailAddress, ContactId> = HashMap::new();
    let mut by_phone: HashMap<&PhoneNumber, ContactId> = HashMap::new();
    for (key, known) in keys.iter().zip(matches) {
        let Some(profile_key) = key.profile_key() else {
            continue;
        };
        if resolution.ties.contains_key(&profile_key) {
            continue;
        }
        let earlier = || {
            let contact = key.email.as_ref().and_then(|email| by_email.get(email));
            contact
                .map(|&contact| (contact, MatchRule::Email))
                .or_else(|| {
                    let contact = key.phone.as_ref().and_then(|phone| by_phone.get(phone));
                    contact.map(|&contact| (contact, MatchRule::Phone))
                })
        };
        let tie = match known {
            Some(PersonMatch {
                contact_id,
                identity_id: Some(identity_id),
                ..
            }) => Tie {
                identity_id: *identity_id,
                contact_id: *contact_id,
            },
            Some(PersonMatch {
                contact_id,
                identity_id: None,
                rule,
            }) => resolution.link(key, &profile_key, (*contact_id, *rule), origin),
            None => {
                let owner = earlier().unwrap_or_else(|| {
                    let contact_id = origin.ids.next(origin.now);
                    resolution.new_contacts.insert(contact_id);
                    (contact_id, MatchRule::Created)
                });
                resolution.link(key, &profile_key, owner, origin)
            }
        };
        resolution.ties.insert(profile_key, tie);
        if let Some(email) = &key.email {
            by_email.entry(email).or_insert(tie.contact_id);
        }
        if let Some(phone) = &key.phone {
            by_phone.entry(phone).or_insert(tie.contact_id);
        }
    }
    resolution
}

impl Resolution {
    /// Makes the source's view of a contact.
    fn link(
        &mut self,
        key: &PersonKey,
        profile_key: &str,
        (contact_id, rule): (ContactId, MatchRule),
        origin: Origin<'_>,
    ) -> Tie {
        let identity_id = origin.ids.next(origin.now);
        self.new_identities.push(SourceIdentity {
            id: identity_id,
            source_id: origin.source_id,
            profile_key: profile_key.to_owned(),
            email: key.email.clone(),
            phone: key.phone.clone(),
            contact_id,
            rule,
            linked_at: origin.now,
        });
        Tie {
            identity_id,
            contact_id,
        }
    }
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

    fn resolve_all(keys: &[PersonKey], matches: &[Option<PersonMatch>]) -> Resolution {
        let ids = IdGenerator::new(1);
        let now = Timestamp::from_millis(0);
        resolve(
            keys,
            matches,
            Origin {
                source_id: SourceId(Uuid::nil()),
                ids: &ids,
                now,
            },
        )
    }

    #[test]
    fn rows_of_one_new_person_make_one_contact() {
        let keys = [
            key("1", "ada@example.com", ""),
            key("1", "ada@example.com", ""),
            key("2", "ada@example.com", "+14155550123"),
            key("3", "", "+14155550123"),
        ];

        let resolution = resolve_all(&keys, &[None; 4]);

        assert_eq!(resolution.new_contacts.len(), 1);
        let rules: Vec<_> = resolution.new_identities.iter().map(|i| i.rule).collect();
        assert_eq!(
            rules,
            [MatchRule::Created, MatchRule::Email, MatchRule::Phone]
        );
    }

    #[test]
    fn a_known_e_mail_makes_a_new_view_of_the_known_contact() {
        let contact = ContactId(Uuid::from_u128(7));

        let resolution = resolve_all(
            &[key("9", "ada@example.com", "")],
            &[Some(PersonMatch {
                contact_id: contact,
                identity_id: None,
                rule: MatchRule::Email,
            })],
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

        let known = PersonMatch {
            contact_id: tie.contact_id,
            identity_id: Some(tie.identity_id),
            rule: MatchRule::ExternalId,
        };
        let resolution = resolve_all(&[key("9", "", "")], &[Some(known)]);

        assert!(resolution.new_identities.is_empty());
        assert_eq!(resolution.ties["9"], tie);
    }

    #[test]
    fn different_people_stay_apart() {
        let keys = [
            key("1", "ada@example.com", ""),
            key("2", "bob@example.com", ""),
        ];

        assert_eq!(resolve_all(&keys, &[None; 2]).new_contacts.len(), 2);
    }
}
