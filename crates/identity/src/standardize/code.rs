//! Codes: postcodes, house numbers, numbers of documents; letters and digits without what parts them.

use rapport_domain::writing::fold;

pub(super) fn standardize(value: &str) -> String {
    let folded = fold(value);
    // A spreadsheet writes 4011 as 4011.0.
    let folded = match folded.strip_suffix(".0") {
        Some(whole) if whole.bytes().all(|b| b.is_ascii_digit()) => whole,
        _ => &folded,
    };
    folded.chars().filter(|c| c.is_alphanumeric()).collect()
}
