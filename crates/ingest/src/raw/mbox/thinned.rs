//! A message without most of what is attached to it: what is left fits into memory whatever the
//! message holds, and is still a message.

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
            self.bytes.extend_from_slice(line);
        }
        self.n_of_part += line.len();
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
