//! A message without most of what is attached to it: what is left fits into memory whatever the
//! message holds, and is still a message.

use std::borrow::Cow;

/// Bytes that are kept of a part between two boundaries: enough for headers and any text that people
/// write by hand.
const PART_BYTES_MAX: usize = 128 * 1024;

/// Bytes that are kept of a message.
const MESSAGE_BYTES_MAX: usize = 1024 * 1024;

/// A message, its separator apart.
#[derive(Debug, Default)]
pub(super) struct Thinned {
    separator: String,
    bytes: Vec<u8>,
    /// Bytes since the latest line that may be a boundary.
    n_of_part: usize,
    place: Place,
}

/// Where the next line stands, with doubt counted as a header: the parser takes a boundary for one
/// wherever it stands in a line.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Place {
    #[default]
    Headers,
    /// After a header that names a type, which may go on.
    OfType,
    Text,
}

impl Thinned {
    pub(super) fn is_empty(&self) -> bool {
        self.separator.is_empty() && self.bytes.is_empty()
    }

    /// Begins with the line that parts it from the message before.
    pub(super) fn begin(&mut self, separator: &[u8]) {
        self.separator = String::from_utf8_lossy(separator.trim_ascii()).into_owned();
    }

    /// Adds a line, unless its part or the message is long enough.
    pub(super) fn add(&mut self, line: &[u8]) {
        let line = unguarded(line);
        if line.starts_with(b"--") {
            self.n_of_part = 0;
        }
        let room = PART_BYTES_MAX.saturating_sub(self.n_of_part);
        let room = room.min(MESSAGE_BYTES_MAX.saturating_sub(self.bytes.len()));
        // Half a line would be read as something else.
        if line.len() <= room {
            let line = self.without_messages(line);
            self.bytes.extend_from_slice(&line);
        }
        self.n_of_part += line.len();
    }

    /// The line, with types of messages within messages called otherwise. The parser follows such
    /// messages to any depth, and what is nested ten thousand times overflows the stack when it is
    /// dropped. We name what is attached and follow none of it.
    fn without_messages<'l>(&mut self, line: &'l [u8]) -> Cow<'l, [u8]> {
        if line.windows(2).any(|pair| pair == b"--") {
            self.place = Place::Headers;
        }
        let is_folded = line.starts_with(b" ") || line.starts_with(b"\t");
        let begin = match self.place {
            Place::Text => return line.into(),
            Place::OfType if is_folded => Some(0),
            Place::Headers | Place::OfType => end_of_type_name(line),
        };
        if line.trim_ascii_end().is_empty() && !is_folded {
            self.place = Place::Text;
            return line.into();
        }
        let Some(begin) = begin else {
            self.place = Place::Headers;
            return line.into();
        };
        let value = &line[begin..];
        let end = value.iter().position(|&byte| byte == b';');
        // Within a comment a semicolon ends nothing.
        let end = end.filter(|&end| !value[..end].contains(&b'('));
        self.place = match end {
            Some(_) => Place::Headers,
            None => Place::OfType,
        };
        let mut line = line.to_vec();
        let end = end.map_or(line.len(), |end| begin + end);
        disguise(&mut line[begin..end], b"message", b"ignored");
        disguise(&mut line[begin..end], b"digest", b"parted");
        line.into()
    }

    /// The line that parts it from the message before.
    pub(super) fn separator(&self) -> &str {
        &self.separator
    }

    /// The message.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Where the value of a `Content-Type` begins; none where the line names no type. The parser does not
/// mind spaces within the name, nor what stands before it after a boundary.
fn end_of_type_name(line: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"content-type";
    let mut colons = line.iter().enumerate().filter(|(_, byte)| **byte == b':');
    let named = |&(at, _): &(usize, &u8)| {
        let before = line[..at].iter().rev();
        let mut before = before.filter(|byte| !byte.is_ascii_whitespace());
        let mut name = NAME.iter().rev();
        name.all(|letter| {
            before
                .next()
                .is_some_and(|byte| byte.eq_ignore_ascii_case(letter))
        })
    };
    colons.find(named).map(|(at, _)| at + 1)
}

/// Writes another word in the place of one, wherever it stands.
fn disguise(text: &mut [u8], word: &[u8], other: &[u8]) {
    for at in 0..text.len().saturating_sub(word.len() - 1) {
        let found = &mut text[at..at + word.len()];
        if found.eq_ignore_ascii_case(word) {
            found.copy_from_slice(other);
        }
    }
}

/// The line without the bracket that guards a line which begins like a separator.
fn unguarded(line: &[u8]) -> &[u8] {
    let brackets = line.iter().take_while(|&&byte| byte == b'>').count();
    if brackets > 0 && line[brackets..].starts_with(b"From ") {
        &line[1..]
    } else {
        line
    }
}

/// Whether a line begins a message: `From `, somebody, and a time with a year. A line of text that only
/// begins with the word has no time.
pub(crate) fn is_separator(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else {
        return false;
    };
    let words = rest.trim_ascii().split(|&byte| byte == b' ');
    let words: Vec<&[u8]> = words.filter(|word| !word.is_empty()).collect();
    let is_time = |word: &&[u8]| {
        let mut parts = word.split(|&byte| byte == b':');
        let is_number = |part: &[u8]| part.len() == 2 && part.iter().all(u8::is_ascii_digit);
        word.contains(&b':') && parts.all(is_number)
    };
    let is_year = |word: &&[u8]| word.len() == 4 && word.iter().all(u8::is_ascii_digit);
    words.iter().any(is_time) && words.iter().any(is_year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_separator_has_somebody_and_a_time() {
        for line in [
            "From ada@example.com Fri Nov 27 09:30:00 2026\n",
            "From 1771234567890@xxx Thu Jan 01 00:00:00 +0000 2026\r\n",
            "From MAILER-DAEMON Fri Jul  8 12:08:34 2011",
        ] {
            assert!(is_separator(line.as_bytes()), "{line}");
        }
        for line in [
            "From here on, all is well",
            "From: ada@example.com",
            "from a 1:2",
        ] {
            assert!(!is_separator(line.as_bytes()), "{line}");
        }
    }

    /// The bytes of a message of these lines.
    fn thinned(text: &str) -> String {
        let mut message = Thinned::default();
        for line in text.split_inclusive('\n') {
            message.add(line.as_bytes());
        }
        String::from_utf8(message.bytes).unwrap()
    }

    #[test]
    fn types_of_messages_are_called_otherwise_wherever_the_parser_would_find_them() {
        for (header, expected) in [
            (
                "Content-Type: message/rfc822; name=\"a message.eml\"\n",
                "Content-Type: ignored/rfc822; name=\"a message.eml\"\n",
            ),
            (
                "CONTENT -type:\n\tMessage/global\n",
                "CONTENT -type:\n\tignored/global\n",
            ),
            (
                "Content-Type: (;) message/rfc822\n",
                "Content-Type: (;) ignored/rfc822\n",
            ),
            (
                "Content-Type: multipart/digest; boundary=digest\n",
                "Content-Type: multipart/parted; boundary=digest\n",
            ),
            (
                "Subject: a message\n\nx: --bContent-Type: message/rfc822\n",
                "Subject: a message\n\nx: --bContent-Type: ignored/rfc822\n",
            ),
        ] {
            assert_eq!(thinned(header), expected);
        }
        let text = "Subject: x\n\nUse Content-Type: message/rfc822 for letters.\n";
        assert_eq!(thinned(text), text);
    }

    #[test]
    fn a_large_attachment_leaves_the_parts_around_it() {
        let mut message = Thinned::default();
        message.begin(b"From a@b.c Fri Nov 27 09:30:00 2026");
        message.add(b"--x\n");
        for _ in 0..10_000 {
            message.add(&[b'A'; 76]);
        }
        message.add(b"--x\n");
        message.add(b">From the end\n");

        assert!(message.bytes().len() < PART_BYTES_MAX + 100);
        assert!(message.bytes().ends_with(b"--x\nFrom the end\n"));
    }
}
