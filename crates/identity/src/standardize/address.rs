//! Addresses: words with their usual abbreviations written out, so that `12 Main St.` is `12 main street`.

use super::text::words;

/// An abbreviation and the word that it stands for.
const ABBREVIATIONS: [(&str, &str); 34] = [
    ("st", "street"), ("str", "street"), ("rd", "road"), ("ave", "avenue"), ("av", "avenue"), ("blvd", "boulevard"),
    ("dr", "drive"), ("ln", "lane"), ("ct", "court"), ("crt", "court"), ("pl", "place"), ("sq", "square"),
    ("cres", "crescent"), ("crs", "crescent"), ("cct", "circuit"), ("hwy", "highway"), ("pde", "parade"),
    ("tce", "terrace"), ("ter", "terrace"), ("terr", "terrace"), ("cl", "close"), ("gr", "grove"), ("gdns", "gardens"),
    ("pkwy", "parkway"), ("apt", "apartment"), ("ste", "suite"), ("fl", "floor"), ("bldg", "building"),
    ("mt", "mount"), ("ft", "fort"), ("vlge", "village"), ("retrmnt", "retirement"), ("strasse", "street"),
    ("straße", "street"),
];

/// Folded words with abbreviations written out. A first word is left alone: "St James" is a saint.
pub(super) fn standardize(value: &str) -> String {
    let words = words(value);
    let mut standard = String::with_capacity(words.len() + 8);
    for (idx, word) in words.split(' ').enumerate() {
        let full = ABBREVIATIONS.iter().find(|(short, _)| idx > 0 && *short == word);
        if idx > 0 {
            standard.push(' ');
        }
        standard.push_str(full.map_or(word, |(_, full)| full));
    }
    standard
}
