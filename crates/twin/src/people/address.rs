//! Postal addresses in the manner of each country.

use super::Culture;
use crate::chance::Chance;
use crate::words::{Place, Words};

/// Where a person lives, in the local script and in Latin letters.
#[derive(Debug, Clone)]
pub(crate) struct PostalAddress {
    pub(crate) street: String,
    pub(crate) street_latin: String,
    pub(crate) place: Place,
    pub(crate) postal_code: String,
}

impl PostalAddress {
    pub(crate) fn new(chance: &mut Chance, culture: Culture, words: &Words) -> Self {
        let place = *words.places(culture).pick(chance);
        let street = chance.pick(words.streets(culture));
        let number = 1 + chance.below(180);
        let room = 101 + 100 * chance.below(20) + chance.below(6);
        let (street, street_latin) = match culture {
            Culture::Chinese => (
                format!("{}{number}号{room}室", street.local),
                format!("Room {room}, No. {number} {}", street.latin),
            ),
            Culture::American | Culture::British | Culture::French => {
                both(format!("{number} {}", street.latin))
            }
            Culture::German | Culture::Spanish => both(format!("{} {number}", street.latin)),
        };
        Self {
            street,
            street_latin,
            place,
            postal_code: postal_code(chance, culture, place.postal_prefix),
        }
    }
}

fn both(street: String) -> (String, String) {
    (street.clone(), street)
}

/// The city's prefix filled up with digits; British codes end with a digit and two letters.
fn postal_code(chance: &mut Chance, culture: Culture, prefix: &str) -> String {
    if culture == Culture::British {
        const LETTERS: &[u8] = b"ABDEFGHJLNPQRSTUWXYZ";
        let district = 1 + chance.below(19);
        let sector = 1 + chance.below(9);
        let (one, two) = (*chance.pick(LETTERS), *chance.pick(LETTERS));
        return format!(
            "{prefix}{district} {sector}{}{}",
            char::from(one),
            char::from(two)
        );
    }
    let width = if culture == Culture::Chinese { 6 } else { 5 } - prefix.len();
    let range = [1, 10, 100, 1000, 10_000][width];
    // Zero is no house of anybody's: begin with one.
    format!("{prefix}{:0width$}", 1 + chance.below(range - 1))
}
