//! Addresses: words with their usual abbreviations written out, so that `12 Main St.` is `12 main street`, and
//! Chinese ones as they are written in Latin letters, so that 桂花巷14号 is found beside `No. 14 Guihua Lane`.

use rapport_domain::writing::{is_ideograph, syllable};

use super::text::words;

/// An abbreviation and the word that it stands for.
const ABBREVIATIONS: [(&str, &str); 37] = [
    ("st", "street"),
    ("str", "street"),
    ("rd", "road"),
    ("ave", "avenue"),
    ("av", "avenue"),
    ("blvd", "boulevard"),
    ("dr", "drive"),
    ("ln", "lane"),
    ("ct", "court"),
    ("crt", "court"),
    ("pl", "place"),
    ("sq", "square"),
    ("cres", "crescent"),
    ("crs", "crescent"),
    ("cct", "circuit"),
    ("hwy", "highway"),
    ("pde", "parade"),
    ("tce", "terrace"),
    ("ter", "terrace"),
    ("terr", "terrace"),
    ("cl", "close"),
    ("gr", "grove"),
    ("gdns", "gardens"),
    ("pkwy", "parkway"),
    ("apt", "apartment"),
    ("ste", "suite"),
    ("fl", "floor"),
    ("bldg", "building"),
    ("mt", "mount"),
    ("ft", "fort"),
    ("vlge", "village"),
    ("retrmnt", "retirement"),
    ("strasse", "street"),
    ("straße", "street"),
    ("lu", "road"),
    ("jie", "street"),
    ("dadao", "avenue"),
];

/// Chinese for parts of an address, the longest first, and what stands for it in Latin letters.
const PARTS: [(&str, &str); 20] = [
    ("大道", "avenue"),
    ("大街", "street"),
    ("胡同", "hutong"),
    ("单元", "unit"),
    ("路", "road"),
    ("街", "street"),
    ("巷", "lane"),
    ("弄", "lane"),
    ("号", "no"),
    ("室", "room"),
    ("楼", "building"),
    ("栋", "building"),
    ("幢", "building"),
    ("层", "floor"),
    ("区", "district"),
    ("县", "county"),
    ("镇", "town"),
    ("村", "village"),
    // What is understood is left out.
    ("省", ""),
    ("市", ""),
];

/// Places whose characters are read in another way than alone, or that have a name of their own.
const PLACES: [(&str, &str); 16] = [
    ("重庆", "chongqing"),
    ("厦门", "xiamen"),
    ("成都", "chengdu"),
    ("长沙", "changsha"),
    ("长春", "changchun"),
    ("长江", "changjiang"),
    ("长安", "changan"),
    ("长宁", "changning"),
    ("朝阳", "chaoyang"),
    ("哈尔滨", "harbin"),
    ("乌鲁木齐", "urumqi"),
    ("呼和浩特", "hohhot"),
    ("拉萨", "lhasa"),
    ("香港", "hong kong"),
    ("澳门", "macau"),
    ("台北", "taipei"),
];

/// Folded words with abbreviations written out. A first word is left alone: "St James" is a saint.
pub(super) fn standardize(value: &str) -> String {
    let words = words(value);
    let mut standard = String::with_capacity(words.len() + 8);
    for (idx, word) in words.split(' ').enumerate() {
        let full = ABBREVIATIONS
            .iter()
            .find(|(short, _)| idx > 0 && *short == word);
        if idx > 0 {
            standard.push(' ');
        }
        standard.push_str(full.map_or(word, |(_, full)| full));
    }
    standard
}

/// A Chinese address in Latin letters, its parts in the order in which they stand; `None` without Chinese.
///
/// 桂花巷14号2003室 is `guihua lane 14 no 2003 room`, which has the words of "Room 2003, No. 14 Guihua Lane".
pub fn romanized_address(standard: &str) -> Option<String> {
    if standard.is_ascii() || !standard.chars().any(is_ideograph) {
        return None;
    }
    let mut words: Vec<String> = Vec::new();
    let mut rest = standard;
    // Whether the word before is one that a part may follow, and whether it may go on.
    let (mut takes_part, mut goes_on) = (false, false);
    while let Some(c) = rest.chars().next() {
        let place = PLACES.iter().find(|(chinese, _)| rest.starts_with(chinese));
        let part = PARTS
            .iter()
            .find(|(chinese, _)| takes_part && rest.starts_with(chinese));
        if let Some((chinese, latin)) = place.or(part) {
            words.push((*latin).to_owned());
            rest = &rest[chinese.len()..];
            (takes_part, goes_on) = (place.is_some(), false);
            continue;
        }
        rest = &rest[c.len_utf8()..];
        if c == ' ' {
            goes_on = false;
            continue;
        }
        let sound = syllable(c).map_or_else(|| c.to_string(), str::to_owned);
        match words.last_mut() {
            Some(word) if goes_on && is_number(word) == c.is_ascii_digit() => word.push_str(&sound),
            _ => words.push(sound),
        }
        (takes_part, goes_on) = (true, true);
    }
    words.retain(|word| !word.is_empty());
    (!words.is_empty()).then(|| words.join(" "))
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}
