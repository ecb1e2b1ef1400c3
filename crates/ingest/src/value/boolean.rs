//! Yes and no.

use super::text;

const YES: [&str; 16] = [
    "true",
    "t",
    "yes",
    "y",
    "1",
    "on",
    "x",
    "✓",
    "✔",
    "subscribed",
    "opted in",
    "granted",
    "是",
    "有",
    "真",
    "同意",
];
const NO: [&str; 14] = [
    "false",
    "f",
    "no",
    "n",
    "0",
    "off",
    "unsubscribed",
    "not subscribed",
    "opted out",
    "withdrawn",
    "否",
    "无",
    "假",
    "不同意",
];

/// Reads a yes or a no; `None` where it is neither.
pub fn parse(value: &str) -> Option<bool> {
    let value = text::clean(value);
    let is_one_of = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(&value));
    if is_one_of(&YES) {
        Some(true)
    } else if is_one_of(&NO) {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_are_read() {
        for yes in ["TRUE", "Yes", "1", "是", " y "] {
            assert_eq!(parse(yes), Some(true), "{yes}");
        }
        for no in ["false", "NO", "０", "否"] {
            assert_eq!(parse(no), Some(false), "{no}");
        }
        assert_eq!(parse("maybe"), None);
    }
}
