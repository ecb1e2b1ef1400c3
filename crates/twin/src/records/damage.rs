//! Damage to records: the slips of people who type, each remembered by name for the truth files.

use crate::chance::Chance;
use crate::people::{Culture, Person};
use crate::words::Words;

/// What was done to a record, by the names of the truth files.
#[derive(Debug, Clone, Default)]
pub(crate) struct Damage(Vec<&'static str>);

impl Damage {
    pub(crate) fn add(&mut self, kind: &'static str) {
        self.0.push(kind);
    }

    /// The kinds joined by `+`; empty for a clean record.
    pub(crate) fn text(&self) -> String {
        self.0.join("+")
    }
}

/// A name as it was typed.
#[derive(Debug, Clone)]
pub(crate) struct TypedName {
    pub(crate) given: String,
    pub(crate) family: String,
    pub(crate) is_local_script: bool,
}

impl TypedName {
    /// The name as its bearer writes it; Chinese names in pinyin where `is_latin`.
    pub(crate) fn of(person: &Person, is_latin: bool) -> Self {
        let (given, family) = if is_latin {
            (&person.given_latin, person.family_latin)
        } else {
            (&person.given, person.family)
        };
        Self {
            given: given.clone(),
            family: family.to_owned(),
            is_local_script: !is_latin && person.culture == Culture::Chinese,
        }
    }

    /// Lets mistakes happen, each kind with the given chance.
    pub(crate) fn damage(
        &mut self,
        chance: &mut Chance,
        words: &Words,
        noise_permille: u32,
        damage: &mut Damage,
    ) {
        if chance.permille(noise_permille) {
            damage.add("name_typo");
            self.mistype(chance, words);
        }
        if chance.permille(noise_permille / 2) {
            damage.add("name_swapped");
            std::mem::swap(&mut self.given, &mut self.family);
        } else if !self.is_local_script && chance.permille(noise_permille / 2) {
            damage.add("name_initial");
            let end = self.given.chars().next().map_or(0, char::len_utf8);
            self.given.truncate(end);
            self.given.push('.');
        }
    }

    /// A wrong letter; in Chinese a wrong character of the given name.
    fn mistype(&mut self, chance: &mut Chance, words: &Words) {
        if self.is_local_script {
            self.given = words.given.pick(chance).local.to_owned();
        } else if chance.permille(500) {
            self.given = slip(chance, &self.given);
        } else {
            self.family = slip(chance, &self.family);
        }
    }

    /// The whole name in the order of its script.
    pub(crate) fn full(&self) -> String {
        if self.is_local_script {
            format!("{}{}", self.family, self.given)
        } else {
            format!("{} {}", self.given, self.family)
        }
    }
}

/// Swaps, drops, doubles or replaces one letter after the first; words of one letter stay.
fn slip(chance: &mut Chance, word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let n = u32::try_from(letters.len()).expect("names are short");
    if n < 3 {
        return word.to_owned();
    }
    let at = 1 + chance.below(n - 2) as usize;
    match chance.below(4) {
        0 => letters.swap(at, at + 1),
        1 => {
            letters.remove(at);
        }
        2 => letters.insert(at, letters[at]),
        _ => letters[at] = char::from(*chance.pick(b"aeiounrstlm")),
    }
    letters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Purpose;

    #[test]
    fn a_slip_changes_the_length_by_one_at_most_and_keeps_the_first_letter() {
        let mut chance = Chance::new(1, Purpose::Accounts, 0);
        for _ in 0..500 {
            let typed = slip(&mut chance, "Krüger");

            assert!(typed.starts_with('K'));
            assert!((5..=7).contains(&typed.chars().count()), "{typed}");
        }
        assert_eq!(slip(&mut chance, "Li"), "Li");
    }
}
