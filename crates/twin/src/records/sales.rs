//! The sales team's book: people whom a colleague wrote down, sometimes twice.

use super::Account;
use super::damage::{Damage, TypedName};
use crate::chance::{Chance, Purpose};
use crate::people::{Culture, Person};
use crate::segment::TrueSegment;
use crate::twin::Twin;

/// An entry of the sales team's book.
#[derive(Debug, Clone)]
pub(crate) struct SalesContact {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) phone: String,
    pub(crate) email: String,
    pub(crate) company: String,
    pub(crate) title: &'static str,
    pub(crate) city: &'static str,
    pub(crate) tags: String,
    pub(crate) created_at: i64,
    pub(crate) damage: Damage,
}

impl SalesContact {
    /// The entries of a person: none, one or two.
    pub(crate) fn all_of(twin: &Twin, person: &Person, accounts: &[Account]) -> Vec<Self> {
        let chance = &mut Chance::new(twin.params.seed, Purpose::SalesRecords, person.index);
        if !chance.permille(person.segment.traits().sales_permille) {
            return Vec::new();
        }
        let n = 1 + u64::from(chance.permille(twin.params.double_entry_permille));
        (0..n)
            .map(|k| Self::typed(chance, twin, person, accounts, k))
            .collect()
    }

    fn typed(
        chance: &mut Chance,
        twin: &Twin,
        person: &Person,
        accounts: &[Account],
        k: u64,
    ) -> Self {
        let noise = twin.params.noise_permille;
        let mut damage = Damage::default();
        if k > 0 {
            damage.add("entered_twice");
        }
        let is_pinyin = person.culture == Culture::Chinese && chance.permille(100);
        if is_pinyin {
            damage.add("pinyin");
        }
        let mut name = TypedName::of(person, is_pinyin);
        name.damage(chance, &twin.words, noise, &mut damage);
        let email = if chance.permille(noise * 3) {
            damage.add("no_email");
            String::new()
        } else {
            chance.pick(accounts).email.clone()
        };
        let phone = phone(chance, twin, person, !email.is_empty(), &mut damage);
        let day = person.born_day + chance.below(twin.span.n_days - person.born_day);
        let id = twin.identifiers.sales.apply(person.index * 2 + k);
        Self {
            id: format!("K{id:08}"),
            name: name.full(),
            phone,
            email,
            company: person
                .company
                .as_ref()
                .map_or_else(String::new, |company| company.name.clone()),
            title: person.company.as_ref().map_or("", |_| person.title),
            city: person.address.place.name.local,
            tags: tags(chance, person.segment),
            created_at: person.at(twin, day, 9 * 3600 + i64::from(chance.below(8 * 3600))),
            damage,
        }
    }
}

/// A phone number, which may be missing only where there is an e-mail address.
fn phone(
    chance: &mut Chance,
    twin: &Twin,
    person: &Person,
    may_miss: bool,
    damage: &mut Damage,
) -> String {
    let noise = twin.params.noise_permille;
    if may_miss && chance.permille(noise * 2) {
        damage.add("no_phone");
        return String::new();
    }
    let is_old = chance.permille(noise);
    if is_old {
        damage.add("old_phone");
    }
    let phone = twin.identifiers.phone(person, is_old);
    if person.culture == Culture::Chinese {
        phone.typed(chance)
    } else {
        phone.international(' ')
    }
}

fn tags(chance: &mut Chance, segment: TrueSegment) -> String {
    let mut tags = Vec::new();
    if segment == TrueSegment::Loyal && chance.permille(600) {
        tags.push("VIP");
    }
    if chance.permille(500) {
        tags.push(*chance.pick::<&str>(&["微信", "展会", "老客户推荐", "电话咨询", "官网"]));
    }
    tags.join(";")
}
