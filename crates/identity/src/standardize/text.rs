//! Texts in general: folded words parted by single blanks.

use rapport_domain::writing::fold;

/// Words of people who have nothing to say, folded.
const PLACEHOLDERS: [&str; 16] = [
    "na", "n/a", "n.a.", "none", "null", "nil", "nan", "unknown", "not known", "-", "--", "?", "tbc", "tba",
    "无", "未知",
];

/// Whether a value stands for "no value".
pub(super) fn is_placeholder(value: &str) -> bool {
    // Placeholders are short, and folding costs.
    value.len() <= 12 && {
        let folded = fold(value);
        PLACEHOLDERS.contains(&folded.as_str())
    }
}

/// Folded letters and digits, words parted by single blanks.
pub fn words(value: &str) -> String {
    words_of_folded(&fold(value))
}

/// The same of a text that is folded already.
pub(super) fn words_of_folded(folded: &str) -> String {
    let mut words = String::with_capacity(folded.len());
    for c in folded.chars() {
        if c.is_alphanumeric() {
            words.push(c);
        } else if is_silent(c) {
            // O'Neill is one word, however the apostrophe is written or forgotten.
        } else if !words.is_empty() && !words.ends_with(' ') {
            words.push(' ');
        }
    }
    words.truncate(words.trim_end().len());
    words
}

/// Signs that part no words.
const fn is_silent(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '´' | 'ʼ')
}

/// A number in one form: sign, digits, point; thousands may be parted by commas or blanks.
pub(super) fn number(value: &str) -> Option<String> {
    let folded = fold(value);
    let digits: String = folded
        .chars()
        .filter(|c| !matches!(c, ',' | ' ' | '\u{a0}' | '$' | '€' | '£' | '¥'))
        .collect();
    let number: f64 = digits.parse().ok()?;
    number.is_finite().then(|| number.to_string())
}
