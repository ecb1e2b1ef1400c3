//! One form for texts that mean the same: width, case, accents and the two scripts of Chinese.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;

static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let pairs = include_str!("traditional.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace);
    pairs
        .filter_map(|pair| {
            let mut pair = pair.chars();
            pair.next().zip(pair.next())
        })
        .collect()
});

/// The form in which words are kept and looked up.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkd()
        .filter(|c| !is_accent(*c))
        .nfc()
        .flat_map(char::to_lowercase)
        .map(|c| SIMPLIFIED.get(&c).copied().unwrap_or(c))
        .collect()
}

/// Accents over Latin, Greek and Cyrillic letters, after they were taken apart.
const fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

/// Whether a character stands for a word or a syllable, so that texts are not parted by spaces.
pub const fn is_ideograph(c: char) -> bool {
    matches!(c,
        '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_the_same_has_one_form() {
        for (text, folded) in [
            ("ADA", "ada"),
            ("ＡＤＡ １３８", "ada 138"),
            ("José Ångström", "jose angstrom"),
            ("張偉 國際", "张伟 国际"),
            ("İ", "i"),
            ("ﬁnance", "finance"),
            ("한국", "한국"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }
}
