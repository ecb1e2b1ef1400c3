//! A message by itself, as mail programs save one: told by its headers, for it has no other mark.

/// Headers that only a message has, beside its sender.
const TELLING: [&[u8]; 7] = [
    b"message-id",
    b"received",
    b"mime-version",
    b"return-path",
    b"delivered-to",
    b"date",
    b"x-mozilla-status",
];

/// Whether a message begins here: header after header up to a blank line, with a sender and what only
/// messages have. A table may begin with `From:` as well; it has no such lines below.
pub(crate) fn is_message(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let lines = bytes.trim_ascii_start().split(|&byte| byte == b'\n');
    let mut lines = lines.peekable();
    let mut has_sender = false;
    let mut is_told = false;
    let mut n_headers = 0;
    // The last line may be cut off where the bytes end.
    while let Some(line) = lines.next() {
        let is_last = lines.peek().is_none();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        if n_headers > 0 && (line.starts_with(b" ") || line.starts_with(b"\t")) {
            continue;
        }
        let Some(name) = name_of(line) else {
            return is_last && has_sender && is_told;
        };
        n_headers += 1;
        has_sender |= name == b"from";
        is_told |= TELLING.contains(&name.as_slice());
    }
    has_sender && is_told && n_headers > 1
}

/// The name of a header in small letters; none where the line is no header.
fn name_of(line: &[u8]) -> Option<Vec<u8>> {
    let end = line.iter().position(|&byte| byte == b':')?;
    let name = line[..end].trim_ascii_end();
    let is_name = |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b',' | b';' | b'"');
    (!name.is_empty() && name.iter().all(is_name)).then(|| name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_told_by_its_headers_and_a_table_that_begins_alike_is_none() {
        for text in [
            "From: Ada <ada@b.example>\nTo: me@house.example\nDate: Fri, 27 Nov 2026 09:30:00 +0100\n\nHi",
            "Return-Path: <a@b.example>\r\nReceived: from x\r\n\tby y\r\nFrom: a@b.example\r\n\r\nx",
            "Received: from x\nFrom: a@b.example\nMessage-ID: <1@b.example>\nSubj",
        ] {
            assert!(is_message(text.as_bytes()), "{text}");
        }
        for text in [
            "From: London\nto,qty\n1,2\n",
            "From:,Date:\na,b\n",
            "Subject: no sender\nDate: today\n\nx",
            "from,to\n1,2\n",
            "key: value\nFrom: here\n\nx",
        ] {
            assert!(!is_message(text.as_bytes()), "{text}");
        }
    }
}
