//! One JSON object as a flat list of keys and texts: nested keys joined by dots, numbers as they
//! are written, arrays as JSON text.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::json::Pairs;

/// Objects within objects are taken apart to this depth; what is deeper stays JSON text. Also
/// bounds the work on hostile input, since each level is read once more.
const MAX_DEPTH: usize = 8;

/// An object that stands for a list of one: WeCom names the colleague who asks so, and all of a contact's
/// colleagues by the other name.
const LIST_OF_ONE: (&str, &str) = ("follow_info", "follow_user");

/// Flattens the text of one object.
pub(super) fn object(text: &str) -> Result<Pairs, serde_json::Error> {
    let mut pairs = Pairs::new();
    flatten(text, "", 1, &mut pairs)?;
    Ok(pairs)
}

fn flatten(
    text: &str,
    prefix: &str,
    depth: usize,
    pairs: &mut Pairs,
) -> Result<(), serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let entries = deserializer.deserialize_map(Entries)?;
    deserializer.end()?;
    for (key, value) in entries {
        let key = format!("{prefix}{key}");
        let text = value.get();
        match text.as_bytes().first() {
            Some(b'{') if key == LIST_OF_ONE.0 => {
                pairs.push((LIST_OF_ONE.1.to_owned(), format!("[{text}]")));
            }
            Some(b'{') if depth < MAX_DEPTH && !is_empty_object(text) => {
                flatten(text, &format!("{key}."), depth + 1, pairs)?;
            }
            Some(b'"') => pairs.push((key, serde_json::from_str(text)?)),
            Some(b'n') => pairs.push((key, String::new())),
            _ => pairs.push((key, text.to_owned())),
        }
    }
    Ok(())
}

fn is_empty_object(text: &str) -> bool {
    text[1..].trim_start().starts_with('}')
}

/// Reads the entries of one object without looking into their values.
struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(entries)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nested_keys_are_joined_and_values_kept_as_written() {
        let text = r#"{"id": 1.50, "who": {"name": "Ada", "at": {"city": "London"}}, "tags": ["a", "b"], "x": {}, "y": null, "ok": true}"#;

        let pairs = object(text).unwrap();

        let pairs: Vec<_> = pairs
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect();
        let expected = [
            ("id", "1.50"),
            ("who.name", "Ada"),
            ("who.at.city", "London"),
            ("tags", r#"["a", "b"]"#),
            ("x", "{}"),
            ("y", ""),
            ("ok", "true"),
        ];
        assert_eq!(pairs, expected);
    }

    #[test]
    fn very_deep_objects_stay_text() {
        let deep = format!("{}1{}", "{\"a\":".repeat(50), "}".repeat(50));

        let pairs = object(&deep).unwrap();

        assert_eq!(pairs.len(), 1);
        assert_eq!(pairs[0].0, ["a"; 8].join("."));
    }

    proptest! {
        #[test]
        fn any_text_is_flattened_or_refused(text in ".{0,60}|\\{[\"a:{},\\[\\] 1]{0,60}\\}") {
            let _ = object(&text);
        }
    }
}
