//! Pairs of values and how alike they are.

use proptest::prelude::*;
use rapport_learn::{Cancellation, Context, Silent};

use super::*;
use crate::{Field, RawColumn};

/// The levels of the first two of a few records.
fn levels(fields: &[(FieldKind, &[&str])]) -> Vec<Level> {
    let columns: Vec<RawColumn<'_>> = fields
        .iter()
        .map(|(kind, values)| RawColumn {
            field: Field::new(format!("{kind:?}"), *kind),
            values: values.to_vec(),
        })
        .collect();
    let cancel = Cancellation::default();
    let records = Records::new(&columns, &Context::new(1, &Silent, &cancel)).unwrap();
    let pattern = Comparer::new(&records).pattern(0, 1, &mut Memory::new());
    (0..fields.len())
        .map(|field| Level::of(pattern.level(field)))
        .collect()
}

fn check(kind: FieldKind, a: &str, b: &str, expected: Level) {
    assert_eq!(
        levels(&[(kind, &[a, b])]),
        [expected],
        "{a:?} and {b:?} as {kind:?}"
    );
}

#[test]
fn names_are_alike_by_spelling_sound_and_short_form() {
    check(FieldKind::GivenName, "Ada", "ADA", Level::Same);
    check(FieldKind::GivenName, "mitchell", "mitchel", Level::Close);
    check(FieldKind::GivenName, "robert", "bob", Level::Alike);
    check(FieldKind::GivenName, "john", "j.", Level::Alike);
    check(FieldKind::Surname, "harrington", "smith", Level::Different);
    check(FieldKind::FullName, "张伟", "Zhang Wei", Level::Swapped);
    check(
        FieldKind::FullName,
        "欧阳娜娜",
        "Nana Ouyang",
        Level::Swapped,
    );
}

#[test]
fn given_name_and_surname_may_be_swapped() {
    let swapped = levels(&[
        (FieldKind::GivenName, &["ada", "king"]),
        (FieldKind::Surname, &["king", "ada"]),
    ]);

    assert_eq!(swapped, [Level::Swapped, Level::Swapped]);
}

#[test]
fn dates_are_alike_by_digits_and_parts() {
    check(
        FieldKind::BirthDate,
        "1990-12-31",
        "31/12/1990",
        Level::Same,
    );
    check(
        FieldKind::BirthDate,
        "1990-05-06",
        "1990-06-05",
        Level::Close,
    );
    check(
        FieldKind::BirthDate,
        "1990-12-31",
        "1991-12-31",
        Level::Close,
    );
    check(
        FieldKind::BirthDate,
        "1990-12-31",
        "1990-12-04",
        Level::Alike,
    );
    check(
        FieldKind::BirthDate,
        "1990-12-31",
        "1990-03-04",
        Level::Remote,
    );
    check(FieldKind::BirthDate, "1990-12-31", "1984-03-04", Level::Far);
    check(
        FieldKind::BirthDate,
        "1990-12-31",
        "1924-03-05",
        Level::Different,
    );
}

#[test]
fn codes_are_alike_by_slips_of_the_keyboard() {
    check(FieldKind::Id, "6988048", "6988084", Level::Close);
    check(FieldKind::Id, "6988048", "7364009", Level::Different);
    check(FieldKind::Postcode, "TQ13 8DF", "TQ13 8HU", Level::Alike);
    check(FieldKind::HouseNumber, "12", "13", Level::Different);
    check(
        FieldKind::Phone,
        "+44 20 7946 0123",
        "+44 20 7946 0132",
        Level::Close,
    );
}

#[test]
fn texts_are_alike_by_their_rare_words() {
    check(
        FieldKind::Street,
        "pridham street",
        "pridhamstreet",
        Level::Close,
    );
    check(
        FieldKind::Street,
        "maltby circuit",
        "circuit maltby",
        Level::Swapped,
    );
    check(
        FieldKind::Street,
        "maltby circuit",
        "giblin street",
        Level::Different,
    );
    check(FieldKind::Company, "ACME Inc", "Acme GmbH", Level::Same);
}

#[test]
fn mail_addresses_are_alike_before_the_at() {
    check(
        FieldKind::Email,
        "ada.king@a.com",
        "ada.king@b.org",
        Level::Swapped,
    );
    check(
        FieldKind::Email,
        "ada.king@a.com",
        "ada.kinge@a.com",
        Level::Close,
    );
    check(
        FieldKind::Email,
        "ada.king@a.com",
        "bo@b.org",
        Level::Different,
    );
}

#[test]
fn a_missing_value_is_neither_alike_nor_different() {
    let found = levels(&[
        (FieldKind::GivenName, &["ada", ""]),
        (FieldKind::Number, &["1,000", "1005"]),
    ]);

    assert_eq!(found, [Level::Missing, Level::Close]);
}

/// Kinds and what their values look like.
const TEXTS: [(FieldKind, &str); 9] = [
    (FieldKind::FullName, "[a-c]{1,5} [a-c]{1,5}"),
    (FieldKind::Company, "[ab京都]{1,4}( [ab]{1,3})?"),
    (FieldKind::Email, "[ab@]{1,5}@[ab]{1,2}"),
    (FieldKind::Email, "[ab.1]{1,9}@a.de"),
    (FieldKind::Text, "[a-f]{1,12}"),
    (FieldKind::Phone, "[+]?[0-3]{5,12}"),
    (FieldKind::HouseNumber, "[0-3]{1,4}[ab]?"),
    (FieldKind::Number, "[0-9]{1,3}"),
    (
        FieldKind::BirthDate,
        "(19[0-9]{2}|19[0-9]{2}-[01][0-9]|[0-3][0-9]/[01][0-9]/19[0-9]{2})",
    ),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_level_of_two_values_is_one_that_their_sketches_allow(
        (kind, a, b) in (0..TEXTS.len()).prop_flat_map(|at| (Just(TEXTS[at].0), TEXTS[at].1, TEXTS[at].1))
    ) {
        let column = RawColumn {
            field: Field::new("field", kind),
            values: vec![&a, &b],
        };
        let cancel = Cancellation::default();
        let Ok(records) = Records::new(&[column], &Context::new(1, &Silent, &cancel)) else {
            return Ok(());
        };
        let level = Comparer::new(&records).pattern(0, 1, &mut Memory::new()).level(0);

        if level > Level::SAME {
            let sketches = &records.columns[0].sketches;
            let allowed = possible(kind, sketches[0], sketches[1]);
            prop_assert!(allowed >> level & 1 == 1, "{a:?} {b:?} {:?}", Level::of(level));
        }
    }
}
