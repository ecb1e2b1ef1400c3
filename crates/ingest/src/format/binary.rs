//! Tells files that are no text by their first bytes, so that the message can name them.

use super::office;

/// What a file is that cannot be read as a table, and what its owner can do.
pub(super) struct Found {
    /// With its article.
    pub(super) what: &'static str,
    /// What to do.
    pub(super) advice: &'static str,
}

const SAVE_AS_CSV: &str = "open it and save it as CSV (UTF-8)";
const UNPACK: &str = "unpack it and import the file that is inside";
const EXPORT: &str = "export the table as CSV or JSON lines";
const WRONG_FILE: &str = "choose a table (Excel, CSV, TSV, JSON, Parquet), cards, mail, a calendar, a chat or a feed instead";

/// Signatures at the very beginning of a file.
const SIGNATURES: [(&[u8], &str, &str); 19] = [
    (
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
        "an old Office file",
        SAVE_AS_CSV,
    ),
    (b"PAR1", "a Parquet file within gzip", UNPACK),
    (b"ARROW1", "an Arrow file", EXPORT),
    (b"Obj\x01", "an Avro file", EXPORT),
    (b"ORC", "an ORC file", EXPORT),
    (b"SQLite format 3\0", "a SQLite database", EXPORT),
    (b"%PDF", "a PDF document", SAVE_AS_CSV),
    (b"\x89PNG", "a PNG image", WRONG_FILE),
    (b"\xFF\xD8\xFF", "a JPEG image", WRONG_FILE),
    (b"GIF8", "a GIF image", WRONG_FILE),
    (b"\x7FELF", "a program", WRONG_FILE),
    (b"MZ\x90\0", "a program", WRONG_FILE),
    (b"\x28\xB5\x2F\xFD", "a Zstandard archive", UNPACK),
    (b"BZh", "a bzip2 archive", UNPACK),
    (b"\xFD7zXZ\0", "an xz archive", UNPACK),
    (b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive", UNPACK),
    (b"Rar!\x1A\x07", "a RAR archive", UNPACK),
    (b"\x1F\x8B", "gzip within gzip", UNPACK),
    (b"{\\rtf", "a rich text document", SAVE_AS_CSV),
];

/// Names the file where its first bytes are a known signature.
///
/// Signatures that are also plain letters (`ORC`, `BZh`, `Obj`) count only where a byte follows
/// that no text has.
pub(super) fn signature(head: &[u8]) -> Option<Found> {
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Some(zip(head));
    }
    if head.get(257..262) == Some(b"ustar") {
        let what = "a tar archive";
        return Some(Found {
            what,
            advice: UNPACK,
        });
    }
    let (magic, what, advice) = SIGNATURES
        .iter()
        .find(|(magic, ..)| head.starts_with(magic))?;
    let is_letters = magic.iter().all(u8::is_ascii_alphanumeric);
    let is_certain = !is_letters || head.iter().take(512).any(|&b| is_control(b));
    is_certain.then_some(Found { what, advice })
}

/// Whether the file is a Parquet file; its mark is also four plain letters.
pub(super) fn is_parquet(head: &[u8]) -> bool {
    head.starts_with(b"PAR1") && head.iter().take(512).any(|&b| is_control(b))
}

fn zip(head: &[u8]) -> Found {
    let has = |name: &[u8]| head.windows(name.len()).any(|window| window == name);
    let has_part = |start: &[u8]| office::part_names(head).any(|name| name.starts_with(start));
    if has_part(b"xl/") {
        let what = "an Excel workbook within gzip";
        Found {
            what,
            advice: UNPACK,
        }
    } else if has(b"opendocument") {
        let what = "an OpenDocument file";
        Found {
            what,
            advice: SAVE_AS_CSV,
        }
    } else if has_part(b"word/") {
        let what = "a Word document";
        Found {
            what,
            advice: SAVE_AS_CSV,
        }
    } else {
        let what = "a zip archive";
        Found {
            what,
            advice: UNPACK,
        }
    }
}

/// Whether the bytes, already known not to be UTF-16, are data rather than text: a NUL, or more
/// control characters than any text has.
pub(super) fn is_data(head: &[u8]) -> bool {
    let n_controls = head.iter().filter(|&&b| is_control(b)).count();
    head.contains(&0) || (n_controls > 2 && n_controls * 100 > head.len())
}

/// Bytes that text does not contain in any of the encodings read here.
fn is_control(byte: u8) -> bool {
    matches!(byte, 0x00..=0x08 | 0x0E..=0x19 | 0x1C..=0x1F)
}

/// What to say of Excel's binary workbooks.
pub(super) const XLSB: Found = Found {
    what: "an Excel binary workbook (.xlsb)",
    advice: "open it in Excel and save it as an Excel workbook (.xlsx)",
};

/// What to say where the bytes are data of an unknown kind.
pub(super) const DATA: Found = Found {
    what: "binary data",
    advice: SAVE_AS_CSV,
};

#[cfg(test)]
mod tests {
    use super::super::office::tests::archive;
    use super::*;

    fn check(head: &[u8], expected: Option<&str>) {
        assert_eq!(signature(head).map(|found| found.what), expected);
    }

    #[test]
    fn known_signatures_are_named() {
        check(&archive(&["word/document.xml"]), Some("a Word document"));
        check(&archive(&["data.csv"]), Some("a zip archive"));
        check(b"PAR1\x15\x04", Some("a Parquet file within gzip"));
        check(b"%PDF-1.7", Some("a PDF document"));
        check(b"\x89PNG\r\n", Some("a PNG image"));
    }

    #[test]
    fn a_header_that_begins_like_a_signature_is_still_text() {
        check(b"ORC,name\n1,Grom\n", None);
        check(b"BZhang,name\n", None);
    }
}
