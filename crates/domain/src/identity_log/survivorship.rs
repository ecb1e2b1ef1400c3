//! Which of two contacts' values survives their merge, field by field.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Address, Contact};

/// Tags that a contact may have.
const N_TAGS_MAX: usize = 100;

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
    MostComplete,
}

/// A field, or fields that belong together, for which a rule is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SurvivorshipField {
    /// Name, given name and family name, all of one contact.
    Name,
    /// E-mail address.
    Email,
    /// Phone number.
    Phone,
    /// Job title.
    Title,
    /// Employer.
    Company,
    /// Colleague in charge.
    Owner,
    /// All parts of the address, of one contact.
    Address,
    /// Language.
    Language,
    /// Each custom field by itself.
    Custom,
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
}

/// A contact that is merged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SurvivorshipSide<'c> {
    /// The contact.
    pub contact: &'c Contact,
    /// The place of the most trusted source that tells of it, 0 before 1; none where no ranked source does.
    pub trust: Option<u32>,
}

impl Survivorship {
    /// The contact that stays, with the values that survive.
    pub fn survive(&self, stays: SurvivorshipSide<'_>, goes: SurvivorshipSide<'_>) -> Contact {
        let mut contact = stays.contact.clone();
        let (kept, gone) = (stays.contact, goes.contact);
        let choice = |field| Choice {
            rule: self.fields.get(&field).copied().unwrap_or(self.usual),
            stays,
            goes,
        };
        let name = choice(SurvivorshipField::Name);
        if name.takes(is_stand_in(kept), is_stand_in(gone), name_extent) {
            contact.name.clone_from(&gone.name);
            contact.first_name.clone_from(&gone.first_name);
            contact.last_name.clone_from(&gone.last_name);
        }
        let address = choice(SurvivorshipField::Address);
        let is_empty = |contact: &Contact| contact.address == Address::default();
        if address.takes(is_empty(kept), is_empty(gone), address_extent) {
            contact.address = gone.address.clone();
        }
        macro_rules! survive {
            ($($member:ident $field:ident $extent:expr;)+) => {$(
                let (none, other) = (kept.$member.is_none(), gone.$member.is_none());
                if choice(SurvivorshipField::$field).takes(none, other, $extent) {
                    contact.$member = gone.$member.clone();
                }
            )+};
        }
        survive! {
            email Email |_| 0;
            phone Phone |_| 0;
            title Title |it| it.title.as_deref().map_or(0, extent);
            company_id Company |_| 0;
            owner_id Owner |_| 0;
            language Language |_| 0;
        }
        let custom = choice(SurvivorshipField::Custom);
        for (key, value) in &gone.custom {
            if custom.takes(!kept.custom.contains_key(key), false, |_| 0) {
                contact.custom.insert(key.clone(), value.clone());
            }
        }
        for tag in &gone.tags {
            if contact.tags.len() < N_TAGS_MAX && !contact.tags.contains(tag) {
                contact.tags.push(tag.clone());
            }
        }
        contact
    }
}

/// A rule at work on two contacts.
struct Choice<'c> {
    rule: SurvivorshipRule,
    stays: SurvivorshipSide<'c>,
    goes: SurvivorshipSide<'c>,
}

impl Choice<'_> {
    /// Whether the value of the contact that goes is taken; on a tie that of the one that stays is kept.
    fn takes(&self, none_stays: bool, none_goes: bool, extent: impl Fn(&Contact) -> usize) -> bool {
        if none_goes || none_stays {
            return none_stays && !none_goes;
        }
        let (stays, goes) = (self.stays, self.goes);
        match self.rule {
            SurvivorshipRule::Survivor => false,
            SurvivorshipRule::MostRecent => goes.contact.updated_at > stays.contact.updated_at,
            SurvivorshipRule::MostTrusted => {
                let place = |side: SurvivorshipSide<'_>| side.trust.unwrap_or(u32::MAX);
                place(goes) < place(stays)
            }
            SurvivorshipRule::MostComplete => extent(goes.contact) > extent(stays.contact),
        }
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

fn extent(text: &str) -> usize {
    text.trim().chars().count()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{ContactId, CustomValue, Timestamp};

    fn contact(name: &str, changed: i64) -> Contact {
        let at = Timestamp::from_millis(changed);
        Contact::named(ContactId(Uuid::nil()), name, at)
    }

    fn merged(rules: &Survivorship, stays: &Contact, goes: &Contact) -> Contact {
        let side = |contact, trust| SurvivorshipSide { contact, trust };
        rules.survive(side(stays, Some(1)), side(goes, Some(0)))
    }

    fn by(field: SurvivorshipField, rule: SurvivorshipRule) -> Survivorship {
        Survivorship {
            fields: [(field, rule)].into(),
            ..Survivorship::default()
        }
    }

    #[test]
    fn usually_what_stays_keeps_its_values_and_gets_those_that_it_lacks() {
        let mut ada = contact("Ada King", 1);
        ada.title = Some("Countess".to_owned());
        ada.tags = vec!["vip".to_owned()];
        let mut lovelace = contact("A. Lovelace", 2);
        lovelace.title = Some("Analyst".to_owned());
        lovelace.language = Some("en".to_owned());
        lovelace.tags = vec!["math".to_owned(), "vip".to_owned()];
        lovelace.custom = [("shoe".to_owned(), CustomValue::Number(38.0))].into();

        let merged = merged(&Survivorship::default(), &ada, &lovelace);

        assert_eq!(merged.name, "Ada King");
        assert_eq!(merged.title.as_deref(), Some("Countess"));
        assert_eq!(merged.language.as_deref(), Some("en"));
        assert_eq!(merged.tags, ["vip", "math"]);
        assert_eq!(merged.custom, lovelace.custom);
    }

    #[test]
    fn a_name_that_is_only_an_address_gives_way_to_a_real_one() {
        let mut ada = contact("ada@example.com", 1);
        ada.email = Some("ada@example.com".parse().unwrap());

        let merged = merged(&Survivorship::default(), &ada, &contact("Ada King", 0));

        assert_eq!(merged.name, "Ada King");
    }

    #[test]
    fn each_rule_chooses_as_it_says() {
        use SurvivorshipField::Title;
        let mut stays = contact("Ada", 1);
        stays.title = Some("Countess of Lovelace".to_owned());
        let mut goes = contact("Ada", 2);
        goes.title = Some("Analyst".to_owned());
        let title = |rule| merged(&by(Title, rule), &stays, &goes).title.unwrap();

        assert_eq!(title(SurvivorshipRule::Survivor), "Countess of Lovelace");
        assert_eq!(title(SurvivorshipRule::MostRecent), "Analyst");
        assert_eq!(title(SurvivorshipRule::MostTrusted), "Analyst");
        assert_eq!(
            title(SurvivorshipRule::MostComplete),
            "Countess of Lovelace"
        );
    }

    #[test]
    fn parts_of_two_addresses_are_never_mixed() {
        let mut stays = contact("Ada", 1);
        stays.address.city = Some("London".to_owned());
        let mut goes = contact("Ada", 2);
        goes.address.street = Some("Rue de Rivoli 1".to_owned());
        goes.address.city = Some("Paris".to_owned());

        let rules = by(SurvivorshipField::Address, SurvivorshipRule::MostComplete);

        assert_eq!(merged(&rules, &stays, &goes).address, goes.address);
        let usual = merged(&Survivorship::default(), &stays, &goes);
        assert_eq!(usual.address, stays.address);
    }

    #[test]
    fn a_merge_leaves_alone_what_is_not_chosen() {
        let mut stays = contact("Ada", 1);
        stays.n_orders = 2;
        let mut goes = contact("Ada", 2);
        goes.n_orders = 5;
        goes.version = 9;

        let merged = merged(&Survivorship::default(), &stays, &goes);

        assert_eq!(merged, stays);
    }
}
