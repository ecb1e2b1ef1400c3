//! Deterministic identity: which contact a source's record belongs to.
//!
//! The rules, in this order: the same external id at the same source; the same e-mail address; the
//! same phone number. Whoever matches nothing becomes a new contact. Within one batch the rules
//! hold as well, so that two rows of one new person make one contact. A contact row with nothing
//! but a name is known by name and employer, within its source alone.

use std::collections::{HashMap, HashSet};

use rapport_domain::{
    ContactId, EmailAddress, IdGenerator, IdentityId, MatchRule, PhoneNumber, SourceId,
    SourceIdentity, Timestamp,
};
use rapport_ingest::{ParsedRow, PersonKeys};
use rapport_store::companies;
use rapport_store::identities::{PersonKey, PersonMatch};
use rapport_store::imports::IdentityKeys;

/// Whom a row was tied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tie {
    pub(super) identity_id: IdentityId,
    pub(super) contact_id: ContactId,
    /// Whether the identity has an e-mail address.
    pub(super) has_email: bool,
    /// Whether the identity has a phone number.
    pub(super) has_phone: bool,
}

/// The key by which the person of a row is known; none where the row is about nobody in
/// particular.
pub(super) fn key_of(row: &ParsedRow) -> Option<PersonKey> {
    let person = row.person()?;
    if !person.is_anonymous() {
        return Some(PersonKey {
            external_id: person.external_id.clone(),
            email: person.email.clone(),
            phone: person.phone.clone(),
        });
    }
    match row {
        ParsedRow::Contact(row) => Some(PersonKey {
            external_id: Some(name_key(&row.person, row.company.name.as_deref())?),
            ..PersonKey::default()
        }),
        _ => None,
    }
}

/// What a source calls a person whom it gives no key: name and employer.
fn name_key(person: &PersonKeys, company: Option<&str>) -> Option<String> {
    let name = companies::name_key(person.name.as_deref()?);
    let company = company.map(companies::name_key).unwrap_or_default();
    Some(format!("name:{name}|{company}"))
}

/// New identities and contacts of a batch, and the tie of every key.
#[derive(Debug, Default)]
pub(super) struct Resolution {
    pub(super) ties: HashMap<String, Tie>,
    pub(super) new_identities: Vec<SourceIdentity>,
    /// Where each of them stands.
    new_places: HashMap<IdentityId, usize>,
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
    let mut reached = Reached::default();
    for (key, known) in keys.iter().zip(matches) {
        let Some(profile_key) = key.profile_key() else {
            continue;
        };
        if let Some(tie) = resolution.ties.get(&profile_key) {
            reached.remember(key, tie.contact_id);
            continue;
        }
        let tie = match known {
            Some(PersonMatch {
                contact_id,
                identity_id: Some(identity_id),
                has_email,
                has_phone,
                ..
            }) => Tie {
                identity_id: *identity_id,
                contact_id: *contact_id,
                has_email: *has_email,
                has_phone: *has_phone,
            },
            Some(PersonMatch {
                contact_id,
                identity_id: None,
                rule,
                ..
            }) => resolution.link(key, &profile_key, (*contact_id, *rule), origin),
            None => {
                let owner = reached.find(key).unwrap_or_else(|| {
                    let contact_id = origin.ids.next(origin.now);
                    resolution.new_contacts.insert(contact_id);
                    (contact_id, MatchRule::Created)
                });
                resolution.link(key, &profile_key, owner, origin)
            }
        };
        resolution.ties.insert(profile_key, tie);
        reached.remember(key, tie.contact_id);
    }
    resolution
}

/// Contacts of a batch by the addresses and numbers that its rows tell.
#[derive(Default)]
struct Reached<'a> {
    by_email: HashMap<&'a EmailAddress, ContactId>,
    by_phone: HashMap<&'a PhoneNumber, ContactId>,
}

impl<'a> Reached<'a> {
    fn remember(&mut self, key: &'a PersonKey, contact: ContactId) {
        if let Some(email) = &key.email {
            self.by_email.entry(email).or_insert(contact);
        }
        if let Some(phone) = &key.phone {
            self.by_phone.entry(phone).or_insert(contact);
        }
    }

    fn find(&self, key: &PersonKey) -> Option<(ContactId, MatchRule)> {
        let by_email = key.email.as_ref().and_then(|it| self.by_email.get(it));
        let by_phone = || key.phone.as_ref().and_then(|it| self.by_phone.get(it));
        match by_email {
            Some(&contact) => Some((contact, MatchRule::Email)),
            None => by_phone().map(|&contact| (contact, MatchRule::Phone)),
        }
    }
}

impl Resolution {
    /// Gives an identity the keys that a row tells and that it lacks: a new one in place, a known
    /// one by what is returned.
    pub(super) fn fill_keys(&mut self, key: &PersonKey, tie: &mut Tie) -> Option<IdentityKeys> {
        let email = key.email.clone().filter(|_| !tie.has_email);
        let phone = key.phone.clone().filter(|_| !tie.has_phone);
        if email.is_none() && phone.is_none() {
            return None;
        }
        tie.has_email |= email.is_some();
        tie.has_phone |= phone.is_some();
        let keys = IdentityKeys {
            id: tie.identity_id,
            email,
            phone,
        };
        match self.new_places.get(&tie.identity_id) {
            Some(&place) => {
                let identity = &mut self.new_identities[place];
                identity.email = identity.email.take().or(keys.email);
                identity.phone = identity.phone.take().or(keys.phone);
                None
            }
            None => Some(keys),
        }
    }

    /// Makes the source's view of a contact.
    fn link(
        &mut self,
        key: &PersonKey,
        profile_key: &str,
        (contact_id, rule): (ContactId, MatchRule),
        origin: Origin<'_>,
    ) -> Tie {
        let identity_id = origin.ids.next(origin.now);
        self.new_places
            .insert(identity_id, self.new_identities.len());
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
            has_email: key.email.is_some(),
            has_phone: key.phone.is_some(),
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
                has_email: false,
                has_phone: false,
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
            has_email: true,
            has_phone: false,
        };

        let known = PersonMatch {
            contact_id: tie.contact_id,
            identity_id: Some(tie.identity_id),
            rule: MatchRule::ExternalId,
            has_email: true,
            has_phone: false,
        };
        let resolution = resolve_all(&[key("9", "", "")], &[Some(known)]);

        assert!(resolution.new_identities.is_empty());
        assert_eq!(resolution.ties["9"], tie);
    }

    #[test]
    fn a_later_e_mail_fills_an_identity_and_never_replaces_one() {
        let mut resolution = resolve_all(&[key("9", "", "")], &[None]);
        let mut tie = resolution.ties["9"];

        let of_new = resolution.fill_keys(&key("9", "ada@example.com", ""), &mut tie);
        let again = resolution.fill_keys(&key("9", "bob@example.com", ""), &mut tie);
        let mut known = Tie {
            identity_id: IdentityId(Uuid::from_u128(1)),
            ..tie
        };
        let of_known = resolution.fill_keys(&key("9", "", "+14155550123"), &mut known);

        let email = resolution.new_identities[0].email.as_ref().unwrap();
        assert_eq!(email.as_str(), "ada@example.com");
        assert_eq!((of_new, again), (None, None));
        assert_eq!(of_known.unwrap().phone, "+14155550123".parse().ok());
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
