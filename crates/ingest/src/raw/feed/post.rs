//! An entry of a feed: what its elements say, whichever of the formats they are of.

use mail_parser::decoders::html::html_to_text;

use super::super::entry::{HEADER_CHARS_MAX, TEXT_CHARS_MAX, bounded, key};

/// The columns of a feed. The preset `feed` maps them; those that feed no field become properties of the
/// event.
pub(crate) const COLUMNS: [&str; 11] = [
    "message_id",
    "event",
    "date",
    "author",
    "author_email",
    "author_url",
    "title",
    "text",
    "link",
    "categories",
    "feed",
];

/// Bytes of a text that are read as markup: nested a million deep it costs no more than its length, but
/// nobody reads that.
const MARKUP_BYTES_MAX: usize = 256 * 1024;

/// An entry.
#[derive(Debug, Default)]
pub(super) struct Post {
    /// Elements around it.
    depth: usize,
    id: String,
    published: String,
    updated: String,
    author: String,
    author_email: String,
    author_url: String,
    title: String,
    summary: String,
    content: String,
    link: String,
    categories: Vec<String>,
}

impl Post {
    /// An entry that stands so deep.
    pub(super) fn at(depth: usize) -> Self {
        Self {
            depth,
            ..Self::default()
        }
    }

    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// What is known of it, for people.
    pub(super) fn begun(&self) -> String {
        [&self.id, &self.title, &self.link]
            .map(String::as_str)
            .join("\n")
    }

    /// An element begins; Atom says links and categories in attributes.
    pub(super) fn start(&mut self, name: &str, attributes: &[(String, String)], depth: usize) {
        let of = |name: &str| {
            let found = attributes.iter().find(|(it, _)| it == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        match name {
            "link" if depth == self.depth + 1 => {
                let relation = of("rel");
                if self.link.is_empty() && (relation.is_empty() || relation == "alternate") {
                    self.link = of("href");
                }
            }
            "category" if depth == self.depth + 1 => {
                let label = [of("label"), of("term")];
                self.categories
                    .extend(label.into_iter().find(|it| !it.is_empty()));
            }
            // RSS 1.0 has its key there.
            "item" if depth == self.depth => self.id = of("rdf:about"),
            _ => {}
        }
    }

    /// An element ends, with the text that stood in it and the name of the one around it.
    pub(super) fn end(&mut self, name: &str, around: &str, depth: usize, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let put = |place: &mut String| {
            if place.is_empty() {
                text.clone_into(place);
            }
        };
        if depth == self.depth + 2 && around == "author" {
            match name {
                "name" => put(&mut self.author),
                "email" => put(&mut self.author_email),
                "uri" | "url" => put(&mut self.author_url),
                _ => {}
            }
            return;
        }
        if depth != self.depth + 1 {
            return;
        }
        match name {
            "guid" | "id" => text.clone_into(&mut self.id),
            "pubdate" | "published" | "date" | "issued" => put(&mut self.published),
            "updated" | "modified" => put(&mut self.updated),
            "creator" => put(&mut self.author),
            "author" if self.author.is_empty() => self.set_author(text),
            "title" => put(&mut self.title),
            "link" => put(&mut self.link),
            "description" | "summary" => put(&mut self.summary),
            "content" | "encoded" => put(&mut self.content),
            "category" | "subject" => self.categories.push(text.to_owned()),
            _ => {}
        }
    }

    /// RSS writes `ada@example.com (Ada King)`.
    fn set_author(&mut self, text: &str) {
        let (address, name) = match text.split_once('(') {
            Some((address, name)) => (address.trim(), name.trim_end_matches(')').trim()),
            None => (text, ""),
        };
        if address.contains('@') && !address.contains(char::is_whitespace) {
            address.clone_into(&mut self.author_email);
            name.clone_into(&mut self.author);
        } else {
            text.clone_into(&mut self.author);
        }
    }

    /// Its cells, one for each of [`COLUMNS`].
    pub(super) fn cells(&self, feed: &str) -> Vec<String> {
        let or = |a: &str, b: &str| {
            if a.is_empty() {
                b.to_owned()
            } else {
                a.to_owned()
            }
        };
        let header = |text: &str| bounded(text, HEADER_CHARS_MAX);
        vec![
            key(&header(&or(&self.id, &self.link))),
            "post_published".to_owned(),
            or(&self.published, &self.updated),
            header(&self.author),
            header(&self.author_email),
            header(&self.author_url),
            header(&plain(&self.title)),
            bounded(&plain(&or(&self.content, &self.summary)), TEXT_CHARS_MAX),
            header(&self.link),
            header(&self.categories.join("; ")),
            header(feed),
        ]
    }
}

/// The text without its markup.
fn plain(text: &str) -> String {
    if !text.contains(['<', '&']) {
        return text.trim().to_owned();
    }
    let mut end = text.len().min(MARKUP_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    html_to_text(&text[..end]).trim().to_owned()
}

/// The text that a reference stands for: `&amp;`, `&#20320;`. What nobody knows stays as it was.
pub(super) fn character(name: &str) -> String {
    let number = name
        .strip_prefix('#')
        .and_then(|number| match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => number.parse().ok(),
        });
    let found = number.and_then(char::from_u32).map(String::from);
    let named = || {
        let text = match name {
            "amp" => "&",
            "lt" => "<",
            "gt" => ">",
            "quot" => "\"",
            "apos" => "'",
            "nbsp" => " ",
            _ => return None,
        };
        Some(text.to_owned())
    };
    found.or_else(named).unwrap_or_else(|| format!("&{name};"))
}

/// A value of an attribute with its references written out.
pub(super) fn unescaped(value: &str) -> String {
    let mut text = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('&') {
        text.push_str(before);
        match after.split_once(';') {
            Some((name, after)) if name.len() <= 10 => {
                text.push_str(&character(name));
                rest = after;
            }
            _ => {
                text.push('&');
                rest = after;
            }
        }
    }
    text + rest
}
