//! Names of people: titles left out, Chinese names parted into surname and given name, and what their
//! characters sound like.

use rapport_domain::writing::{fold, is_ideograph, syllable};

use super::nicknames;
use super::text::words_of_folded;

/// Titles and honors beside a name, folded, without points.
const TITLES: [&str; 30] = [
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "lord", "lady", "rev", "reverend",
    "hon", "herr", "frau", "dipl", "ing", "mag", "phd", "md", "mba", "esq", "jr", "sr", "ii", "iii", "mme", "mlle",
];

/// Titles after a Chinese name, longest first.
const CHINESE_TITLES: [&str; 12] = [
    "先生", "女士", "小姐", "太太", "老师", "教授", "博士", "医生", "经理", "总监", "同志", "夫人",
];

/// Surnames of two characters, simplified.
const COMPOUND_SURNAMES: [&str; 40] = [
    "欧阳", "司马", "上官", "诸葛", "司徒", "东方", "独孤", "南宫", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "令狐",
    "长孙", "宇文", "轩辕", "端木", "百里", "东郭", "呼延", "闻人", "澹台", "公冶", "宗政", "濮阳", "淳于", "单于",
    "太叔", "申屠", "仲孙", "钟离", "鲜于", "闾丘", "西门", "第五", "拓跋", "赫连", "完颜", "万俟",
];

/// A given name or a surname.
pub(super) fn part(value: &str) -> String {
    let folded = fold(value);
    if folded.chars().any(is_ideograph) {
        return ideographs(&folded);
    }
    without_titles(&words_of_folded(&folded))
}

/// A whole name: words in the order in which they stand; a Chinese name as surname and given name.
pub(super) fn full(value: &str) -> String {
    let folded = fold(value);
    if !folded.chars().any(is_ideograph) {
        // "King, Ada" is parted like "Ada King": the order of words is nothing to go by.
        return without_titles(&words_of_folded(&folded));
    }
    let name = ideographs(&folded);
    if name.contains(' ') || name.chars().count() < 2 || !name.chars().all(is_ideograph) {
        return name;
    }
    let compound = COMPOUND_SURNAMES
        .iter()
        .find(|surname| name.starts_with(**surname) && name.len() > surname.len());
    let n_bytes = compound.map_or_else(
        || name.chars().next().map_or(0, char::len_utf8),
        |surname| surname.len(),
    );
    format!("{} {}", &name[..n_bytes], &name[n_bytes..])
}

/// Chinese without titles and without blanks inside of it.
fn ideographs(folded: &str) -> String {
    let words = words_of_folded(folded);
    let mut name = words.as_str();
    for title in CHINESE_TITLES {
        match name.strip_suffix(title) {
            Some(rest) if !rest.is_empty() => name = rest.trim_end(),
            _ => {}
        }
    }
    name.to_owned()
}

fn without_titles(words: &str) -> String {
    let is_title = |word: &&str| TITLES.contains(word);
    let kept: Vec<&str> = words.split(' ').filter(|word| !is_title(word)).collect();
    if kept.is_empty() {
        // "Miss" may be all there is, and then it is the name.
        return words.to_owned();
    }
    kept.join(" ")
}

/// What a name sounds like in Latin letters, one word for each of its words; `None` without Chinese.
///
/// 欧阳 娜娜 is `ouyang nana`, so that pinyin in either order is compared word by word.
pub fn romanized(standard: &str) -> Option<String> {
    if standard.is_ascii() || !standard.chars().any(is_ideograph) {
        return None;
    }
    let mut latin = String::with_capacity(standard.len() * 2);
    for c in standard.chars() {
        match syllable(c) {
            Some(syllable) => latin.push_str(syllable),
            None => latin.push(c),
        }
    }
    Some(latin)
}

/// The full form that a nickname stands for, or the name itself.
pub fn canonical_given_name(name: &str) -> &str {
    nicknames::full_form(name).unwrap_or(name)
}
