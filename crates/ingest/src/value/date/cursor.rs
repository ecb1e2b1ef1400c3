//! A position in a text, moved forward by what is recognized.

/// Reads numbers, words and marks from left to right.
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    rest: &'a str,
}

/// Digits as read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number {
    pub(super) value: u32,
    pub(super) n_digits: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.trim().is_empty()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// At most nine digits.
    pub(super) fn number(&mut self) -> Option<Number> {
        let digits = self.take_while(|c| c.is_ascii_digit());
        if digits.len() > 9 {
            return None;
        }
        let value = digits.parse().ok()?;
        let n_digits = digits.len();
        Some(Number { value, n_digits })
    }

    /// Letters; empty where none stand here.
    pub(super) fn word(&mut self) -> &'a str {
        self.take_while(|c| c.is_ascii_alphabetic())
    }

    /// The word that stands here, left standing.
    pub(super) fn peek_word(&self) -> &'a str {
        Cursor { rest: self.rest }.word()
    }

    pub(super) fn digits(&mut self) -> &'a str {
        self.take_while(|c| c.is_ascii_digit())
    }

    /// Passes over one of the marks and returns it.
    pub(super) fn mark(&mut self, marks: &str) -> Option<char> {
        let mark = self.peek().filter(|&c| marks.contains(c))?;
        self.rest = &self.rest[mark.len_utf8()..];
        Some(mark)
    }

    /// Passes over any number of the marks.
    pub(super) fn skip(&mut self, marks: &str) {
        self.take_while(|c| marks.contains(c));
    }

    fn take_while(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !fits(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }
}
