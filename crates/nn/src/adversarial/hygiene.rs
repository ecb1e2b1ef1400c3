//! Taking out of a text what no honest writer puts in, before a model reads it.

use unicode_normalization::UnicodeNormalization;

use super::look_alikes::in_latin;

/// The text with compatibility forms folded (full-width letters among them), invisible and
/// direction-turning characters left out where they mean nothing, and look-alike letters of other
/// scripts put back into Latin. Cleaning what is clean changes nothing.
///
/// Greek and Cyrillic look-alikes are put back where they touch Latin letters, and where whole words of
/// them stand among Latin words alone. A Russian or Greek text stays as it is, and so does a word of
/// either that a Latin text quotes, if one of its letters does not look Latin.
pub fn clean_text(text: &str) -> String {
    let mut clean = in_latin(&visible(text));
    loop {
        // What was taken out may have kept an accent from its letter or a letter from its word.
        let again = in_latin(&visible(&clean));
        if again == clean {
            return clean;
        }
        clean = again;
    }
}

/// The text with compatibility forms folded and without what nobody sees.
fn visible(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    for c in text.nfkc() {
        let is_kept = if is_joiner(c) {
            seen.chars().next_back().is_some_and(is_joined)
        } else {
            !is_invisible(c)
        };
        if is_kept {
            seen.push(c);
        }
    }
    seen
}

/// Characters that are not drawn: without width, turning the direction of writing, fillers, tags.
///
/// Those of flags and of rare forms of Chinese characters are among them: a whole hidden text can be
/// written in them, and what is left means the same to a model.
///
/// Source: Unicode's `Default_Ignorable_Code_Point`, and annotations of lines, less the signs of
/// Mongolian forms.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Those that say whether letters or signs are drawn as one, and whether a sign is drawn in color.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}')
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
    use proptest::prelude::*;

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
    fn one_foreign_letter_does_not_switch_cleaning_off() {
        // The first o of "money" is Greek, all else that is foreign is Cyrillic.
        for more in ["", " ж", " λ", "ж"] {
            let text = format!("Сlаim yоur mοney{more}");
            assert_eq!(clean_text(&text), format!("Claim your money{more}"));
        }
    }

    #[test]
    fn nothing_invisible_stays() {
        for c in [
            '\u{34f}',
            '\u{61c}',
            '\u{180e}',
            '\u{3164}',
            '\u{200d}',
            '\u{fe0f}',
            '\u{e0001}',
            '\u{e0041}',
            '\u{e007f}',
            '\u{e0100}',
        ] {
            assert_eq!(clean_text(&format!("p{c}ay")), "pay", "{c:?}");
        }
        assert_eq!(clean_text("❤\u{fe0f}"), "❤\u{fe0f}");
    }

    #[test]
    fn what_was_kept_apart_comes_together() {
        assert_eq!(clean_text("caf\u{65}\u{200b}\u{301}"), "café");
        // A Cyrillic letter, put back, takes its accent.
        assert_eq!(clean_text("caf\u{435}\u{301}"), "café");
    }

    #[test]
    fn a_text_that_is_turned_around_is_read_as_it_is_stored() {
        assert_eq!(
            clean_text("pay \u{202e}exe.fdp\u{202c} now"),
            "pay exe.fdp now"
        );
    }

    proptest! {
        #[test]
        fn cleaning_twice_is_cleaning_once(
            text in "[a-e ＡοαжаеТ\u{ad}\u{200b}\u{200d}\u{301}\u{323}\u{338}\u{644}\u{655}=👩\u{fe0f}\u{e0041}]{0,24}",
        ) {
            let once = clean_text(&text);
            prop_assert_eq!(clean_text(&once), once);
        }

        #[test]
        fn plain_latin_text_stays(text in "[ -~]{0,40}") {
            prop_assert_eq!(clean_text(&text), text);
        }
    }
}
