//! Trimming, full-width characters, and the spellings of "nothing".

use std::borrow::Cow;

/// The text without white space and invisible characters around it.
pub fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{200B}'..='\u{200F}')
    })
}

/// The text trimmed, [unmarked](unmark), full-width forms as their half-width ones.
///
/// For values with a form (ids, numbers, dates, addresses); prose keeps its full-width punctuation.
pub fn clean(text: &str) -> Cow<'_, str> {
    match half_width(trim(text)) {
        Cow::Borrowed(text) => Cow::Borrowed(unmark(text)),
        Cow::Owned(text) => Cow::Owned(unmark(trim(&text)).to_owned()),
    }
}

/// Full-width forms (U+FF01 to U+FF5E, U+3000) as their half-width ones, as NFKC does.
pub fn half_width(text: &str) -> Cow<'_, str> {
    let is_wide = |c: char| matches!(c, '\u{FF01}'..='\u{FF5E}' | '\u{3000}');
    if text.is_ascii() || !text.contains(is_wide) {
        return Cow::Borrowed(text);
    }
    let narrow = |c: char| match c {
        '\u{3000}' => ' ',
        c if is_wide(c) => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => c,
    };
    Cow::Owned(text.chars().map(narrow).collect())
}

/// The text without the apostrophe by which spreadsheets mark a text that looks like a number or a
/// formula.
pub fn unmark(text: &str) -> &str {
    let marks = |c: char| c.is_ascii_digit() || "+-=@".contains(c);
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(marks) => rest,
        _ => text,
    }
}

/// Whether a value with a form is left out: empty, or one of the words that databases and people
/// write for nothing.
pub fn is_nothing(text: &str) -> bool {
    const WORDS: [&str; 14] = [
        "-",
        "--",
        "n/a",
        "#n/a",
        "null",
        "(null)",
        "none",
        "nil",
        "nan",
        "\\n",
        "undefined",
        "无",
        "暂无",
        "未知",
    ];
    text.is_empty() || (text.len() <= 9 && WORDS.iter().any(|word| word.eq_ignore_ascii_case(text)))
}

/// Whether the character is a Chinese one (the unified ideographs and their first extension).
pub fn is_hanzi(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{20000}'..='\u{323AF}' | '〇')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_cleaned() {
        assert_eq!(clean("  ＡＢ－１２　"), "AB-12");
        assert_eq!(clean("'8779112349876"), "8779112349876");
        assert_eq!(clean("'+8801712345678"), "+8801712345678");
        assert_eq!(clean("'quoted'"), "'quoted'");
        assert_eq!(clean("\u{feff}a\u{200b}"), "a");
    }

    #[test]
    fn words_for_nothing_are_known() {
        for text in ["", "NULL", "n/a", "NaN", "\\N", "暂无", "-"] {
            assert!(is_nothing(text), "{text}");
        }
        assert!(!is_nothing("NA"), "Namibia's code is a value");
        assert!(!is_nothing("0"));
    }
}
