//! Names of folders as IMAP writes them: UTF-7 with `&` and without `/` (RFC 3501, section 5.1.3).

use base64::Engine as _;
use base64::alphabet::IMAP_MUTF7;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::NO_PAD;

const BASE64: GeneralPurpose = GeneralPurpose::new(&IMAP_MUTF7, NO_PAD);

/// The name as it goes over the wire.
pub(crate) fn encode(name: &str) -> String {
    let mut written = String::new();
    let mut waiting: Vec<u16> = Vec::new();
    for c in name.chars() {
        if matches!(c, ' '..='~') {
            flush(&mut waiting, &mut written);
            written.push(c);
            if c == '&' {
                written.push('-');
            }
        } else {
            waiting.extend(c.encode_utf16(&mut [0; 2]).iter());
        }
    }
    flush(&mut waiting, &mut written);
    written
}

fn flush(waiting: &mut Vec<u16>, written: &mut String) {
    if waiting.is_empty() {
        return;
    }
    let bytes: Vec<u8> = waiting.drain(..).flat_map(u16::to_be_bytes).collect();
    written.push('&');
    written.push_str(&BASE64.encode(bytes));
    written.push('-');
}

/// The name as people read it; what is no such name stays as it is.
pub(crate) fn decode(written: &str) -> String {
    let mut name = String::new();
    let mut rest = written;
    while let Some((before, after)) = rest.split_once('&') {
        name.push_str(before);
        let Some((shifted, after)) = after.split_once('-') else {
            return written.to_owned();
        };
        if shifted.is_empty() {
            name.push('&');
        } else {
            let Ok(bytes) = BASE64.decode(shifted) else {
                return written.to_owned();
            };
            let units = bytes
                .chunks_exact(2)
                .map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            let Ok(text) = char::decode_utf16(units).collect::<Result<String, _>>() else {
                return written.to_owned();
            };
            name.push_str(&text);
        }
        rest = after;
    }
    name + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_the_standard_does_and_read_back() {
        // RFC 3501, section 5.1.3.
        for (name, written) in [
            ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
            ("Tom & Jerry", "Tom &- Jerry"),
            ("Entwürfe", "Entw&APw-rfe"),
            ("INBOX", "INBOX"),
        ] {
            assert_eq!(encode(name), written);
            assert_eq!(decode(written), name);
        }
        assert_eq!(decode("broken &x"), "broken &x");
    }
}
