//! The way through a JSON text from conversation to message, without holding its values: a list of a
//! million messages is a list of places.

use std::collections::VecDeque;
use std::io::Read;
use std::ops::Range;
use std::sync::Arc;

use serde_json::Value;

use super::super::MAX_ROW_BYTES;
use super::super::json::{Document, scan};
use super::super::window::Window;
use super::Piece;
use super::people::Object;
use super::shape::{self, Context, LISTS, WRAPPERS};
use crate::IngestError;
use crate::source::TextSource;

/// How deep conversations stand within each other.
const DEPTH_MAX: usize = 12;

/// Messages of a JSON text, one by one.
#[derive(Debug)]
pub(super) struct Walk<R: Read> {
    source: Origin<R>,
    /// The text that is walked.
    text: Vec<u8>,
    /// What is still to be looked at, with what its conversation tells.
    queue: VecDeque<(Range<usize>, Arc<Context>)>,
    /// Bytes of the text that were looked at.
    n_taken: usize,
}

#[derive(Debug)]
enum Origin<R: Read> {
    Lines(Window<R>),
    Document { n_bytes: u64 },
}

impl<R: Read> Walk<R> {
    /// Walks a document, held whole.
    pub(super) fn document(text: TextSource<R>) -> Result<Self, IngestError> {
        let document = Document::open(text)?;
        let root = document.root();
        Ok(Self {
            source: Origin::Document {
                n_bytes: document.n_bytes,
            },
            queue: VecDeque::from([(root, Arc::default())]),
            text: document.text,
            n_taken: 0,
        })
    }

    /// Walks a file with an object a line.
    pub(super) fn lines(text: TextSource<R>) -> Self {
        Self {
            source: Origin::Lines(Window::new(text)),
            text: Vec::new(),
            queue: VecDeque::new(),
            n_taken: 0,
        }
    }

    pub(super) fn n_bytes(&self) -> u64 {
        match &self.source {
            Origin::Lines(window) => window.n_bytes(),
            Origin::Document { n_bytes } => *n_bytes,
        }
    }

    pub(super) fn n_bytes_taken(&self) -> f64 {
        match &self.source {
            Origin::Lines(window) => window.n_bytes_taken(),
            Origin::Document { n_bytes } => {
                *n_bytes as f64 * self.n_taken as f64 / self.text.len().max(1) as f64
            }
        }
    }

    /// The next message, or what is none; `None` at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<Piece>, IngestError> {
        loop {
            let Some((range, context)) = self.queue.pop_front() else {
                match self.fill()? {
                    Some(Some(bad)) => return Ok(Some(bad)),
                    Some(None) => continue,
                    None => return Ok(None),
                }
            };
            self.n_taken = range.start;
            if let Some(piece) = self.look(range, &context) {
                return Ok(Some(piece));
            }
        }
    }

    /// Takes the next line; `None` at the end, a piece where it is too long.
    fn fill(&mut self) -> Result<Option<Option<Piece>>, IngestError> {
        let Origin::Lines(window) = &mut self.source else {
            return Ok(None);
        };
        match window.line_len()? {
            Some(0) => Ok(None),
            Some(n) => {
                self.text.clear();
                self.text.extend_from_slice(&window.text()[..n]);
                window.take(n);
                let begin = scan::begin(&self.text, 0);
                if begin < self.text.len() {
                    let line = (begin..self.text.len(), Arc::default());
                    self.queue.push_back(line);
                }
                Ok(Some(None))
            }
            None => {
                let why = format!(
                    "the line is longer than {MAX_ROW_BYTES} bytes; only its beginning is kept"
                );
                let text = window.text().to_vec();
                window.skip_line()?;
                Ok(Some(Some(Piece::Bad { text, why })))
            }
        }
    }

    /// Looks at a value: what stands within it comes next, and what it is itself is handed out.
    fn look(&mut self, range: Range<usize>, context: &Arc<Context>) -> Option<Piece> {
        match self.text.get(range.start) {
            Some(b'[') => {
                let items = scan::items(&self.text, &range);
                self.push(items.pieces, context);
                None
            }
            Some(b'{') => self.look_at_object(range, context),
            _ => self.bad(range, "no JSON object stands here; mend or remove it"),
        }
    }

    fn look_at_object(&mut self, range: Range<usize>, around: &Arc<Context>) -> Option<Piece> {
        let entries = scan::entries(&self.text, &range);
        let is_cut = entries.is_cut;
        let mut object = Object::new();
        let mut within: Vec<Range<usize>> = Vec::new();
        for (key, value) in entries.pieces {
            let begins_with = self.text.get(value.start);
            let is_list = begins_with == Some(&b'[') && LISTS.contains(&key.as_str());
            let is_wrapped = begins_with == Some(&b'{')
                && (WRAPPERS.contains(&key.as_str()) || LISTS.contains(&key.as_str()));
            if (is_list && self.has_objects(&value)) || is_wrapped {
                within.push(value);
                continue;
            }
            if value.len() > MAX_ROW_BYTES {
                return self.bad(range, "the object is too long; shorten its texts");
            }
            match serde_json::from_slice::<Value>(&self.text[value]) {
                Ok(value) => object.insert(key, value),
                Err(_) if is_cut => break,
                Err(_) => return self.bad(range, "this is not one JSON object; mend or remove it"),
            };
        }
        if is_cut && within.is_empty() {
            return self.bad(range, "the object is cut off; export it again");
        }
        let piece = shape::message(&object, around);
        if within.is_empty() {
            let why = "this is no message: it has no text, no time or nobody who said it";
            return piece.or_else(|| self.bad(range, why));
        }
        if around.depth >= DEPTH_MAX {
            return self.bad(range, "conversations stand too deep within each other here");
        }
        let context = Arc::new(shape::context(&object, around));
        self.push(within, &context);
        piece.filter(|piece| matches!(piece, Piece::Said(_)))
    }

    /// Whether a list holds objects: one of words is no list of messages. An empty one is.
    fn has_objects(&self, list: &Range<usize>) -> bool {
        let first = scan::begin(&self.text, list.start + 1);
        matches!(self.text.get(first), Some(b'{' | b']') | None)
    }

    fn push(&mut self, ranges: Vec<Range<usize>>, context: &Arc<Context>) {
        for range in ranges.into_iter().rev() {
            self.queue.push_front((range, Arc::clone(context)));
        }
    }

    fn bad(&self, range: Range<usize>, why: &str) -> Option<Piece> {
        let end = range.end.min(range.start + MAX_ROW_BYTES);
        Some(Piece::Bad {
            text: self.text[range.start..end].trim_ascii().to_vec(),
            why: why.to_owned(),
        })
    }
}
