//! Which of two contacts' values survives their merge, field by field.
//!
//! A person that was merged before is made of parts, and a value of one of them is as old and as trusted as
//! that part was. So a field remembers its origin, and rules compare origins: in whatever order three
//! contacts become one, the most recent of their values is the one of the latest, and an unmerge leaves what
//! the others alone would have left.

mod field;
mod origin;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{Address, Contact, CustomValue, SourceId};

pub use field::SurvivorshipField;
pub use origin::{FieldOrigin, FieldOrigins};

/// Tags that a contact may have.
const N_TAGS_MAX: usize = 100;
/// What stands before the key of a custom field among the names of fields.
const CUSTOM: &str = "custom.";

/// How the value of a field is chosen. An empty value never wins over one that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SurvivorshipRule {
    /// That of the contact that stays.
    #[default]
    Survivor,
    /// That of the contact that was changed last.
    MostRecent,
    /// That of the contact which the more trusted source tells of.
    MostTrusted,
    /// The one that says more: a full name before a part of it, an address with more parts, a longer title.
    /// Where a field has no more or less, such as an address for e-mail, that of the contact that stays.
    MostComplete,
}

/// The rules of a merge.
///
/// Tags are united, whatever the rules. What follows from other records, such as sums of orders, is derived
/// from these and not chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Survivorship {
    /// The rule of fields that have none of their own.
    pub usual: SurvivorshipRule,
    /// Rules of fields.
    pub fields: BTreeMap<SurvivorshipField, SurvivorshipRule>,
    /// Rules of single custom fields, by their keys.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub custom: BTreeMap<String, SurvivorshipRule>,
    /// Sources, the most trusted first, for the rule that asks for them. One that is not named is trusted less
    /// than all that are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trusted: Vec<SourceId>,
}

/// A contact that is merged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SurvivorshipSide<'c> {
    /// The contact.
    pub contact: &'c Contact,
    /// Where its values come from.
    pub origins: &'c FieldOrigins,
}

/// What a merge leaves.
#[derive(Debug, Clone, PartialEq)]
pub struct Survived {
    /// The contact that stays, with the values that survive.
    pub contact: Contact,
    /// Where they come from.
    pub origins: FieldOrigins,
    /// The names of the fields whose values are those of the contact that goes.
    pub taken: BTreeSet<String>,
}

impl Survivorship {
    /// The rule of a field, by its name.
    pub fn rule_of(&self, field: &str) -> SurvivorshipRule {
        let of_kind = |field| self.fields.get(&field).copied();
        let own = match field.strip_prefix(CUSTOM) {
            Some(key) => {
                let own = self.custom.get(key).copied();
                own.or_else(|| of_kind(SurvivorshipField::Custom))
            }
            None => SurvivorshipField::named(field).and_then(of_kind),
        };
        own.unwrap_or(self.usual)
    }

    /// What is left of two contacts that become one.
    pub fn survive(&self, stays: SurvivorshipSide<'_>, goes: SurvivorshipSide<'_>) -> Survived {
        let mut survived = Survived {
            contact: stays.contact.clone(),
            origins: stays.origins.clone(),
            taken: BTreeSet::new(),
        };
        let (kept, gone) = (stays.contact, goes.contact);
        let mut takes = |name: &str, none: (bool, bool), extent: &dyn Fn(&Contact) -> usize| {
            let (rule, trusted) = (self.rule_of(name), &self.trusted);
            let sides = (stays, goes);
            let choice = Choice {
                rule,
                trusted,
                name,
                sides,
            };
            let is_taken = choice.takes(none, extent);
            if is_taken {
                survived.origins.take(name, goes.origins);
                survived.taken.insert(name.to_owned());
            }
            is_taken
        };
        let contact = &mut survived.contact;
        if takes(
            SurvivorshipField::Name.name(),
            (is_stand_in(kept), is_stand_in(gone)),
            &name_extent,
        ) {
            contact.name.clone_from(&gone.name);
            contact.first_name.clone_from(&gone.first_name);
            contact.last_name.clone_from(&gone.last_name);
        }
        let is_empty = |contact: &Contact| contact.address == Address::default();
        if takes(
            SurvivorshipField::Address.name(),
            (is_empty(kept), is_empty(gone)),
            &address_extent,
        ) {
            contact.address = gone.address.clone();
        }
        macro_rules! survive {
            ($($member:ident $field:ident $extent:expr;)+) => {$(
                let none = (kept.$member.is_none(), gone.$member.is_none());
                if takes(SurvivorshipField::$field.name(), none, &$extent) {
                    contact.$member = gone.$member.clone();
                }
            )+};
        }
        survive! {
            email Email |_| 0;
            phone Phone |_| 0;
            title Title |it: &Contact| it.title.as_deref().map_or(0, extent);
            company_id Company |_| 0;
            owner_id Owner |_| 0;
            language Language |_| 0;
        }
        for (key, value) in &gone.custom {
            let name = format!("{CUSTOM}{key}");
            let extent = |it: &Contact| it.custom.get(key).map_or(0, custom_extent);
            if takes(&name, (!kept.custom.contains_key(key), false), &extent) {
                contact.custom.insert(key.clone(), value.clone());
            }
        }
        for tag in &gone.tags {
            if contact.tags.len() < N_TAGS_MAX && !contact.tags.contains(tag) {
                contact.tags.push(tag.clone());
            }
        }
        survived
    }
}

/// A rule at work on a field of two contacts.
struct Choice<'c> {
    rule: SurvivorshipRule,
    trusted: &'c [SourceId],
    name: &'c str,
    /// The one that stays, the one that goes.
    sides: (SurvivorshipSide<'c>, SurvivorshipSide<'c>),
}

impl Choice<'_> {
    /// Whether the value of the contact that goes is taken; on a tie that of the one that stays is kept.
    fn takes(
        &self,
        (none_stays, none_goes): (bool, bool),
        extent: &dyn Fn(&Contact) -> usize,
    ) -> bool {
        if none_goes || none_stays {
            return none_stays && !none_goes;
        }
        let (stays, goes) = self.sides;
        let origin = |side: SurvivorshipSide<'_>| side.origins.of(self.name).clone();
        match self.rule {
            SurvivorshipRule::Survivor => false,
            SurvivorshipRule::MostRecent => origin(goes).changed_at > origin(stays).changed_at,
            SurvivorshipRule::MostTrusted => self.place(&origin(goes)) < self.place(&origin(stays)),
            SurvivorshipRule::MostComplete => extent(goes.contact) > extent(stays.contact),
        }
    }

    /// The place of the most trusted source that tells of a value.
    fn place(&self, origin: &FieldOrigin) -> usize {
        let mut sources = self.trusted.iter();
        let place = sources.position(|source| origin.sources.contains(source));
        place.unwrap_or(usize::MAX)
    }
}

/// Whether a name stands for one that is not known: the address or the number again.
fn is_stand_in(contact: &Contact) -> bool {
    let email = contact.email.as_ref().map(|email| email.as_str());
    let phone = contact.phone.as_ref().map(|phone| phone.as_str());
    let parts = [&contact.first_name, &contact.last_name];
    let has_parts = parts.into_iter().any(Option::is_some);
    let name = contact.name.trim();
    !has_parts
        && (Some(name) == email || Some(name) == phone || !name.chars().any(char::is_alphabetic))
}

fn name_extent(contact: &Contact) -> usize {
    let parts = [&contact.first_name, &contact.last_name];
    let n_parts = parts.into_iter().flatten().count();
    // A part that is known as such says more than any length of the whole.
    n_parts * 1_000 + extent(&contact.name)
}

fn address_extent(contact: &Contact) -> usize {
    let Address {
        street,
        city,
        region,
        postal_code,
        country,
    } = &contact.address;
    let parts = [street, city, region, postal_code, country];
    let parts = parts.into_iter().flatten();
    parts.map(|part| 1_000 + extent(part)).sum()
}

fn custom_extent(value: &CustomValue) -> usize {
    match value {
        CustomValue::Text(text) => extent(text),
        _ => 0,
    }
}

fn extent(text: &str) -> usize {
    text.trim().chars().count()
}
