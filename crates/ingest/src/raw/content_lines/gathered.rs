//! The lines of one record, those joined that belong together: folded ones, and those that
//! quoted-printable breaks softly. What pictures and sounds hold is passed over.

use crate::MAX_ROW_BYTES;

/// Properties whose values are data, and are not kept.
const BINARY: [&str; 4] = ["PHOTO", "LOGO", "SOUND", "KEY"];

/// Lines of a record, at most [`MAX_ROW_BYTES`] of them.
#[derive(Debug, Default)]
pub(in crate::raw) struct Gathered {
    lines: Vec<Line>,
    n_bytes: usize,
    is_too_long: bool,
}

#[derive(Debug)]
struct Line {
    /// Where it begins in the file.
    n: u64,
    text: Vec<u8>,
    is_binary: bool,
    /// Whether its value is quoted-printable, which a `=` at the end of a line goes on.
    is_quoted: bool,
}

impl Gathered {
    pub(in crate::raw) fn is_empty(&self) -> bool {
        self.lines.is_empty() && !self.is_too_long
    }

    /// Adds a physical line.
    pub(in crate::raw) fn add(&mut self, n: u64, physical: &[u8]) {
        let text = trim_break(physical);
        // What quoted-printable breaks softly goes on as it stands, a blank at its beginning, too.
        if self.is_softly_broken() {
            let last = self.lines.last_mut().expect("a line is softly broken");
            last.text.pop();
            self.go_on(text);
        } else if let Some(folded) = text.strip_prefix(b" ").or(text.strip_prefix(b"\t"))
            && !self.lines.is_empty()
        {
            self.go_on(folded);
        } else if !text.trim_ascii().is_empty() {
            self.begin(n, text);
        }
    }

    /// Adds the beginning of a line that is longer than any row. It matters where it is no picture.
    pub(in crate::raw) fn add_too_long(&mut self, n: u64, beginning: &[u8]) {
        let is_picture = match beginning.first() {
            Some(b' ' | b'\t') => self.lines.last().is_some_and(|line| line.is_binary),
            _ => is_binary(beginning),
        };
        if is_picture && !matches!(beginning.first(), Some(b' ' | b'\t')) {
            self.begin(n, beginning);
        } else if !is_picture {
            self.is_too_long = true;
        }
    }

    /// Why the record cannot be taken, whatever its lines say: what it is, as `the card is …` goes on.
    pub(in crate::raw) fn fault(&self) -> Option<String> {
        self.is_too_long.then(|| {
            format!(
                "longer than {MAX_ROW_BYTES} bytes, pictures not counted; only its \
                 beginning is kept"
            )
        })
    }

    /// Whether the last line is an AGENT of version 2.1, whose card follows.
    pub(in crate::raw) fn ends_with_agent(&self) -> bool {
        let last = self.lines.last();
        last.is_some_and(|line| line.text.trim_ascii().eq_ignore_ascii_case(b"AGENT:"))
    }

    /// The lines, each with its number in the file.
    pub(in crate::raw) fn lines(&self) -> impl Iterator<Item = (u64, &[u8])> {
        self.lines.iter().map(|line| (line.n, line.text.as_slice()))
    }

    /// All of it as text, for people.
    pub(in crate::raw) fn to_lossy(&self) -> String {
        let lines = self.lines.iter();
        let lines: Vec<_> = lines
            .map(|line| String::from_utf8_lossy(&line.text))
            .collect();
        lines.join("\n")
    }

    fn is_softly_broken(&self) -> bool {
        let last = self.lines.last();
        last.is_some_and(|line| line.is_quoted && line.text.ends_with(b"="))
    }

    fn begin(&mut self, n: u64, text: &[u8]) {
        let is_binary = is_binary(text);
        let header = header_of(text);
        let kept = if is_binary {
            &text[..(header.len() + 1).min(text.len())]
        } else {
            text
        };
        if self.has_room_for(kept) {
            self.lines.push(Line {
                n,
                text: kept.to_vec(),
                is_binary,
                is_quoted: has_word(header, "QUOTED-PRINTABLE"),
            });
        }
    }

    fn go_on(&mut self, text: &[u8]) {
        if self.lines.last().is_some_and(|line| line.is_binary) || !self.has_room_for(text) {
            return;
        }
        if let Some(last) = self.lines.last_mut() {
            last.text.extend_from_slice(text);
        }
    }

    fn has_room_for(&mut self, text: &[u8]) -> bool {
        let n_bytes = self.n_bytes + text.len();
        if n_bytes > MAX_ROW_BYTES {
            self.is_too_long = true;
            return false;
        }
        self.n_bytes = n_bytes;
        true
    }
}

fn trim_break(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// What stands before the value: the property's name and parameters.
fn header_of(line: &[u8]) -> &[u8] {
    let end = line.iter().position(|&byte| byte == b':');
    &line[..end.unwrap_or(line.len())]
}

/// Whether the value is data rather than text; an address of a picture is text.
fn is_binary(line: &[u8]) -> bool {
    let header = header_of(line);
    let value = &line[(header.len() + 1).min(line.len())..];
    if begins_with(value, "http") {
        return false;
    }
    let name = header
        .split(|&byte| byte == b';')
        .next()
        .unwrap_or_default();
    let name = name.rsplit(|&byte| byte == b'.').next().unwrap_or_default();
    let is_named = BINARY
        .iter()
        .any(|it| name.eq_ignore_ascii_case(it.as_bytes()));
    is_named
        || has_word(header, "BASE64")
        || has_word(header, "ENCODING=B")
        || begins_with(value, "data:")
}

/// Whether one of the parameters is a word, with or without the name of a parameter before it.
fn has_word(header: &[u8], word: &str) -> bool {
    let parameters = header.split(|&byte| byte == b';').skip(1);
    let mut parameters = parameters.map(<[u8]>::trim_ascii);
    parameters.any(|parameter| {
        let value = parameter.rsplit(|&byte| byte == b'=').next();
        parameter.eq_ignore_ascii_case(word.as_bytes())
            || value.is_some_and(|value| value.eq_ignore_ascii_case(word.as_bytes()))
    })
}

/// Whether bytes begin so, whatever their case and the blanks before them.
fn begins_with(bytes: &[u8], prefix: &str) -> bool {
    let beginning = bytes.trim_ascii_start().get(..prefix.len());
    beginning.is_some_and(|beginning| beginning.eq_ignore_ascii_case(prefix.as_bytes()))
}
