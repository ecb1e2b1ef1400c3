//! E-mail addresses at domains that are reserved for examples, so that nobody is written to.

use crate::chance::Chance;

/// Which of a person's addresses it is; the two draw from different domains and cannot collide.
pub(crate) const FIRST_DOMAINS: [&str; 3] = ["example.com", "example.net", "mail.example.com"];
pub(crate) const SECOND_DOMAINS: [&str; 2] = ["example.org", "mail.example.org"];

/// A private address: a form of the name and a number that nobody else has.
pub(crate) fn address_of(
    chance: &mut Chance,
    (given, family): (&str, &str),
    unique: u64,
    domains: &[&str],
) -> String {
    let (given, family) = (fold(given), fold(family));
    let initial = given.get(..1).unwrap_or_default();
    let domain = chance.pick(domains);
    match chance.below(5) {
        0 => format!("{given}.{family}{unique}@{domain}"),
        1 => format!("{family}{given}{unique}@{domain}"),
        2 => format!("{initial}{family}{unique}@{domain}"),
        3 => format!("{given}_{unique}@{domain}"),
        _ => format!("{family}.{given}.{unique}@{domain}"),
    }
}

/// An address at a company; `seat` is unique among its people.
pub(crate) fn company_address(given: &str, family: &str, seat: u64, domain: &str) -> String {
    format!("{}.{}{seat}@{domain}", fold(given), fold(family))
}

/// Lower-case ASCII letters and digits; umlauts and accents are spelled out or dropped.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => folded.push(c),
            'ä' => folded.push_str("ae"),
            'ö' => folded.push_str("oe"),
            'ü' => folded.push_str("ue"),
            'ß' => folded.push_str("ss"),
            'à' | 'á' | 'â' | 'ã' => folded.push('a'),
            'è' | 'é' | 'ê' | 'ë' => folded.push('e'),
            'ì' | 'í' | 'î' | 'ï' => folded.push('i'),
            'ò' | 'ó' | 'ô' => folded.push('o'),
            'ù' | 'ú' | 'û' => folded.push('u'),
            'ç' => folded.push('c'),
            'ñ' => folded.push('n'),
            _ => {}
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_beyond_ascii_are_spelled_out() {
        assert_eq!(fold("Jürgen Weiß"), "juergenweiss");
        assert_eq!(fold("Élodie O'Brien"), "elodieobrien");
    }
}
