//! Labels in one cell.

use super::text;

/// The labels of a cell, split at commas, semicolons, bars and their Chinese kin, without repeats.
/// A JSON array of texts is taken as such.
pub fn parse(cell: &str) -> Vec<String> {
    if cell.trim_start().starts_with('[')
        && let Ok(tags) = serde_json::from_str::<Vec<String>>(cell)
    {
        return unique(tags.iter().map(String::as_str));
    }
    unique(cell.split([',', ';', '|', '、', '，', '；', '\n']))
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
}
