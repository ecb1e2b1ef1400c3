//! What a server says, taken apart: lines, the literals within them, and the words of a line
//! (RFC 9051, section 9).

use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _};

use crate::MailboxError;

/// The longest line, literals apart: a list of a million numbers.
const LINE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Literals of one reply. A message is one.
const LITERALS_MAX: usize = 1_000;

/// What stands in a line where a literal follows.
const LITERAL_MARK: char = '\0';

/// One reply.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Reply {
    /// `*`, `+`, or the tag of a command.
    pub(crate) tag: String,
    /// What follows, a mark where each literal stands.
    pub(crate) text: String,
    literals: Vec<Literal>,
}

/// Bytes that stand within a reply.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Literal {
    pub(crate) bytes: Vec<u8>,
    /// Whether it was longer than is kept.
    pub(crate) is_cut: bool,
}

/// A word of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Word {
    /// Without quotes around it; `NIL` is one of them.
    Atom(String),
    /// What stood between quotes, or in a literal.
    Text(Literal),
    Open,
    Close,
}

fn protocol(reason: impl Into<String>) -> MailboxError {
    MailboxError::Protocol {
        reason: reason.into(),
    }
}

/// Reads a reply, at most `literal_max` bytes of each literal kept.
pub(crate) async fn read(
    stream: &mut (impl AsyncBufRead + Unpin),
    literal_max: usize,
) -> Result<Reply, MailboxError> {
    let mut reply = Reply::default();
    let mut line = Vec::new();
    let mut n_bytes = 0;
    loop {
        line.clear();
        let limit = (LINE_BYTES_MAX + 1) as u64;
        let n = (&mut *stream)
            .take(limit)
            .read_until(b'\n', &mut line)
            .await?;
        n_bytes += n;
        if n_bytes > LINE_BYTES_MAX {
            return Err(protocol("a line has more than 16 MiB"));
        }
        if !line.ends_with(b"\n") {
            return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into());
        }
        let text = String::from_utf8_lossy(line.trim_ascii_end()).replace(LITERAL_MARK, "");
        let Some((before, length)) = literal_of(&text) else {
            reply.text.push_str(&text);
            break;
        };
        if reply.literals.len() == LITERALS_MAX {
            return Err(protocol("a reply has too many literals"));
        }
        reply.text.push_str(before);
        reply.text.push(LITERAL_MARK);
        reply
            .literals
            .push(literal(stream, length, literal_max).await?);
    }
    let (tag, text) = reply.text.split_once(' ').unwrap_or((&reply.text, ""));
    (reply.tag, reply.text) = (tag.to_owned(), text.to_owned());
    Ok(reply)
}

/// What stands before a literal, and how long that is; none where the line ends otherwise.
fn literal_of(line: &str) -> Option<(&str, u64)> {
    let (before, length) = line.strip_suffix('}')?.rsplit_once('{')?;
    let length = length.trim_end_matches('+');
    Some((before, length.parse().ok()?))
}

async fn literal(
    stream: &mut (impl AsyncBufRead + Unpin),
    length: u64,
    max: usize,
) -> Result<Literal, MailboxError> {
    let kept = length.min(max as u64);
    let mut bytes = Vec::new();
    let n = (&mut *stream).take(kept).read_to_end(&mut bytes).await?;
    let mut rest = (&mut *stream).take(length - kept);
    let n_passed = tokio::io::copy(&mut rest, &mut tokio::io::sink()).await?;
    if n as u64 + n_passed < length {
        return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into());
    }
    Ok(Literal {
        bytes,
        is_cut: kept < length,
    })
}

impl Reply {
    /// The words of the reply.
    pub(crate) fn words(self) -> Vec<Word> {
        let mut literals = self.literals.into_iter();
        let mut words = Vec::new();
        let mut chars = self.text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                ' ' => {}
                '(' => words.push(Word::Open),
                ')' => words.push(Word::Close),
                LITERAL_MARK => words.push(Word::Text(literals.next().unwrap_or_default())),
                '"' => {
                    let mut text = String::new();
                    while let Some(c) = chars.next().filter(|c| *c != '"') {
                        text.push(if c == '\\' {
                            chars.next().unwrap_or(c)
                        } else {
                            c
                        });
                    }
                    words.push(Word::Text(Literal {
                        bytes: text.into_bytes(),
                        is_cut: false,
                    }));
                }
                c => {
                    let mut atom = c.to_string();
                    let mut depth = 0_u32;
                    // Brackets hold blanks: `BODY[HEADER.FIELDS (FROM)]`.
                    depth += u32::from(c == '[');
                    while let Some(&c) = chars.peek() {
                        let is_end = c == LITERAL_MARK || (depth == 0 && " ()".contains(c));
                        if is_end {
                            break;
                        }
                        depth += u32::from(c == '[');
                        depth = depth.saturating_sub(u32::from(c == ']'));
                        atom.push(c);
                        chars.next();
                    }
                    words.push(Word::Atom(atom));
                }
            }
        }
        words
    }

    /// Whether a command was done; why not otherwise.
    pub(crate) fn status(&self) -> Result<(), String> {
        match self.text.split_once(' ').unwrap_or((&self.text, "")) {
            (status, _) if status.eq_ignore_ascii_case("OK") => Ok(()),
            (_, reason) if !reason.is_empty() => Err(reason.to_owned()),
            (status, _) => Err(status.to_owned()),
        }
    }
}

impl Word {
    /// As a text, whatever it stands in.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Atom(atom) => atom.clone(),
            Self::Text(literal) => String::from_utf8_lossy(&literal.bytes).into_owned(),
            Self::Open | Self::Close => String::new(),
        }
    }

    pub(crate) fn is_atom(&self, name: &str) -> bool {
        matches!(self, Self::Atom(atom) if atom.eq_ignore_ascii_case(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn parsed(mut bytes: &[u8]) -> Result<Reply, MailboxError> {
        read(&mut bytes, 4).await
    }

    #[tokio::test]
    async fn words_stand_in_quotes_literals_and_brackets() {
        let reply = parsed(
            b"* 1 FETCH (FLAGS (\\Seen) BODY[HEADER.FIELDS (A B)] {5}\r\na\"b\r\n X \"q\\\"\" Y NIL)\r\n",
        );
        let words = reply.await.unwrap().words();

        let shown: Vec<String> = words.iter().map(|word| word.text().to_string()).collect();
        assert_eq!(
            shown,
            [
                "1",
                "FETCH",
                "",
                "FLAGS",
                "",
                "\\Seen",
                "",
                "BODY[HEADER.FIELDS (A B)]",
                "a\"b\r",
                "X",
                "q\"",
                "Y",
                "NIL",
                ""
            ]
        );
    }

    #[tokio::test]
    async fn a_long_literal_is_cut_and_what_follows_is_read() {
        let reply = parsed(b"* 1 FETCH (BODY[] {10}\r\n0123456789 UID 7)\r\n")
            .await
            .unwrap();
        let words = reply.words();

        let Word::Text(literal) = &words[4] else {
            panic!("{words:?}");
        };
        assert!(literal.is_cut && literal.bytes == b"0123");
        assert_eq!(words[6].text(), "7");
    }

    #[tokio::test]
    async fn what_ends_early_is_a_broken_connection() {
        for bytes in [&b"* OK"[..], b"* 1 FETCH (BODY[] {10}\r\n01234", b""] {
            let error = parsed(bytes).await.unwrap_err();
            assert!(matches!(error, MailboxError::Connection(_)), "{error}");
        }
    }
}
