//! Attacks on text as people and spammers make them: slips of the keys, look-alike letters, invisible
//! characters, full-width letters and pinyin.

use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// A way to write a text so that a person still reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextAttack {
    /// Two neighbors swapped, a letter left out, doubled or replaced by one beside it on the keyboard.
    Typos,
    /// Latin letters replaced by Cyrillic ones that look like them.
    Homoglyphs,
    /// Characters of no width put in.
    ZeroWidth,
    /// Latin letters, digits and marks replaced by their full-width forms.
    FullWidth,
    /// Chinese characters replaced by their pinyin.
    Pinyin,
}

impl TextAttack {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Typos,
        Self::Homoglyphs,
        Self::ZeroWidth,
        Self::FullWidth,
        Self::Pinyin,
    ];
}

/// The text with about this share of its characters attacked.
pub fn attack_text(text: &str, attack: TextAttack, share: f64, rng: &mut ChaCha8Rng) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut attacked = String::with_capacity(text.len() + 8);
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        at += 1;
        if rng.random::<f64>() >= share {
            attacked.push(c);
            continue;
        }
        match attack {
            TextAttack::Typos => {
                let next = chars.get(at).copied();
                at += slip(c, next, &mut attacked, rng);
            }
            TextAttack::Homoglyphs => attacked.push(look_alike(c).unwrap_or(c)),
            TextAttack::ZeroWidth => {
                const INVISIBLE: [char; 3] = ['\u{200b}', '\u{200c}', '\u{2060}'];
                attacked.push(c);
                attacked.extend(INVISIBLE.choose(rng));
            }
            TextAttack::FullWidth => attacked.push(full_width(c).unwrap_or(c)),
            TextAttack::Pinyin => match pinyin::ToPinyin::to_pinyin(&c) {
                Some(pinyin) => attacked.push_str(pinyin.plain()),
                None => attacked.push(c),
            },
        }
    }
    attacked
}

/// Writes one slip at a letter; gives how many of the characters after it were used up.
fn slip(c: char, next: Option<char>, to: &mut String, rng: &mut ChaCha8Rng) -> usize {
    if !c.is_alphabetic() {
        to.push(c);
        return 0;
    }
    match (rng.random_range(0..4), next) {
        (0, Some(next)) if next.is_alphabetic() => {
            to.extend([next, c]);
            1
        }
        (1, _) => 0,
        (2, _) => {
            to.extend([c, c]);
            0
        }
        _ => {
            to.push(beside(c, rng).unwrap_or(c));
            0
        }
    }
}

/// A letter beside this one on a keyboard.
fn beside(c: char, rng: &mut ChaCha8Rng) -> Option<char> {
    const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
    let row = ROWS
        .iter()
        .find(|row| row.contains(c.to_ascii_lowercase()))?;
    let at = row.find(c.to_ascii_lowercase())?;
    let neighbors: Vec<char> = [at.checked_sub(1), Some(at + 1)]
        .iter()
        .flatten()
        .filter_map(|at| row.chars().nth(*at))
        .collect();
    let neighbor = *neighbors.choose(rng)?;
    Some(if c.is_uppercase() {
        neighbor.to_ascii_uppercase()
    } else {
        neighbor
    })
}

const LATIN: &str = "aceopxyijsABCEHKMOPTXYI";
/// Cyrillic letters that look like those of [`LATIN`] in most fonts.
const CYRILLIC: &str = "асеорхуіјѕАВСЕНКМОРТХУІ";

/// A Cyrillic letter that looks the same.
fn look_alike(c: char) -> Option<char> {
    let at = LATIN.chars().position(|latin| latin == c)?;
    CYRILLIC.chars().nth(at)
}

/// The full-width form of a printable ASCII character.
fn full_width(c: char) -> Option<char> {
    c.is_ascii_graphic()
        .then(|| char::from_u32(u32::from(c) + 0xfee0))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Please send the invoice 42 again. 请退款";

    fn attacked(attack: TextAttack, share: f64) -> String {
        attack_text(TEXT, attack, share, &mut rapport_learn::rng(1, "attack"))
    }

    #[test]
    fn the_same_seed_makes_the_same_attack_and_no_share_makes_none() {
        for attack in TextAttack::ALL {
            assert_eq!(attacked(attack, 0.3), attacked(attack, 0.3));
            assert_ne!(attacked(attack, 0.9), TEXT, "{attack:?}");
            assert_eq!(attacked(attack, 0.0), TEXT);
        }
    }

    #[test]
    fn look_alikes_are_other_letters_of_the_same_count() {
        let text = attacked(TextAttack::Homoglyphs, 1.0);
        assert_eq!(text.chars().count(), TEXT.chars().count());
        assert!(text.starts_with("Рlеаѕе"), "{text}");
        assert_eq!(LATIN.chars().count(), CYRILLIC.chars().count());
    }

    #[test]
    fn invisible_characters_leave_the_text_when_taken_out() {
        let text = attacked(TextAttack::ZeroWidth, 0.5);
        let seen: String = text
            .chars()
            .filter(|c| !matches!(c, '\u{200b}' | '\u{200c}' | '\u{2060}'))
            .collect();
        assert_eq!(seen, TEXT);
        assert!(text.len() > TEXT.len());
    }

    #[test]
    fn full_width_letters_and_pinyin_replace_what_they_stand_for() {
        assert!(attacked(TextAttack::FullWidth, 1.0).starts_with("Ｐｌｅａｓｅ"));
        assert!(attacked(TextAttack::Pinyin, 1.0).ends_with("qingtuikuan"));
    }

    #[test]
    fn slips_stay_near_the_text() {
        let text = attacked(TextAttack::Typos, 0.2);
        let difference = text.chars().count().abs_diff(TEXT.chars().count());
        assert!(difference <= 4, "{text}");
        assert!(text.contains("42"), "digits do not slip: {text}");
    }
}
