//! Where the pieces of a JSON text stand, told from its brackets and quotes alone, so that one broken
//! piece does not take those around it along, and a list need not be held as values.

use std::ops::Range;

/// The items of a list or the entries of an object.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::raw) struct Pieces<T> {
    pub(in crate::raw) pieces: Vec<T>,
    /// Whether the text ends before the list or the object does.
    pub(in crate::raw) is_cut: bool,
}

/// The key of an entry as it is written, without its quotes, and where its value stands.
pub(in crate::raw) type Entry = (String, Range<usize>);

/// Where the first value at or after a place begins.
pub(in crate::raw) fn begin(text: &[u8], at: usize) -> usize {
    let blank = text[at.min(text.len())..].iter();
    at + blank.take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// The items of the list that stands in a range.
pub(in crate::raw) fn items(text: &[u8], range: &Range<usize>) -> Pieces<Range<usize>> {
    let mut found = Pieces::default();
    let mut at = range.start + 1;
    loop {
        at = begin(text, at);
        match text.get(at) {
            None => {
                found.is_cut = true;
                return found;
            }
            Some(b']') => return found,
            Some(b',') => at += 1,
            Some(_) => {
                let end = end(text, at);
                found.pieces.push(at..end.unwrap_or(text.len()));
                let Some(end) = end else {
                    found.is_cut = true;
                    return found;
                };
                at = end;
            }
        }
    }
}

/// The entries of the object that stands in a range.
pub(in crate::raw) fn entries(text: &[u8], range: &Range<usize>) -> Pieces<Entry> {
    let mut found = Pieces::default();
    let mut at = range.start + 1;
    loop {
        at = begin(text, at);
        match text.get(at) {
            Some(b'}') => return found,
            Some(b',') => at += 1,
            Some(b'"') => {
                let Some(key_end) = end(text, at) else { break };
                let key = String::from_utf8_lossy(&text[at + 1..key_end - 1]).into_owned();
                let colon = begin(text, key_end);
                let value = begin(text, colon + 1);
                if text.get(colon) != Some(&b':') || value >= text.len() {
                    break;
                }
                let Some(value_end) = end(text, value) else {
                    found.pieces.push((key, value..text.len()));
                    break;
                };
                found.pieces.push((key, value..value_end));
                at = value_end;
            }
            _ => break,
        }
    }
    found.is_cut = true;
    found
}

/// Where the value that begins at a place ends; none where the text does before it.
fn end(text: &[u8], at: usize) -> Option<usize> {
    match text[at] {
        b'"' => string_end(text, at),
        b'{' | b'[' => nested_end(text, at),
        _ => {
            let is_end = |byte: &u8| b",]}".contains(byte) || byte.is_ascii_whitespace();
            let n = text[at..].iter().position(is_end)?;
            // What is no value at all is passed over all the same.
            Some(at + n.max(1))
        }
    }
}

fn string_end(text: &[u8], at: usize) -> Option<usize> {
    let mut is_escaped = false;
    let n = text[at + 1..].iter().position(|&byte| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    })?;
    Some(at + 1 + n + 1)
}

fn nested_end(text: &[u8], at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut place = at;
    while let Some(&byte) = text.get(place) {
        match byte {
            b'"' => {
                place = string_end(text, place)?;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(place + 1);
                }
            }
            _ => {}
        }
        place += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown<'a>(text: &'a str, ranges: &[Range<usize>]) -> Vec<&'a str> {
        ranges.iter().map(|range| &text[range.clone()]).collect()
    }

    #[test]
    fn pieces_are_found_whatever_stands_in_their_texts() {
        let list = r#" [ {"a": "]}\"" }, [1, 2], "x,y" , 3 ,null]"#;
        let found = items(list.as_bytes(), &(begin(list.as_bytes(), 0)..list.len()));
        assert_eq!(
            shown(list, &found.pieces),
            [r#"{"a": "]}\"" }"#, "[1, 2]", "\"x,y\"", "3", "null"]
        );
        assert!(!found.is_cut);

        let object = r#"{"a":1,"b" : {"c":[]}, "d":"}"}"#;
        let found = entries(object.as_bytes(), &(0..object.len()));
        let keys: Vec<&str> = found.pieces.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["a", "b", "d"]);
        assert!(!found.is_cut);
    }

    #[test]
    fn a_text_that_ends_early_keeps_the_pieces_before() {
        let list = "[{\"a\":1},{\"b\":";

        let found = items(list.as_bytes(), &(0..list.len()));

        assert_eq!(shown(list, &found.pieces), ["{\"a\":1}", "{\"b\":"]);
        assert!(found.is_cut);
        assert!(entries(b"{\"a\":1,\"b\"", &(0..10)).is_cut);
    }

    proptest! {
        #[test]
        fn any_bytes_are_passed_over(text in "[\\[\\]{}\",:\\\\ a1]{0,80}") {
            let text = format!("[{text}");
            items(text.as_bytes(), &(0..text.len()));
            entries(text.as_bytes(), &(0..text.len()));
        }
    }
}
