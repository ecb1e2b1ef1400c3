//! Taking out of a text what no honest writer puts in, before a model reads it.

use unicode_normalization::UnicodeNormalization;

use super::text::looks_like;

/// The text with compatibility forms folded (full-width letters among them), invisible and
/// direction-turning characters left out where they mean nothing, and look-alike letters of other scripts put back into Latin.
///
/// Look-alikes are only put back where all foreign letters of a Latin text are look-alikes: a Russian
/// or Greek text, or one that quotes a word of either, stays as it is.
pub fn clean_text(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    for c in text.nfkc() {
        if !is_invisible(c) || is_joiner(c) && seen.chars().next_back().is_some_and(is_joined) {
            seen.push(c);
        }
    }
    let has_latin = seen.chars().any(|c| c.is_ascii_alphabetic());
    let is_disguised = |c: char| !is_foreign(c) || looks_like(c).is_some();
    if has_latin && seen.chars().all(is_disguised) {
        return seen.chars().map(|c| looks_like(c).unwrap_or(c)).collect();
    }
    seen
}

/// Of the scripts that have letters like the Latin ones: Greek and Cyrillic.
fn is_foreign(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{52f}') && c.is_alphabetic()
}

/// Characters without width, and those that turn the direction of writing (Unicode's general
/// punctuation), the byte order mark and the soft hyphen.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}' | '\u{feff}'
    )
}

/// The two that say whether letters or signs are drawn as one.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// What honest writers join: letters of Arabic and Indic scripts (Persian parts words so), and emoji.
fn is_joined(c: char) -> bool {
    matches!(
        c,
        '\u{600}'..='\u{dff}' | '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adversarial::{TextAttack, attack_text};

    const TEXT: &str = "Please send the invoice 42 again. 请退款";

    fn cleaned(attack: TextAttack) -> String {
        let mut rng = rapport_learn::rng(1, "attack");
        clean_text(&attack_text(TEXT, attack, 0.5, &mut rng))
    }

    #[test]
    fn disguises_are_taken_off() {
        for attack in [
            TextAttack::Homoglyphs,
            TextAttack::ZeroWidth,
            TextAttack::FullWidth,
        ] {
            assert_eq!(cleaned(attack), TEXT, "{attack:?}");
        }
    }

    #[test]
    fn honest_texts_of_other_scripts_stay() {
        for text in [
            "Привет, как дела?",
            "Hello Москва",
            "σ-algebra",
            "请退款，谢谢",
            "می\u{200c}خواهم",
            "thank you 👩\u{200d}💻",
        ] {
            let nfkc: String = text.nfkc().collect();
            assert_eq!(clean_text(text), nfkc);
        }
    }

    #[test]
    fn a_text_that_is_turned_around_is_read_as_it_is_stored() {
        assert_eq!(
            clean_text("pay \u{202e}exe.fdp\u{202c} now"),
            "pay exe.fdp now"
        );
    }
}
