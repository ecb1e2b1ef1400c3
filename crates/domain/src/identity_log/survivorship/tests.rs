//! Rules at work on two and three contacts.

use uuid::Uuid;

use super::*;
use crate::{ContactId, CustomValue, Timestamp};

fn contact(name: &str, changed: i64) -> Contact {
    let at = Timestamp::from_millis(changed);
    Contact::named(ContactId(Uuid::nil()), name, at)
}

const SHOP: SourceId = SourceId(Uuid::from_u128(1));
const BLOG: SourceId = SourceId(Uuid::from_u128(2));

/// A contact of one source, as old as it says.
fn origins(contact: &Contact, source: SourceId) -> FieldOrigins {
    FieldOrigins::own(FieldOrigin {
        changed_at: contact.updated_at,
        sources: [source].into(),
    })
}

fn survived(rules: &Survivorship, stays: &Contact, goes: &Contact) -> Survived {
    let of = (origins(stays, SHOP), origins(goes, BLOG));
    let side = |contact, origins| SurvivorshipSide { contact, origins };
    rules.survive(side(stays, &of.0), side(goes, &of.1))
}

fn merged(rules: &Survivorship, stays: &Contact, goes: &Contact) -> Contact {
    survived(rules, stays, goes).contact
}

fn by(field: SurvivorshipField, rule: SurvivorshipRule) -> Survivorship {
    Survivorship {
        fields: [(field, rule)].into(),
        trusted: vec![BLOG, SHOP],
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

#[test]
fn a_custom_field_has_its_own_rule_else_that_of_all_of_them() {
    let with = |size: f64, color: &str, changed| {
        let mut contact = contact("Ada", changed);
        contact.custom = [
            ("size".to_owned(), CustomValue::Number(size)),
            ("color".to_owned(), CustomValue::Text(color.to_owned())),
        ]
        .into();
        contact
    };
    let (old, new) = (with(38.0, "dark red", 1), with(39.0, "red", 2));
    let mut rules = by(SurvivorshipField::Custom, SurvivorshipRule::MostRecent);
    let custom = [("color".to_owned(), SurvivorshipRule::MostComplete)];
    rules.custom = custom.into();

    let merged = survived(&rules, &old, &new);

    assert_eq!(merged.contact.custom["size"], CustomValue::Number(39.0));
    assert_eq!(
        merged.contact.custom["color"],
        CustomValue::Text("dark red".to_owned())
    );
    assert_eq!(merged.taken, ["custom.size".to_owned()].into());
}

#[test]
fn the_latest_of_three_values_survives_in_whatever_order_they_are_merged() {
    let titled = |title: &str, changed| {
        let mut contact = contact("Ada", changed);
        contact.title = Some(title.to_owned());
        contact
    };
    let people = [titled("old", 1), titled("newest", 3), titled("newer", 2)];
    let rules = by(SurvivorshipField::Title, SurvivorshipRule::MostRecent);
    for order in [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ] {
        let [first, second, third] = order.map(|idx: usize| &people[idx]);
        let both = survived(&rules, first, second);
        let origins = origins(third, SHOP);
        let third = SurvivorshipSide {
            contact: third,
            origins: &origins,
        };
        let both = SurvivorshipSide {
            contact: &both.contact,
            origins: &both.origins,
        };

        let merged = rules.survive(both, third).contact;
        let the_other_way = rules.survive(third, both).contact;

        assert_eq!(merged.title.as_deref(), Some("newest"), "{order:?}");
        assert_eq!(the_other_way.title.as_deref(), Some("newest"), "{order:?}");
    }
}

#[test]
fn a_value_of_a_part_is_as_trusted_as_the_part_and_no_more() {
    let mut ada = contact("Ada", 1);
    ada.title = Some("of nobody".to_owned());
    let of_blog = contact("Ada", 2);
    let mut of_shop = contact("Ada", 3);
    of_shop.title = Some("of the shop".to_owned());
    let rules = by(SurvivorshipField::Title, SurvivorshipRule::MostTrusted);
    let nobody = FieldOrigins::own(FieldOrigin::unknown());
    let side = |contact, origins| SurvivorshipSide { contact, origins };

    // The most trusted source tells of the person by now, but not of this title.
    let origins_of_blog = origins(&of_blog, BLOG);
    let both = rules.survive(side(&ada, &nobody), side(&of_blog, &origins_of_blog));
    let origins_of_shop = origins(&of_shop, SHOP);
    let all = rules.survive(
        side(&both.contact, &both.origins),
        side(&of_shop, &origins_of_shop),
    );

    assert_eq!(all.contact.title.as_deref(), Some("of the shop"));
    assert_eq!(all.origins.of("title").sources, [SHOP].into());
}

#[test]
fn a_field_that_somebody_sets_is_the_persons_own_again() {
    let own = FieldOrigin::unknown();
    let mut origins = FieldOrigins::own(own.clone());
    let part = FieldOrigin {
        changed_at: Timestamp::from_millis(5),
        sources: [SHOP].into(),
    };
    for field in ["name", "address", "custom.size"] {
        origins.of_parts.insert(field.to_owned(), part.clone());
    }

    origins.edit(&["last_name".to_owned(), "custom.size".to_owned()]);

    assert_eq!(origins.of("name"), &own);
    assert_eq!(origins.of("custom.size"), &own);
    assert_eq!(origins.of("address"), &part);
}
