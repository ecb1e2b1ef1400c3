//! People: by what sources call them, by their addresses and numbers, and as records.

use std::collections::{BTreeSet, HashMap};

use rapport_domain::{Contact, ContactId, IdentityId, MatchRule, SourceIdentity};
use rapport_store::identities::{self, Address, PersonKey, PersonMatch, Reached};
use rapport_store::imports::{IdentityKeys, ImportBatch};
use rapport_store::{StoreError, contacts};

use super::{Records, split};

/// What batches make and change of people.
#[derive(Debug, Default)]
pub(super) struct PeopleAhead {
    pub(super) contacts: HashMap<ContactId, Contact>,
    /// New identities by their profile key.
    profiles: HashMap<String, PersonMatch>,
    /// The profile key of each new identity.
    profile_of: HashMap<IdentityId, String>,
    /// Stored identities that get an e-mail address or a phone number.
    filled: HashMap<IdentityId, (bool, bool)>,
    emails: Addresses,
    phones: Addresses,
}

/// Contacts by their addresses, or by their numbers.
#[derive(Debug, Default)]
struct Addresses {
    /// As sources told them.
    told: HashMap<String, BTreeSet<ContactId>>,
    /// As the records have them.
    own: HashMap<String, BTreeSet<ContactId>>,
}

impl Addresses {
    fn tell(&mut self, value: Option<&str>, contact: ContactId) {
        if let Some(value) = value {
            let holders = self.told.entry(value.to_owned()).or_default();
            holders.insert(contact);
        }
    }

    /// Puts what a record has in the place of what it had before.
    fn replace(&mut self, before: Option<&str>, after: Option<&str>, contact: ContactId) {
        if let Some(holders) = before.and_then(|value| self.own.get_mut(value)) {
            holders.remove(&contact);
        }
        if let Some(value) = after {
            let holders = self.own.entry(value.to_owned()).or_default();
            holders.insert(contact);
        }
    }

    fn oldest(&self, value: &str) -> Option<ContactId> {
        let first = |holders: &BTreeSet<ContactId>| holders.first().copied();
        let told = self.told.get(value).and_then(first);
        let own = self.own.get(value).and_then(first);
        told.into_iter().chain(own).min()
    }
}

impl PeopleAhead {
    pub(super) fn add(&mut self, batch: &ImportBatch) {
        for contact in &batch.contacts {
            self.put(contact.clone());
        }
        for contact in &batch.changed_contacts {
            // Writing it counts it up.
            let version = contact.version + 1;
            self.put(Contact {
                version,
                ..contact.clone()
            });
        }
        for identity in &batch.identities {
            self.link(identity);
        }
        for keys in &batch.identity_keys {
            self.fill(keys);
        }
    }

    fn put(&mut self, contact: Contact) {
        let before = self.contacts.get(&contact.id);
        let email = before.and_then(|it| it.email.as_ref());
        let email = email.map(|email| email.as_str());
        let after = contact.email.as_ref().map(|email| email.as_str());
        self.emails.replace(email, after, contact.id);
        let phone = before.and_then(|it| it.phone.as_ref());
        let phone = phone.map(|phone| phone.as_str());
        let after = contact.phone.as_ref().map(|phone| phone.as_str());
        self.phones.replace(phone, after, contact.id);
        self.contacts.insert(contact.id, contact);
    }

    fn link(&mut self, identity: &SourceIdentity) {
        let email = identity.email.as_ref().map(|email| email.as_str());
        self.emails.tell(email, identity.contact_id);
        let phone = identity.phone.as_ref().map(|phone| phone.as_str());
        self.phones.tell(phone, identity.contact_id);
        let profile = identity.profile_key.clone();
        self.profile_of.insert(identity.id, profile.clone());
        let known = PersonMatch {
            contact_id: identity.contact_id,
            identity_id: Some(identity.id),
            rule: MatchRule::ExternalId,
            has_email: email.is_some(),
            has_phone: phone.is_some(),
        };
        self.profiles.entry(profile).or_insert(known);
    }

    fn fill(&mut self, keys: &IdentityKeys) {
        let email = keys.email.as_ref().map(|email| email.as_str());
        self.emails.tell(email, keys.contact_id);
        let phone = keys.phone.as_ref().map(|phone| phone.as_str());
        self.phones.tell(phone, keys.contact_id);
        let profile = self.profile_of.get(&keys.id);
        if let Some(known) = profile.and_then(|profile| self.profiles.get_mut(profile)) {
            known.has_email |= email.is_some();
            known.has_phone |= phone.is_some();
        } else {
            let (has_email, has_phone) = self.filled.entry(keys.id).or_default();
            *has_email |= email.is_some();
            *has_phone |= phone.is_some();
        }
    }

    /// The match of a profile key, of which the store knows `stored`.
    fn profile(&self, profile: &str, stored: Option<PersonMatch>) -> Option<PersonMatch> {
        let Some(stored) = stored else {
            return self.profiles.get(profile).copied();
        };
        let filled = stored.identity_id.and_then(|id| self.filled.get(&id));
        let (has_email, has_phone) = filled.copied().unwrap_or_default();
        Some(PersonMatch {
            has_email: stored.has_email || has_email,
            has_phone: stored.has_phone || has_phone,
            ..stored
        })
    }

    /// The oldest contacts that are reached by some addresses, where the store finds `stored`. What a
    /// stored record has counts only where no batch changes the record.
    fn oldest(
        &self,
        address: Address,
        keys: &[&PersonKey],
        stored: Vec<Reached>,
    ) -> HashMap<String, ContactId> {
        let ahead = match address {
            Address::Email => &self.emails,
            Address::Phone => &self.phones,
        };
        let expected = keys.iter().filter_map(|key| {
            let value = address.of(key)?;
            Some((value.to_owned(), ahead.oldest(value)?))
        });
        let mut oldest: HashMap<String, ContactId> = expected.collect();
        for reached in stored {
            if reached.is_own && self.contacts.contains_key(&reached.contact_id) {
                continue;
            }
            let found = oldest.entry(reached.value).or_insert(reached.contact_id);
            *found = reached.contact_id.min(*found);
        }
        oldest
    }
}

impl Records<'_> {
    /// Finds the contacts that keys stand for, one answer per key in their order.
    pub(in crate::imports) async fn resolve(
        &self,
        keys: &[PersonKey],
    ) -> Result<Vec<Option<PersonMatch>>, StoreError> {
        let stored = identities::find_profiles(self.store, self.source_id, keys).await?;
        let profile = |key: &PersonKey| {
            let profile = key.profile_key()?;
            self.ahead
                .people
                .profile(&profile, stored.get(&profile).copied())
        };
        let known: Vec<Option<PersonMatch>> = keys.iter().map(profile).collect();
        let open = keys.iter().zip(&known).filter(|(_, known)| known.is_none());
        let open: Vec<&PersonKey> = open.map(|(key, _)| key).collect();
        let by_email = self.oldest(Address::Email, &open).await?;
        let by_phone = self.oldest(Address::Phone, &open).await?;
        let matches = keys.iter().zip(known).map(|(key, known)| {
            let email = Address::Email.of(key).and_then(|it| by_email.get(it));
            let phone = Address::Phone.of(key).and_then(|it| by_phone.get(it));
            key.matched(known, email.copied(), phone.copied())
        });
        Ok(matches.collect())
    }

    async fn oldest(
        &self,
        address: Address,
        keys: &[&PersonKey],
    ) -> Result<HashMap<String, ContactId>, StoreError> {
        let stored = identities::find_reached(self.store, address, keys).await?;
        Ok(self.ahead.people.oldest(address, keys, stored))
    }

    /// Finds contacts, in no order; those that are not there are left out.
    pub(in crate::imports) async fn contacts(
        &self,
        ids: &[ContactId],
    ) -> Result<Vec<Contact>, StoreError> {
        let (mut found, open) = split(&self.ahead.people.contacts, ids);
        found.extend(contacts::find_many(self.store, &open).await?);
        Ok(found)
    }
}
