//! The rows of a feed (RSS 2.0, RSS 1.0, Atom): one row for each entry.
//!
//! Markup is taken apart by `quick-xml`, which passes pieces of the text by; what an entry is, is decided
//! here. Rows are numbered from 1 and not by lines, since a feed may be one line.

mod bounded;
mod post;

use std::io::{self, BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

pub(crate) use post::COLUMNS;

use self::bounded::Bounded;
use self::post::Post;
use super::{RawRow, bad_row, entry};
use crate::IngestError;
use crate::source::TextSource;

/// Bytes of one entry, markup included. What is longer ends the feed: it cannot be passed over unread.
const ENTRY_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// Elements that stand within each other.
const DEPTH_MAX: usize = 200;

/// Rows of a feed, one by one.
pub(crate) struct FeedRows<R: Read> {
    reader: Reader<Bounded<BufReader<TextSource<R>>>>,
    columns: Vec<String>,
    /// Number of the next row.
    next: u64,
    /// Name of the feed.
    title: String,
    /// Elements that are open, from the outermost.
    open: Vec<String>,
    is_over: bool,
    n_bytes: u64,
}

impl<R: Read> std::fmt::Debug for FeedRows<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FeedRows")
            .field("next", &self.next)
            .finish()
    }
}

impl<R: Read> FeedRows<R> {
    pub(crate) fn open(text: TextSource<R>) -> Self {
        let source = Bounded::new(BufReader::with_capacity(64 * 1024, text), ENTRY_BYTES_MAX);
        let mut reader = Reader::from_reader(source);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.expand_empty_elements = true;
        Self {
            reader,
            columns: entry::names(&COLUMNS),
            next: 1,
            title: String::new(),
            open: Vec::new(),
            is_over: false,
            n_bytes: 0,
        }
    }

    pub(crate) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Number of the next row.
    pub(crate) fn line(&self) -> u64 {
        self.next
    }

    pub(crate) fn n_bytes(&self) -> u64 {
        self.n_bytes
    }

    /// Bytes of the source that the rows read so far take up; an estimate where it is compressed.
    pub(crate) fn n_bytes_taken(&self) -> f64 {
        self.n_bytes as f64
    }

    /// The next entry; `None` at the end of the feed.
    pub(crate) fn next_row(&mut self) -> Result<Option<RawRow>, IngestError> {
        if self.is_over {
            return Ok(None);
        }
        let row = match self.entry() {
            Ok(Some(post)) => {
                let cells = post.cells(&self.title);
                Some(RawRow::Cells {
                    line: self.next,
                    cells,
                })
            }
            Ok(None) => {
                self.is_over = true;
                None
            }
            Err(Broken::Source(failure)) => {
                self.is_over = true;
                return Err(self.reader.get_ref().get_ref().get_ref().failure(failure));
            }
            Err(Broken::Feed { begun, why }) => {
                self.is_over = true;
                let why = format!("the feed breaks off here ({why}); what follows is not read");
                let row = bad_row(self.next, begun.as_bytes(), why);
                Some(RawRow::Rejected(row))
            }
        };
        self.next += u64::from(row.is_some());
        self.n_bytes = self.reader.get_ref().get_ref().get_ref().n_bytes();
        Ok(row)
    }

    /// Reads on to the end of the next entry.
    fn entry(&mut self) -> Result<Option<Post>, Broken> {
        let mut post: Option<Post> = None;
        let mut text = String::new();
        let mut buffer = Vec::new();
        self.reader.get_mut().begin();
        loop {
            buffer.clear();
            let event = self.reader.read_event_into(&mut buffer);
            let broken = |post: &Option<Post>, why: String| Broken::Feed {
                begun: post.as_ref().map(Post::begun).unwrap_or_default(),
                why,
            };
            let event = event.map_err(|error| match error {
                quick_xml::Error::Io(error) if error.kind() != bounded::TOO_MUCH => {
                    Broken::Source(io::Error::new(error.kind(), error.to_string()))
                }
                error => broken(&post, error.to_string()),
            });
            match event? {
                Event::Start(start) => {
                    let name = local_name(start.name().as_ref());
                    if self.open.len() == DEPTH_MAX {
                        return Err(broken(&post, "its elements stand too deep".to_owned()));
                    }
                    if post.is_none() && (name == "item" || name == "entry") {
                        self.reader.get_mut().begin();
                        post = Some(Post::at(self.open.len()));
                    }
                    if let Some(post) = &mut post {
                        post.start(&name, &attributes(&start), self.open.len());
                    }
                    // Markup within a text (`xhtml`) parts words and is left out.
                    text.push(' ');
                    if post
                        .as_ref()
                        .is_none_or(|post| self.open.len() == post.depth() + 1)
                    {
                        text.clear();
                    }
                    self.open.push(name);
                }
                Event::End(_) => {
                    let Some(name) = self.open.pop() else {
                        continue;
                    };
                    let depth = self.open.len();
                    match post.take() {
                        Some(done) if depth == done.depth() => return Ok(Some(done)),
                        Some(mut going) => {
                            let around = self.open.last().map_or("", |it| it);
                            going.end(&name, around, depth, &text);
                            if around == "author" {
                                text.clear();
                            }
                            post = Some(going);
                        }
                        None if name == "title" && self.title.is_empty() => {
                            self.title = text.trim().to_owned();
                        }
                        None => {}
                    }
                }
                Event::Text(piece) => text.push_str(&piece),
                Event::CData(piece) => text.push_str(&piece),
                Event::GeneralRef(name) => text.push_str(&post::character(&name)),
                Event::Eof if post.is_some() => {
                    return Err(broken(&post, "the entry does not end".to_owned()));
                }
                Event::Eof => return Ok(None),
                Event::Empty(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::DocType(_) => {}
            }
        }
    }
}

/// Why a feed cannot be read on.
enum Broken {
    /// It ends early, or is no markup from here.
    Feed {
        /// What is known of the entry that was begun.
        begun: String,
        why: String,
    },
    /// Its bytes cannot be read.
    Source(io::Error),
}

/// A name without its prefix, in small letters, but for those prefixes that tell two apart.
fn local_name(name: &str) -> String {
    let name = name.to_lowercase();
    match name.rsplit_once(':') {
        // Pictures have titles and texts of their own.
        Some(("media" | "itunes", _)) | None => name,
        Some((_, local)) => local.to_owned(),
    }
}

fn attributes(start: &BytesStart<'_>) -> Vec<(String, String)> {
    let mut attributes = start.attributes();
    let pairs = attributes.with_checks(false).flatten().map(|attribute| {
        let name = attribute.key.as_ref().to_lowercase();
        (name, post::unescaped(&attribute.value))
    });
    pairs.collect()
}

/// Whether a feed begins here.
pub(crate) fn is_feed(text: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&text[..text.len().min(4096)]).to_lowercase();
    let roots = ["<rss", "<feed", "<rdf:rdf"];
    let root = head
        .split('<')
        .skip(1)
        .find(|tag| !tag.starts_with(['?', '!']));
    root.is_some_and(|tag| {
        roots.iter().any(|root| {
            let rest = tag.strip_prefix(&root[1..]);
            rest.is_some_and(|rest| rest.starts_with([' ', '>', '\n', '\r', '\t']))
        })
    })
}

#[cfg(test)]
mod tests;
