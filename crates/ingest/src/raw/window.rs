//! A sliding window over text, so that a row can be looked at whole, and again, before it is taken.

use std::io::Read;

use super::MAX_ROW_BYTES;
use crate::IngestError;
use crate::source::TextSource;

const INITIAL_BYTES: usize = 128 * 1024;

/// Text that was read and not yet taken. Grows with the longest row, at most to [`MAX_ROW_BYTES`].
#[derive(Debug)]
pub(super) struct Window<R: Read> {
    source: TextSource<R>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    is_last: bool,
    /// Bytes of text read so far.
    n_text: u64,
}

impl<R: Read> Window<R> {
    pub(super) fn new(source: TextSource<R>) -> Self {
        Self {
            source,
            buffer: vec![0; INITIAL_BYTES],
            start: 0,
            end: 0,
            is_last: false,
            n_text: 0,
        }
    }

    /// What is here now.
    pub(super) fn text(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Whether nothing follows what is here now.
    pub(super) fn is_last(&self) -> bool {
        self.is_last
    }

    /// Whether no more text fits before some is taken.
    pub(super) fn is_full(&self) -> bool {
        self.end - self.start >= MAX_ROW_BYTES
    }

    /// Passes over the first bytes.
    pub(super) fn take(&mut self, n_bytes: usize) {
        debug_assert!(
            n_bytes <= self.end - self.start,
            "only what is here can be taken"
        );
        self.start += n_bytes;
    }

    /// Reads more. Must not be called while the window [is full](Self::is_full).
    pub(super) fn fill(&mut self) -> Result<(), IngestError> {
        if self.end == self.buffer.len() {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.buffer.len() {
            let grown = (self.buffer.len() * 2).min(MAX_ROW_BYTES);
            self.buffer.resize(grown, 0);
        }
        let n = self.source.read_text(&mut self.buffer[self.end..])?;
        self.end += n;
        self.n_text += n as u64;
        self.is_last = n == 0;
        Ok(())
    }

    /// The line that begins here with its line break, or `None` where it is too long for a row.
    pub(super) fn line_len(&mut self) -> Result<Option<usize>, IngestError> {
        let mut searched = 0;
        loop {
            let text = self.text();
            if let Some(n) = text[searched..].iter().position(|&b| b == b'\n') {
                return Ok(Some(searched + n + 1));
            }
            if self.is_last {
                return Ok(Some(text.len()));
            }
            if self.is_full() {
                return Ok(None);
            }
            searched = text.len();
            self.fill()?;
        }
    }

    /// Passes over the rest of a line that is longer than the window, line break included.
    pub(super) fn skip_line(&mut self) -> Result<(), IngestError> {
        loop {
            let text = self.text();
            if let Some(n) = text.iter().position(|&b| b == b'\n') {
                self.take(n + 1);
                return Ok(());
            }
            let n = text.len();
            self.take(n);
            if self.is_last {
                return Ok(());
            }
            self.fill()?;
        }
    }

    /// The share of the source's bytes that the text taken so far came from, as bytes.
    pub(super) fn n_bytes_taken(&self) -> f64 {
        let n_here = (self.end - self.start) as f64;
        let n_text = self.n_text.max(1) as f64;
        self.source.n_used() as f64 * (n_text - n_here) / n_text
    }

    /// Bytes read from the source so far.
    pub(super) fn n_bytes(&self) -> u64 {
        self.source.n_bytes()
    }
}
