//! What a workbook unpacks to, found out before any of it is kept.
//!
//! A workbook is a zip archive, and a small archive can unpack to more than any memory holds. What its
//! list of contents says of sizes may be a lie, so every part is unpacked once and thrown away; this
//! also finds damage before the first row is taken instead of after the last.

use std::io::{Read, Seek};

use zip::ZipArchive;
use zip::result::ZipError;

use super::markup::Markup;
use crate::IngestError;

/// The most that a workbook may unpack to, in bytes, all its sheets and pictures together.
pub const MAX_UNPACKED_BYTES: u64 = 2 << 30;

/// How much is unpacked at once.
const BLOCK_BYTES: usize = 64 * 1024;

/// What a shared text takes up beyond its letters; room for all of them is made at once.
const TEXT_BYTES: u64 = 32;

/// The limits of [`measure`], in bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// All parts together.
    pub(super) workbook: u64,
    /// The texts that all sheets share, which are held in memory.
    pub(super) shared_texts: u64,
    /// The looks of cells, held in memory too.
    pub(super) styles: u64,
    /// One cell, tag or text, which is held in memory whole.
    pub(super) piece: u64,
    /// All that is held in memory while the workbook is open.
    pub(super) held: u64,
}

/// The limits of every workbook.
pub(super) const LIMITS: Limits = Limits {
    workbook: MAX_UNPACKED_BYTES,
    shared_texts: 512 << 20,
    styles: 16 << 20,
    piece: 16 << 20,
    held: 1 << 30,
};

impl Limits {
    /// What one part may unpack to.
    fn of(&self, name: &str) -> u64 {
        let name = name.to_ascii_lowercase();
        if name.ends_with("sharedstrings.xml") {
            self.shared_texts
        } else if name.ends_with("styles.xml") {
            self.styles
        } else {
            self.workbook
        }
    }
}

/// Where a part of the workbook lies in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    /// Where it begins.
    pub(super) start: u64,
    /// Its bytes as they are packed.
    pub(super) n_packed: u64,
}

/// Unpacks every part once and throws it away.
///
/// # Errors
/// [`IngestError::WorkbookTooLarge`], [`IngestError::CellTooLarge`] or [`IngestError::WorkbookTooRich`]
/// beyond the limits, [`IngestError::DamagedWorkbook`] where a part cannot be unpacked or does not check.
pub(super) fn measure(
    source: &mut (impl Read + Seek),
    limits: &Limits,
) -> Result<Vec<Part>, IngestError> {
    let mut archive = ZipArchive::new(source).map_err(damaged)?;
    let mut parts = Vec::with_capacity(archive.len());
    let mut n_total = 0;
    let mut n_held = 0;
    for idx in 0..archive.len() {
        let mut part = archive.by_index(idx).map_err(damaged)?;
        let name = String::from_utf8_lossy(part.name_raw()).into_owned();
        let limit = limits.of(&name).min(limits.workbook - n_total);
        let too_large = |limit: u64| {
            let limit = if limit == limits.of(&name) {
                limit
            } else {
                limits.workbook
            };
            IngestError::WorkbookTooLarge {
                part: name.clone(),
                limit_bytes: limit,
            }
        };
        // What says itself that it is too large need not be unpacked to be believed.
        if part.size() > limit {
            return Err(too_large(limit));
        }
        parts.push(Part {
            start: part.header_start(),
            n_packed: part.compressed_size(),
        });
        let unpacked = unpack(&mut part, &name, limit, limits.piece)?;
        let unpacked = unpacked.ok_or_else(|| too_large(limit))?;
        n_total += unpacked.n_bytes;
        n_held += unpacked.n_held;
        if n_held > limits.held {
            return Err(IngestError::WorkbookTooRich {
                part: name,
                limit_bytes: limits.held,
            });
        }
    }
    Ok(parts)
}

/// What came out of a part.
struct Unpacked {
    n_bytes: u64,
    /// About how many bytes the reader will hold of them.
    n_held: u64,
}

/// Unpacks a part; none where it is more than `limit` bytes.
fn unpack(
    part: &mut impl Read,
    name: &str,
    limit: u64,
    limit_piece: u64,
) -> Result<Option<Unpacked>, IngestError> {
    let mut block = vec![0; BLOCK_BYTES];
    let mut n_bytes = 0;
    let mut n_promised = PromisedTexts::default();
    let mut markup = Markup::default();
    loop {
        let n = part
            .read(&mut block)
            .map_err(|error| damaged(ZipError::Io(error)))?;
        if n == 0 {
            break;
        }
        n_bytes += n as u64;
        if n_bytes > limit {
            return Ok(None);
        }
        n_promised.read(&block[..n]);
        markup.read(&block[..n]);
        if markup.n_longest_piece() > limit_piece {
            return Err(IngestError::CellTooLarge {
                part: name.to_owned(),
                limit_bytes: limit_piece,
            });
        }
    }
    if n_promised.max > n_bytes {
        let reason = format!(
            "{name} promises {} texts that it does not have",
            n_promised.max
        );
        return Err(IngestError::DamagedWorkbook { reason });
    }
    let n_held = markup
        .n_held()
        .max(n_promised.max.saturating_mul(TEXT_BYTES));
    Ok(Some(Unpacked { n_bytes, n_held }))
}

/// How many texts a part says that it has. Room is made for so many before one of them is read, so a
/// number that its bytes cannot hold must not get that far.
#[derive(Debug, Default)]
struct PromisedTexts {
    max: u64,
    /// The end of the block before: the number may be cut by the end of a block.
    tail: Vec<u8>,
}

impl PromisedTexts {
    const NAME: &'static [u8] = b"uniqueCount";
    /// The name, an equals sign, a quote and as many digits as a number has.
    const TAIL_BYTES: usize = 64;

    fn read(&mut self, block: &[u8]) {
        let n_next = block.len().min(Self::TAIL_BYTES);
        self.tail.extend_from_slice(&block[..n_next]);
        let at_seam = promised_in(&self.tail);
        self.max = self.max.max(at_seam).max(promised_in(block));
        let n_kept = block.len().min(Self::TAIL_BYTES);
        self.tail.clear();
        self.tail.extend_from_slice(&block[block.len() - n_kept..]);
    }
}

/// The largest number of texts that is promised in some bytes; zero where none is.
fn promised_in(bytes: &[u8]) -> u64 {
    let name = PromisedTexts::NAME;
    let mut max = 0;
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|&b| b == name[0]) {
        rest = &rest[at..];
        if rest.starts_with(name) {
            let digits = rest[name.len()..]
                .iter()
                .skip_while(|b| b" \t\r\n=\"'".contains(b))
                .take_while(|b| b.is_ascii_digit());
            let number = digits.fold(0_u64, |number, digit| {
                number
                    .saturating_mul(10)
                    .saturating_add(u64::from(digit - b'0'))
            });
            max = max.max(number);
        }
        rest = &rest[1..];
    }
    max
}

fn damaged(error: ZipError) -> IngestError {
    let reason = error.to_string();
    IngestError::DamagedWorkbook { reason }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use zip::write::SimpleFileOptions;

    use super::*;

    const SMALL: Limits = Limits {
        workbook: 1000,
        shared_texts: 300,
        styles: 200,
        piece: 600,
        held: 5000,
    };

    fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, contents) in parts {
            writer
                .start_file(*name, SimpleFileOptions::default())
                .unwrap();
            writer.write_all(contents).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn measured(bytes: Vec<u8>) -> Result<usize, String> {
        let parts = measure(&mut Cursor::new(bytes), &SMALL);
        parts
            .map(|parts| parts.len())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn parts_within_their_limits_are_listed() {
        let parts: [(&str, &[u8]); 3] = [
            ("xl/styles.xml", &[b' '; 200]),
            ("xl/sharedStrings.xml", &[b' '; 300]),
            ("xl/worksheets/sheet1.xml", &[b' '; 500]),
        ];

        assert_eq!(measured(archive(&parts)), Ok(3));
    }

    #[test]
    fn a_part_beyond_its_limit_is_named_with_the_limit() {
        let check = |parts: &[(&str, &[u8])], expected: &str| {
            let said = measured(archive(parts)).unwrap_err();
            assert!(said.starts_with(expected), "{said}");
        };

        check(
            &[("xl/styles.xml", &[b' '; 201])],
            "xl/styles.xml in the workbook makes it larger than 200 bytes",
        );
        check(
            &[("a", &[b' '; 600]), ("b", &[b' '; 401])],
            "b in the workbook makes it larger than 1000 bytes",
        );
    }

    #[test]
    fn what_would_be_held_in_memory_is_refused_before_it_is_read() {
        let check = |limits: Limits, contents: &str, expected: &str| {
            let bytes = archive(&[("xl/a.xml", contents.as_bytes())]);
            let said = measure(&mut Cursor::new(bytes), &limits).unwrap_err();
            let said = said.to_string();
            assert!(said.starts_with(expected), "{said}");
        };
        let room = Limits {
            workbook: 100_000,
            ..SMALL
        };

        check(
            room,
            &format!("<a><c><is>{}</is></c></a>", "<t>a</t>".repeat(100)),
            "xl/a.xml in the workbook has a cell or another piece of more than 600 bytes",
        );
        let font = format!("<font><name val=\"{}\"/></font>", "n".repeat(400));
        check(
            room,
            &format!("<a>{font}{}</a>", "<xf/>".repeat(6)),
            "the texts and formats of the workbook take more than 5000 bytes",
        );
        check(
            room,
            &format!("<sst uniqueCount=\"200\">{}</sst>", " ".repeat(200)),
            "the texts and formats of the workbook take more than 5000 bytes",
        );
    }

    #[test]
    fn a_part_that_says_it_is_small_is_not_believed() {
        let mut bytes = archive(&[("a", &[b' '; 5000])]);
        let at = bytes.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
        bytes[at + 24..at + 28].copy_from_slice(&10_u32.to_le_bytes());

        let said = measured(bytes).unwrap_err();

        assert!(said.contains("larger than its declared"), "{said}");
    }

    #[test]
    fn the_number_of_texts_is_found_wherever_a_block_ends() {
        let text = b"<?xml version=\"1.0\"?><sst count=\"9\" uniqueCount = '123456'><si/>";

        for at in 0..text.len() {
            let mut promised = PromisedTexts::default();
            promised.read(&text[..at]);
            promised.read(&text[at..]);
            assert_eq!(promised.max, 123_456, "{at}");
        }
    }
}
