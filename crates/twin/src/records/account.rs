//! Accounts of the online shop: one per person, sometimes a second under another address.

use super::damage::{Damage, TypedName};
use crate::chance::{Chance, Purpose};
use crate::people::{
    Culture, FIRST_DOMAINS, Person, Phone, SECOND_DOMAINS, address_of, company_address,
};
use crate::twin::Twin;

/// Days that a relation must last before a second account makes sense.
const SECOND_ACCOUNT_DAYS: u32 = 30;

/// An account of the online shop.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) email: String,
    pub(crate) phone: String,
    pub(crate) company: String,
    pub(crate) street: String,
    pub(crate) city: String,
    pub(crate) accepts_marketing: bool,
    /// The day from which the account exists.
    pub(crate) from_day: u32,
    pub(crate) created_at: i64,
    pub(crate) damage: Damage,
}

impl Account {
    /// The accounts of a person, the first one first.
    pub(crate) fn all_of(twin: &Twin, person: &Person) -> Vec<Self> {
        let chance = &mut Chance::new(twin.params.seed, Purpose::Accounts, person.index);
        let mut accounts = vec![Self::first(chance, twin, person)];
        let days = person.end_day(twin) - person.born_day;
        let is_double = chance.permille(twin.params.second_account_permille);
        if is_double && days > SECOND_ACCOUNT_DAYS {
            let from_day = person.born_day + 1 + chance.below(days - 1);
            accounts.push(Self::second(chance, twin, person, from_day));
        }
        accounts
    }

    fn first(chance: &mut Chance, twin: &Twin, person: &Person) -> Self {
        let names = (person.given_latin.as_str(), person.family_latin);
        let unique = twin.identifiers.mail.apply(person.index);
        let email = match &person.company {
            Some(company) => company_address(names.0, names.1, unique, &company.domain),
            None => address_of(chance, names, unique, &FIRST_DOMAINS),
        };
        Self::typed(chance, twin, person, email, person.born_day)
    }

    fn second(chance: &mut Chance, twin: &Twin, person: &Person, from_day: u32) -> Self {
        let names = (person.given_latin.as_str(), person.family_latin);
        let unique = twin.identifiers.second_mail.apply(person.index);
        let email = address_of(chance, names, unique, &SECOND_DOMAINS);
        let mut account = Self::typed(chance, twin, person, email, from_day);
        account.id = twin.identifiers.account(person.index, 1);
        account.damage.add("second_email");
        account
    }

    /// Fills the form as the person would on that day.
    fn typed(
        chance: &mut Chance,
        twin: &Twin,
        person: &Person,
        email: String,
        from_day: u32,
    ) -> Self {
        let noise = twin.params.noise_permille;
        let mut damage = Damage::default();
        let is_latin = person.culture != Culture::Chinese || chance.permille(600);
        if is_latin && person.culture == Culture::Chinese {
            damage.add("pinyin");
        }
        let mut name = TypedName::of(person, is_latin);
        name.damage(chance, &twin.words, noise, &mut damage);
        let phone = if chance.permille(noise + 40) {
            damage.add("no_phone");
            String::new()
        } else {
            let is_old = chance.permille(noise);
            if is_old {
                damage.add("old_phone");
            }
            twin.identifiers.phone(person, is_old).typed(chance)
        };
        let address = &person.address;
        let (street, place) = if is_latin {
            (&address.street_latin, address.place.name.latin)
        } else {
            (&address.street, address.place.name.local)
        };
        Self {
            id: twin.identifiers.account(person.index, 0),
            first_name: name.given,
            last_name: name.family,
            email,
            phone,
            company: person
                .company
                .as_ref()
                .map_or_else(String::new, |company| company.name.clone()),
            street: street.clone(),
            city: place.to_owned(),
            accepts_marketing: chance.permille(700),
            from_day,
            // Nobody orders before seven in the morning, so the account is there first.
            created_at: person.at(twin, from_day, 5 * 3600 + i64::from(chance.below(3600))),
            damage,
        }
    }
}

/// Numbers that make identifiers, addresses and phone numbers of people.
impl crate::twin::Identifiers {
    /// The shop's customer number; `k` is 0 or 1.
    fn account(&self, index: u64, k: u64) -> String {
        format!("C{:08}", self.account.apply(index * 2 + k))
    }

    /// The person's phone number, or the one before it.
    pub(crate) fn phone(&self, person: &Person, is_old: bool) -> Phone {
        let unique = self.phone.apply(person.index * 2 + u64::from(is_old));
        Phone::new(person.culture, unique)
    }
}
