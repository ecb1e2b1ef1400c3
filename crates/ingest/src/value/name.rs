//! People's names: tidied, split, put together.

use super::text;

/// A name in its parts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameParts {
    /// Given name.
    pub first: Option<String>,
    /// Family name.
    pub last: Option<String>,
}

const TITLES: [&str; 12] = [
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "dame", "herr", "frau", "madame",
];

const SUFFIXES: [&str; 8] = ["jr", "sr", "ii", "iii", "iv", "phd", "md", "esq"];

/// Words that belong to the family name which follows.
const PARTICLES: [&str; 20] = [
    "van", "von", "de", "der", "den", "del", "della", "di", "da", "dos", "das", "du", "la", "le",
    "bin", "ibn", "al", "el", "ter", "zu",
];

/// Chinese family names of two characters; all others have one.
const COMPOUND_SURNAMES: [&str; 24] = [
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "司空",
    "夏侯", "宇文", "长孙", "端木", "独孤", "南宫", "轩辕", "申屠", "闻人", "呼延", "百里", "澹台",
];

/// The name with half-width letters and single blanks.
pub fn tidy(name: &str) -> String {
    let name = text::half_width(text::trim(name));
    let words: Vec<_> = name.split_whitespace().collect();
    words.join(" ")
}

/// Splits a [tidy] full name.
///
/// Chinese names have the family name first. Of Western names the last word is the family name,
/// with the particles before it; `King, Ada` is turned around; titles and suffixes are left out.
pub fn split(name: &str) -> NameParts {
    if is_chinese(name) {
        return split_chinese(name);
    }
    if let Some((last, first)) = name.split_once(',') {
        let is_suffix = is_one_of(first.trim(), &SUFFIXES);
        return if is_suffix {
            split(last.trim())
        } else {
            parts(first.trim(), last.trim())
        };
    }
    let mut words: Vec<&str> = name.split(' ').collect();
    while words.len() > 1 && is_one_of(words[0], &TITLES) {
        words.remove(0);
    }
    while words.len() > 2 && is_one_of(words[words.len() - 1], &SUFFIXES) {
        words.pop();
    }
    let mut family = words.len().saturating_sub(1);
    while family > 1 && is_one_of(words[family - 1], &PARTICLES) {
        family -= 1;
    }
    if words.len() < 2 {
        return parts(&words.join(" "), "");
    }
    parts(&words[..family].join(" "), &words[family..].join(" "))
}

/// One name of its two parts, in the order of its language; `None` where both are empty.
pub fn join(first: Option<&str>, last: Option<&str>) -> Option<String> {
    match (first, last) {
        (Some(first), Some(last)) if is_chinese(first) && is_chinese(last) => {
            Some(format!("{last}{first}"))
        }
        (Some(first), Some(last)) => Some(format!("{first} {last}")),
        (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
        (None, None) => None,
    }
}

/// Whether the text could be the name of a person: letters without digits, a few words.
pub(crate) fn is_plausible(name: &str) -> bool {
    if is_chinese(name) {
        return (2..=4).contains(&name.chars().count());
    }
    let n_words = name.split_whitespace().count();
    // Nobody is written in capitals only, but goods are.
    (2..=5).contains(&n_words)
        && name.contains(char::is_lowercase)
        && name.chars().count() <= 60
        && name
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | '-' | '\'' | '’' | ','))
}

fn is_chinese(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| text::is_hanzi(c) || c == '·')
}

fn split_chinese(name: &str) -> NameParts {
    // A foreign name in Chinese, given name first: 艾达·金.
    if let Some((first, last)) = name.rsplit_once('·') {
        return parts(first, last);
    }
    let n_chars = name.chars().count();
    let is_compound = n_chars > 2 && COMPOUND_SURNAMES.iter().any(|s| name.starts_with(s));
    let n_family = if is_compound { 2 } else { 1 };
    let at = name
        .char_indices()
        .nth(n_family)
        .map_or(name.len(), |(at, _)| at);
    if n_chars == 1 {
        return parts("", name);
    }
    parts(&name[at..], &name[..at])
}

fn parts(first: &str, last: &str) -> NameParts {
    let some = |part: &str| (!part.is_empty()).then(|| part.to_owned());
    NameParts {
        first: some(first),
        last: some(last),
    }
}

fn is_one_of(word: &str, words: &[&str]) -> bool {
    let word = word.trim_end_matches('.');
    words.iter().any(|known| known.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(name: &str, first: &str, last: &str) {
        assert_eq!(split(&tidy(name)), parts(first, last), "{name}");
    }

    #[test]
    fn western_names_are_split_at_the_family_name() {
        check("Ada King", "Ada", "King");
        check("  Ada   Byron King ", "Ada Byron", "King");
        check("King, Ada", "Ada", "King");
        check("Dr. Ludwig van Beethoven", "Ludwig", "van Beethoven");
        check("Martin Luther King Jr.", "Martin Luther", "King");
        check("King, Jr.", "King", "");
        check("Ada", "Ada", "");
        check("Ｂｏｂ　Ｒａｙ", "Bob", "Ray");
    }

    #[test]
    fn chinese_names_have_the_family_name_first() {
        check("张伟", "伟", "张");
        check("欧阳修", "修", "欧阳");
        check("王小明", "小明", "王");
        check("艾达·金", "艾达", "金");
    }

    #[test]
    fn parts_are_joined_in_the_order_of_their_language() {
        assert_eq!(join(Some("伟"), Some("张")).as_deref(), Some("张伟"));
        assert_eq!(join(Some("Ada"), Some("King")).as_deref(), Some("Ada King"));
        assert_eq!(join(None, Some("King")).as_deref(), Some("King"));
        assert_eq!(join(None, None), None);
    }

    #[test]
    fn plausible_names_are_told_from_other_texts() {
        assert!(is_plausible("Ada King"));
        assert!(is_plausible("张伟"));
        assert!(!is_plausible("WHITE METAL LANTERN 12"));
        assert!(!is_plausible("上海市浦东新区"));
    }

    proptest! {
        #[test]
        fn any_text_can_be_split(name in ".{0,30}") {
            split(&tidy(&name));
        }
    }
}
