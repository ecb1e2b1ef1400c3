//! A JSON document, held as text, and the list of objects in it that are its rows.

use std::io::Read;
use std::ops::Range;

use super::scan;
use crate::IngestError;
use crate::source::TextSource;

/// The longest document that is read, in bytes of text. One object a line may be of any length together.
pub const MAX_DOCUMENT_BYTES: usize = 64 * 1024 * 1024;

/// What answers of interfaces and exports call the list that matters.
const LISTS: [&str; 20] = [
    "data",
    "items",
    "results",
    "records",
    "rows",
    "list",
    "users",
    "tickets",
    "contacts",
    "customers",
    "people",
    "companies",
    "organizations",
    "leads",
    "deals",
    "orders",
    "products",
    "events",
    "external_contact_list",
    "external_contacts",
];

/// A document.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) text: Vec<u8>,
    /// Bytes of the source that it took.
    pub(crate) n_bytes: u64,
}

impl Document {
    /// Reads all of it.
    ///
    /// # Errors
    /// [`IngestError::JsonTooLarge`], and those of the source.
    pub(crate) fn open<R: Read>(mut source: TextSource<R>) -> Result<Self, IngestError> {
        let mut text = Vec::new();
        let mut block = vec![0; 64 * 1024];
        loop {
            match source.read_text(&mut block)? {
                0 => break,
                n => text.extend_from_slice(&block[..n]),
            }
            if text.len() > MAX_DOCUMENT_BYTES {
                return Err(IngestError::JsonTooLarge {
                    limit_bytes: MAX_DOCUMENT_BYTES as u64,
                });
            }
        }
        let n_bytes = source.n_bytes();
        Ok(Self { text, n_bytes })
    }

    /// Where the document's value stands: what a script of an export puts before it is passed over, such
    /// as `window.YTD.tweets.part0 = `.
    pub(crate) fn root(&self) -> Range<usize> {
        let begin = scan::begin(&self.text, 0);
        let begin = match self.text.get(begin) {
            Some(b'{' | b'[') | None => begin,
            Some(_) => {
                let value = self.text.iter().position(|byte| b"{[".contains(byte));
                value.unwrap_or(begin)
            }
        };
        begin..self.text.len()
    }

    /// Where its rows stand: the items of its list, else the document itself. The last one may be cut off.
    pub(crate) fn rows(&self) -> Vec<Range<usize>> {
        let root = self.root();
        if self.text.get(root.start) == Some(&b'[') {
            return scan::items(&self.text, &root).pieces;
        }
        let entries = scan::entries(&self.text, &root).pieces;
        let begins = |range: &Range<usize>, with: u8| self.text.get(range.start) == Some(&with);
        let holds_objects = |range: &Range<usize>| {
            begins(range, b'[')
                && self.text.get(scan::begin(&self.text, range.start + 1)) == Some(&b'{')
        };
        let mut lists = entries.iter().filter(|(_, range)| holds_objects(range));
        let named = LISTS.iter().find_map(|&name| {
            entries
                .iter()
                .find(|(key, range)| key == name && holds_objects(range))
        });
        let only = match (lists.next(), lists.next()) {
            (Some(only), None) if !entries.iter().any(|(_, range)| begins(range, b'{')) => {
                Some(only)
            }
            _ => None,
        };
        match named.or(only) {
            Some((_, list)) => scan::items(&self.text, list).pieces,
            None => vec![root],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<String> {
        let document = Document {
            text: text.as_bytes().to_vec(),
            n_bytes: 0,
        };
        let rows = document.rows().into_iter();
        rows.map(|range| text[range].trim().to_owned()).collect()
    }

    #[test]
    fn rows_are_the_items_of_the_list_that_matters() {
        assert_eq!(rows("[{\"a\":1}, {\"a\":2}]"), ["{\"a\":1}", "{\"a\":2}"]);
        assert_eq!(
            rows(
                "{\"count\":1,\"next\":{\"page\":2},\"users\":[{\"id\":1}],\"groups\":[{\"id\":9}]}"
            ),
            ["{\"id\":1}"]
        );
        assert_eq!(
            rows("{\"errcode\":0,\"anything\":[{\"id\":1}]}"),
            ["{\"id\":1}"]
        );
        assert_eq!(rows("window.x = [{\"a\":1}]"), ["{\"a\":1}"]);
    }

    #[test]
    fn an_object_with_one_record_is_its_row() {
        let one = "{\"external_contact\":{\"name\":\"Ada\"},\"follow_user\":[{\"userid\":\"li\"}]}";

        assert_eq!(rows(one), [one]);
    }
}
