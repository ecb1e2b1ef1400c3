//! Which encoding a text is in: byte order mark, then UTF-16's zeros, then UTF-8's own check, then
//! a statistical guess restricted to what our users' files are in.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

use super::TextEncoding;

/// What the first bytes of a text say about its encoding.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Detected {
    /// One of the encodings that are read.
    Text(TextEncoding),
    /// An encoding that is not read.
    Unsupported(&'static str),
    /// Not text.
    Data,
}

/// Guesses the encoding of a text from its first bytes, the last of which may be half a character.
pub(super) fn detect(head: &[u8]) -> Detected {
    match head {
        [0xEF, 0xBB, 0xBF, ..] => Detected::Text(TextEncoding::Utf8),
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Detected::Unsupported("UTF-32"),
        [0xFF, 0xFE, ..] => Detected::Text(TextEncoding::Utf16Le),
        [0xFE, 0xFF, ..] => Detected::Text(TextEncoding::Utf16Be),
        _ if head.contains(&0) => utf16_without_mark(head).map_or(Detected::Data, Detected::Text),
        _ if super::binary::is_data(head) => Detected::Data,
        _ => Detected::Text(byte_encoding(head)),
    }
}

/// UTF-16 without a byte order mark: read either way, the right one has plain ASCII (delimiters,
/// digits, line breaks), no lone surrogates and no control characters.
fn utf16_without_mark(head: &[u8]) -> Option<TextEncoding> {
    let little = n_ascii_units(head, u16::from_le_bytes);
    let big = n_ascii_units(head, u16::from_be_bytes);
    match (little, big) {
        (Some(l), b) if l > b.unwrap_or(0) => Some(TextEncoding::Utf16Le),
        (l, Some(b)) if b > l.unwrap_or(0) => Some(TextEncoding::Utf16Be),
        _ => None,
    }
}

/// Number of ASCII characters where the bytes are plausible UTF-16 in this byte order.
fn n_ascii_units(head: &[u8], unit: fn([u8; 2]) -> u16) -> Option<usize> {
    let units = head.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let n_units = head.len() / 2;
    let mut n_ascii = 0;
    let mut n_wrong = 0;
    for decoded in char::decode_utf16(units) {
        match decoded {
            Ok('\t' | '\n' | '\r') => n_ascii += 1,
            Ok(c) if c.is_control() || ('\u{FFFE}'..='\u{FFFF}').contains(&c) => return None,
            Ok(c) if c.is_ascii() => n_ascii += 1,
            Ok(_) => {}
            Err(_) => n_wrong += 1,
        }
    }
    // The last unit may be the first half of a pair that the cut took apart.
    (n_wrong <= 1 && n_ascii * 20 >= n_units).then_some(n_ascii)
}

/// An encoding of bytes without zeros. A few broken characters do not make UTF-8 something else:
/// their rows are rejected, all others are read.
fn byte_encoding(head: &[u8]) -> TextEncoding {
    let (n_valid, n_broken) = count_utf8(head);
    if n_broken == 0 || n_valid > 4 * n_broken {
        return TextEncoding::Utf8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(head, false);
    match detector.guess(None, Utf8Detection::Deny).name() {
        "GBK" | "gb18030" => TextEncoding::Gb18030,
        "windows-1252" => TextEncoding::Windows1252,
        // Short texts mislead the statistics towards encodings that are not read here.
        _ if is_mostly_common_hanzi(head) => TextEncoding::Gb18030,
        _ => TextEncoding::Windows1252,
    }
}

/// Characters beyond ASCII that are valid UTF-8, and places where UTF-8 is broken.
fn count_utf8(head: &[u8]) -> (usize, usize) {
    let mut n_valid = 0;
    let mut n_broken = 0;
    let mut rest = head;
    loop {
        match std::str::from_utf8(rest) {
            Ok(text) => return (n_valid + n_beyond_ascii(text.as_bytes()), n_broken),
            Err(error) => {
                n_valid += n_beyond_ascii(&rest[..error.valid_up_to()]);
                let Some(n) = error.error_len() else {
                    return (n_valid, n_broken);
                };
                n_broken += 1;
                rest = &rest[error.valid_up_to() + n..];
            }
        }
    }
}

fn n_beyond_ascii(valid: &[u8]) -> usize {
    valid.iter().filter(|&&b| b >= 0xC0).count()
}

/// Whether most bytes beyond ASCII pair up to GB2312 level 1 (rows B0 to D7), the 3,755 hanzi that
/// make up nearly all of everyday Chinese.
fn is_mostly_common_hanzi(head: &[u8]) -> bool {
    let mut n_pairs = 0;
    let mut n_common = 0;
    let mut at = 0;
    while at < head.len() {
        if head[at] < 0x80 {
            at += 1;
            continue;
        }
        n_pairs += 1;
        let is_common =
            matches!(head[at], 0xB0..=0xD7) && matches!(head.get(at + 1), Some(0xA1..=0xFE));
        n_common += usize::from(is_common);
        at += 2;
    }
    n_common * 10 >= n_pairs * 6
}

#[cfg(test)]
mod tests {
    use encoding_rs::{GB18030, WINDOWS_1252};

    use super::*;

    fn check(head: &[u8], expected: TextEncoding) {
        assert_eq!(detect(head), Detected::Text(expected));
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    const CHINESE: &str =
        "客户编号,姓名,手机,城市\n1,张伟,13812345678,上海\n2,王芳,13912345678,北京\n";

    #[test]
    fn utf_8_is_known_with_and_without_mark() {
        check(CHINESE.as_bytes(), TextEncoding::Utf8);
        check("\u{feff}a,b\n".as_bytes(), TextEncoding::Utf8);
        check(b"a,b\n1,2\n", TextEncoding::Utf8);
    }

    #[test]
    fn a_cut_within_a_character_is_still_utf_8() {
        let bytes = "name\n张".as_bytes();

        check(&bytes[..bytes.len() - 1], TextEncoding::Utf8);
    }

    #[test]
    fn one_broken_row_among_many_is_still_utf_8() {
        let mut bytes = CHINESE.repeat(3).into_bytes();
        bytes.extend(b"3,Andr\xE9,1,Paris\n");

        check(&bytes, TextEncoding::Utf8);
    }

    #[test]
    fn utf_16_is_known_with_and_without_mark() {
        for text in [CHINESE, "name,city\nAda,London\n"] {
            check(&utf16(text, u16::to_le_bytes), TextEncoding::Utf16Le);
            check(&utf16(text, u16::to_be_bytes), TextEncoding::Utf16Be);
            let marked = format!("\u{feff}{text}");
            check(&utf16(&marked, u16::to_le_bytes), TextEncoding::Utf16Le);
            check(&utf16(&marked, u16::to_be_bytes), TextEncoding::Utf16Be);
        }
    }

    #[test]
    fn chinese_bytes_are_gb18030() {
        check(&GB18030.encode(CHINESE).0, TextEncoding::Gb18030);
        check(&GB18030.encode("姓名\n张伟\n").0, TextEncoding::Gb18030);
    }

    #[test]
    fn western_bytes_are_windows_1252() {
        let text = "name,city\nJosé Muñoz,Málaga\nZoë Müller,Köln\nAndré,Orléans – “centre”\n";

        check(&WINDOWS_1252.encode(text).0, TextEncoding::Windows1252);
    }

    #[test]
    fn zeros_that_are_no_utf_16_are_data() {
        assert_eq!(detect(b"a\0\0\0\x01\x02\x03\0\0b"), Detected::Data);
    }
}
