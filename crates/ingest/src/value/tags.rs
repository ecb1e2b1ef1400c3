//! Labels in one cell.

use super::text;

/// What stands between labels.
const SEPARATORS: [char; 7] = [',', ';', '|', '、', '，', '；', '\n'];

/// The labels of a cell, split at commas, semicolons, bars and their Chinese kin, without repeats.
/// A JSON array of texts is taken as such.
pub fn parse(cell: &str) -> Vec<String> {
    if cell.trim_start().starts_with('[')
        && let Ok(tags) = serde_json::from_str::<Vec<String>>(cell)
    {
        return unique(tags.iter().map(String::as_str));
    }
    unique(cell.split(SEPARATORS))
}

/// Labels in one cell, which [`parse`] takes apart again: with semicolons between them, or as a JSON array
/// where one of them holds what would part it.
pub fn join(labels: &[impl AsRef<str>]) -> String {
    let labels: Vec<&str> = labels.iter().map(AsRef::as_ref).collect();
    let parts = |label: &&str| label.contains(SEPARATORS) || label.starts_with('[');
    if labels.iter().any(parts) {
        return serde_json::to_string(&labels).expect("texts are JSON");
    }
    labels.join("; ")
}

fn unique<'a>(parts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in parts.map(text::trim) {
        if !tag.is_empty() && !tags.iter().any(|known| known == tag) {
            tags.push(tag.to_owned());
        }
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_split_trimmed_and_unique() {
        assert_eq!(parse("vip, new;vip |  "), ["vip", "new"]);
        assert_eq!(parse("老客户、高价值，华东"), ["老客户", "高价值", "华东"]);
        assert_eq!(parse("[\"a, b\", \"c\"]"), ["a, b", "c"]);
        assert!(parse("").is_empty());
    }

    #[test]
    fn labels_that_are_joined_come_apart_as_they_were() {
        for labels in [
            &["vip", "press"][..],
            &["a, b", "c"],
            &["北京；上海"],
            &["[x]", "y"],
            &["x | y", "\"quoted\""],
        ] {
            assert_eq!(parse(&join(labels)), labels);
        }
        assert_eq!(join(&["vip", "press"]), "vip; press");
    }
}
