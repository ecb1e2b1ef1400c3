//! The guess of a file's format from its first bytes.

use std::io::Read;

use flate2::bufread::MultiGzDecoder;

use super::encoding::{self, Detected};
use super::office::{self, Workbook};
use super::{Compression, FileFormat, FileKind, TextEncoding, binary, layout, talk};
use crate::source::Transcoder;
use crate::{IngestError, raw};

/// How many of a file's first bytes [`sniff`] wants to see; fewer will do where the file is short.
pub const SNIFF_BYTES: usize = 256 * 1024;

/// Text beyond this says nothing new about the format.
const MAX_TEXT_BYTES: u64 = 512 * 1024;

/// Guesses how a file is written from its first bytes: at best [`SNIFF_BYTES`] of them, or the
/// whole file where it is shorter.
///
/// What counts is the contents; `file_name` stands in error messages, and tells workbooks apart where
/// their first bytes do not.
///
/// # Errors
/// [`IngestError::Empty`], [`IngestError::Binary`], [`IngestError::ProtectedWorkbook`],
/// [`IngestError::OldWorkbook`], [`IngestError::Encoding`] or [`IngestError::Gzip`], each with what to do.
pub fn sniff(head: &[u8], file_name: &str) -> Result<FileFormat, IngestError> {
    if let Some(workbook) = office::workbook(head, file_name) {
        return workbook_format(workbook, file_name);
    }
    if binary::is_parquet(head) {
        return Ok(of_kind(FileKind::Parquet, Compression::None));
    }
    let (compression, bytes, is_whole) = inflate(head)?;
    // Its messages are each in an encoding of their own, and some of them in bytes that are no text.
    if is_mailbox(&bytes) {
        return Ok(of_kind(FileKind::Mbox, compression));
    }
    if raw::is_message(&bytes) {
        return Ok(of_kind(FileKind::Eml, compression));
    }
    if let Some(found) = binary::signature(&bytes) {
        return Err(binary_error(file_name, &found));
    }
    let encoding = match encoding::detect(&bytes) {
        Detected::Text(encoding) => encoding,
        Detected::Unsupported(found) => {
            let file_name = file_name.to_owned();
            return Err(IngestError::Encoding { file_name, found });
        }
        Detected::Data => return Err(binary_error(file_name, &binary::DATA)),
    };
    let text = decode(&bytes, encoding);
    let Some(first) = text.iter().find(|b| !b.is_ascii_whitespace()) else {
        let file_name = file_name.to_owned();
        return Err(IngestError::Empty { file_name });
    };
    let format = FileFormat {
        compression,
        encoding,
        kind: FileKind::JsonLines,
        has_header: false,
        skip_lines: 0,
    };
    let kind = match first {
        b'B' | b'b' if begins_with_line(&text, b"BEGIN:VCARD") => Some(FileKind::Vcard),
        b'B' | b'b' if begins_with_line(&text, b"BEGIN:VCALENDAR") => Some(FileKind::Icalendar),
        b'<' if raw::is_feed(&text) => Some(FileKind::Feed),
        b'{' if has_object_line(&text, is_whole) && !is_one_list(&text) => {
            let form = talk::in_lines(&text);
            return Ok(match form {
                Some(form) => headed(format, FileKind::Talk { form }),
                None => format,
            });
        }
        b'{' | b'[' if is_json_document(&text) => match talk::in_document(&text) {
            Some(form) => Some(FileKind::Talk { form }),
            None => {
                let kind = FileKind::Json;
                return Ok(FileFormat { kind, ..format });
            }
        },
        b'w' => talk::in_script(&text).map(|form| FileKind::Talk { form }),
        _ => talk::in_text(&text).map(|form| FileKind::Talk { form }),
    };
    Ok(match kind {
        Some(kind) => headed(format, kind),
        None => csv_format(&text, is_whole, format),
    })
}

/// A text that names its columns itself.
fn headed(format: FileFormat, kind: FileKind) -> FileFormat {
    FileFormat {
        kind,
        has_header: true,
        ..format
    }
}

fn workbook_format(workbook: Workbook, file_name: &str) -> Result<FileFormat, IngestError> {
    let name = file_name.to_owned();
    match workbook {
        Workbook::Xlsx => Ok(of_kind(FileKind::Xlsx { sheet: None }, Compression::None)),
        Workbook::Protected => Err(IngestError::ProtectedWorkbook { file_name: name }),
        Workbook::Old => Err(IngestError::OldWorkbook { file_name: name }),
        Workbook::Binary => Err(binary_error(file_name, &binary::XLSB)),
    }
}

/// A format that names its columns itself and is no text as a whole.
fn of_kind(kind: FileKind, compression: Compression) -> FileFormat {
    FileFormat {
        compression,
        encoding: TextEncoding::Utf8,
        kind,
        has_header: true,
        skip_lines: 0,
    }
}

/// Whether the first message begins here: a line that parts messages, and a header after it.
fn is_mailbox(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut lines = bytes.trim_ascii_start().split(|&b| b == b'\n');
    let is_begun = lines.next().is_some_and(raw::is_separator);
    let header = lines.find(|line| !line.starts_with(b">From "));
    let name = header.and_then(|line| line.split(|&b| b == b':').next());
    let is_name_char = |&b: &u8| b.is_ascii_graphic() && b != b' ';
    is_begun && name.is_some_and(|name| !name.is_empty() && name.iter().all(is_name_char))
}

/// Whether the first line is this mark.
fn begins_with_line(text: &[u8], mark: &[u8]) -> bool {
    let line = text.trim_ascii_start().split(|&b| b == b'\n').next();
    line.is_some_and(|line| line.trim_ascii().eq_ignore_ascii_case(mark))
}

fn csv_format(text: &[u8], is_whole: bool, format: FileFormat) -> FileFormat {
    let (delimiter, n_skipped, skip_lines) = match layout::declared_delimiter(text) {
        Some((delimiter, n_bytes)) => (delimiter, n_bytes, 1),
        None => (layout::delimiter(text, is_whole), 0, 0),
    };
    let rows = layout::rows(&text[n_skipped..], is_whole, delimiter);
    FileFormat {
        kind: FileKind::Csv {
            delimiter: char::from(delimiter),
            quote: '"',
        },
        // Too few complete rows to tell: a lone first row is a header.
        has_header: rows.is_empty() || layout::has_header(&rows),
        skip_lines,
        ..format
    }
}

/// The uncompressed beginning, and whether it is known to be all there is.
fn inflate(head: &[u8]) -> Result<(Compression, Vec<u8>, bool), IngestError> {
    if !head.starts_with(&[0x1F, 0x8B]) {
        let is_whole = head.len() < SNIFF_BYTES;
        return Ok((Compression::None, head.to_vec(), is_whole));
    }
    let mut bytes = Vec::new();
    let result = MultiGzDecoder::new(head)
        .take(MAX_TEXT_BYTES)
        .read_to_end(&mut bytes);
    match result {
        // A head that was cut off must fail at its end; only a head without any text is an error.
        Err(error) if bytes.is_empty() => Err(IngestError::Gzip(error)),
        _ => {
            let is_whole = result.is_ok() && (bytes.len() as u64) < MAX_TEXT_BYTES;
            Ok((Compression::Gzip, bytes, is_whole))
        }
    }
}

fn decode(bytes: &[u8], encoding: TextEncoding) -> Vec<u8> {
    let Some(mut transcoder) = Transcoder::new(encoding) else {
        return bytes
            .strip_prefix(b"\xEF\xBB\xBF")
            .unwrap_or(bytes)
            .to_vec();
    };
    let mut text = Vec::new();
    let mut source = bytes;
    let mut part = [0; 8192];
    while let Ok(n @ 1..) = transcoder.read(&mut source, &mut part) {
        text.extend_from_slice(&part[..n]);
    }
    text
}

fn has_object_line(text: &[u8], is_whole: bool) -> bool {
    let mut lines: Vec<_> = text.split(|&b| b == b'\n').take(1000).collect();
    let n_lines = lines.len();
    if n_lines > 1 && n_lines < 1000 && !is_whole {
        lines.pop();
    }
    lines.iter().any(|line| {
        line.trim_ascii_start().starts_with(b"{")
            && serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok()
    }) || (n_lines == 1 && !is_whole)
}

/// Whether the text is one line, an object with a list of objects in it: a document, and no row.
fn is_one_list(text: &[u8]) -> bool {
    let mut lines = text.split(|&b| b == b'\n');
    let mut lines = lines.by_ref().filter(|line| !line.trim_ascii().is_empty());
    let (Some(line), None) = (lines.next(), lines.next()) else {
        return false;
    };
    match serde_json::from_slice::<serde_json::Value>(line) {
        Ok(serde_json::Value::Object(object)) => object.values().any(|value| {
            let items = value.as_array().and_then(|items| items.first());
            items.is_some_and(serde_json::Value::is_object)
        }),
        Ok(_) => false,
        Err(_) => line.windows(2).any(|pair| pair == b"[{"),
    }
}

/// Whether the text goes on like JSON after its first bracket; a CSV may begin with one too.
fn is_json_document(text: &[u8]) -> bool {
    let mut bytes = text.iter().filter(|b| !b.is_ascii_whitespace()).skip(1);
    matches!(bytes.next(), None | Some(b'"' | b'{' | b'[' | b']' | b'}'))
}

fn binary_error(file_name: &str, found: &binary::Found) -> IngestError {
    IngestError::Binary {
        file_name: file_name.to_owned(),
        found: found.what,
        advice: found.advice,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::write::GzEncoder;

    use super::*;
    use crate::TalkForm;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn csv(delimiter: char, has_header: bool) -> FileFormat {
        FileFormat {
            compression: Compression::None,
            encoding: TextEncoding::Utf8,
            kind: FileKind::Csv {
                delimiter,
                quote: '"',
            },
            has_header,
            skip_lines: 0,
        }
    }

    #[test]
    fn plain_text_tables_are_recognized() {
        assert_eq!(sniff(b"a,b\n1,2\n", "x.csv").unwrap(), csv(',', true));
        assert_eq!(sniff(b"a\tb\n1\t2\n", "x.csv").unwrap(), csv('\t', true));
        assert_eq!(sniff(b"1;2\n3;4\n", "x.csv").unwrap(), csv(';', false));
        let declared = sniff(b"sep=|\na|b\n1|2\n", "x.csv").unwrap();
        assert_eq!(
            declared,
            FileFormat {
                skip_lines: 1,
                ..csv('|', true)
            }
        );
    }

    #[test]
    fn gzip_is_known_by_its_magic_even_when_the_head_is_cut() {
        let rows: String = (0..50_000_u64)
            .map(|i| format!("{i},{}\n", i * i))
            .collect();
        let bytes = gzip(format!("id,square\n{rows}").as_bytes());

        let format = sniff(&bytes[..10_000], "x.csv").unwrap();

        assert_eq!(
            format,
            FileFormat {
                compression: Compression::Gzip,
                ..csv(',', true)
            }
        );
    }

    #[test]
    fn json_lines_are_told_from_a_json_document() {
        let kind = |text: &str| sniff(text.as_bytes(), "x.json").map(|format| format.kind);

        assert_eq!(kind("{\"a\":1}\n{\"a\":2}\n").unwrap(), FileKind::JsonLines);
        for document in [
            "[{\"a\":1}]",
            "{\n  \"a\": 1\n}\n",
            "{\"count\":1,\"users\":[{\"id\":1}]}",
        ] {
            assert_eq!(kind(document).unwrap(), FileKind::Json, "{document}");
        }
    }

    #[test]
    fn mail_calendars_feeds_and_conversations_are_told_by_their_beginnings() {
        let kind = |text: &str| sniff(text.as_bytes(), "x.csv").unwrap().kind;
        let message = "From: a@b.example\r\nDate: Fri, 27 Nov 2026 09:30:00 +0000\r\n\r\nHi\r\n";
        let said =
            "{\"at\":\"2026-11-27T09:30:00Z\",\"author\":{\"name\":\"Ada\"},\"text\":\"Hi\"}";
        let talk = |form| FileKind::Talk { form };

        assert_eq!(kind(message), FileKind::Eml);
        assert_eq!(
            kind("BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n"),
            FileKind::Icalendar
        );
        assert_eq!(
            kind("<?xml version=\"1.0\"?><rss><channel/></rss>"),
            FileKind::Feed
        );
        assert_eq!(
            kind(&format!("{said}\n{said}\n")),
            talk(TalkForm::JsonLines)
        );
        assert_eq!(kind(&format!("[{said}]")), talk(TalkForm::Json));
        assert_eq!(
            kind(&format!(
                "{{\"chats\":[{{\"id\":1,\"history\":[{said}]}}]}}"
            )),
            talk(TalkForm::Json)
        );
        assert_eq!(kind("window.YTD.tweets.part0 = []"), talk(TalkForm::Json));
        assert_eq!(
            kind("27/11/2026, 09:30 - Ada: Hello\n"),
            talk(TalkForm::WhatsApp)
        );
        let ticket = "{\"id\":1,\"subject\":\"x\",\"body\":\"y\",\"created_at\":\"2026-11-27\",\"author\":\"Ada\"}";
        assert_eq!(kind(&format!("{ticket}\n{ticket}")), FileKind::JsonLines);
        let event =
            format!("{{\"kind\":\"x\",\"occurred_at\":\"2026-11-27\",\"properties\":{said}}}");
        assert_eq!(kind(&format!("{event}\n{event}")), FileKind::JsonLines);
    }

    #[test]
    fn a_binary_file_is_refused_by_name_and_with_advice() {
        let error = sniff(b"%PDF-1.7", "orders.csv").unwrap_err();

        let expected =
            "orders.csv is a PDF document, not a text table; open it and save it as CSV (UTF-8)";
        assert_eq!(error.to_string(), expected);
        assert!(sniff(b"\x00\x01\x02\x03\x04\x00\x00", "x.csv").is_err());
        assert!(sniff(&gzip(b"PAR1\x15\x00"), "x.csv.gz").is_err());
    }

    #[test]
    fn parquet_cards_and_mailboxes_are_told_by_their_beginnings() {
        let kind = |bytes: &[u8]| sniff(bytes, "x.csv").unwrap().kind;
        let cards =
            "\r\nbegin:vcard\r\nVERSION:2.1\r\nFN:王小明\r\nORG:上海贸易公司\r\nEND:VCARD\r\n";
        let mailbox = b"From a@b.c Fri Nov 27 09:30:00 2026\nSubject: \xFF\x00\n\nx\n";

        assert_eq!(kind(b"PAR1\x15\x00\x15"), FileKind::Parquet);
        assert_eq!(kind(cards.as_bytes()), FileKind::Vcard);
        assert_eq!(kind(&gzip(cards.as_bytes())), FileKind::Vcard);
        assert_eq!(kind(mailbox), FileKind::Mbox);
        for text in ["PAR1,name\n1,x\n", "From,To\na,b\n", "Begin,End\n1,2\n"] {
            assert!(
                matches!(kind(text.as_bytes()), FileKind::Csv { .. }),
                "{text}"
            );
        }
        let gb18030 = encoding_rs::GB18030.encode(cards).0.into_owned();
        let format = sniff(&gb18030, "contacts.vcf").unwrap();
        assert_eq!(format.encoding, TextEncoding::Gb18030);
    }

    #[test]
    fn an_empty_file_is_refused() {
        for empty in [&b""[..], b"  \r\n\n", b"\xEF\xBB\xBF", &gzip(b"")] {
            let error = sniff(empty, "x.csv").unwrap_err();

            assert!(matches!(error, IngestError::Empty { .. }), "{error}");
        }
    }

    #[test]
    fn damaged_gzip_is_an_error_that_says_what_to_do() {
        let error = sniff(&[0x1F, 0x8B, 8, 0xFF, 1, 2, 3], "x.csv.gz").unwrap_err();

        assert!(matches!(error, IngestError::Gzip(_)));
    }
}
