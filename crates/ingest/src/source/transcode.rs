//! Any encoding that is read, to UTF-8, piece by piece.

use std::fmt;
use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::TextEncoding;

/// What stands in the output for bytes that mean nothing. UTF-8 never contains it.
const MARK: u8 = 0xFF;

const INPUT_BYTES: usize = 16 * 1024;

/// No encoding needs more than three bytes of UTF-8 for a byte of its own, so this is never
/// outgrown in practice.
const OUTPUT_BYTES: usize = 4 * INPUT_BYTES;

/// A streaming decoder with fixed buffers.
pub(crate) struct Transcoder {
    decoder: Decoder,
    input: Box<[u8]>,
    output: Vec<u8>,
    /// What of `output` was not handed out yet.
    ready: std::ops::Range<usize>,
    is_done: bool,
}

impl Transcoder {
    /// A decoder that drops a byte order mark; none for UTF-8, which passes as it is.
    pub(crate) fn new(encoding: TextEncoding) -> Option<Self> {
        let encoding: &'static Encoding = match encoding {
            TextEncoding::Utf8 => return None,
            TextEncoding::Utf16Le => UTF_16LE,
            TextEncoding::Utf16Be => UTF_16BE,
            TextEncoding::Gb18030 => GB18030,
            TextEncoding::Windows1252 => WINDOWS_1252,
        };
        Some(Self {
            decoder: encoding.new_decoder_with_bom_removal(),
            input: vec![0; INPUT_BYTES].into(),
            output: vec![0; OUTPUT_BYTES],
            ready: 0..0,
            is_done: false,
        })
    }

    /// Reads from `source`, hands out UTF-8; zero bytes mean the end.
    pub(crate) fn read(&mut self, source: &mut impl Read, out: &mut [u8]) -> io::Result<usize> {
        while self.ready.is_empty() {
            if self.is_done {
                return Ok(0);
            }
            self.refill(source)?;
        }
        let n = self.ready.len().min(out.len());
        let from = self.ready.start;
        out[..n].copy_from_slice(&self.output[from..from + n]);
        self.ready.start += n;
        Ok(n)
    }

    fn refill(&mut self, source: &mut impl Read) -> io::Result<()> {
        let n = source.read(&mut self.input)?;
        let is_last = n == 0;
        let mut at = 0;
        let mut written = 0;
        loop {
            // One byte of room stays for a mark.
            let room = written..self.output.len() - 1;
            let (result, n_read, n_written) = self.decoder.decode_to_utf8_without_replacement(
                &self.input[at..n],
                &mut self.output[room],
                is_last,
            );
            at += n_read;
            written += n_written;
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => self.output.resize(self.output.len() * 2, 0),
                DecoderResult::Malformed(..) => {
                    self.output[written] = MARK;
                    written += 1;
                }
            }
        }
        self.ready = 0..written;
        self.is_done = is_last;
        Ok(())
    }
}

impl fmt::Debug for Transcoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encoding = self.decoder.encoding().name();
        f.debug_struct("Transcoder")
            .field("encoding", &encoding)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn transcode(mut bytes: &[u8], encoding: TextEncoding) -> Vec<u8> {
        let mut transcoder = Transcoder::new(encoding).unwrap();
        let mut text = Vec::new();
        let mut part = [0; 7];
        loop {
            match transcoder.read(&mut bytes, &mut part).unwrap() {
                0 => return text,
                n => text.extend_from_slice(&part[..n]),
            }
        }
    }

    #[test]
    fn a_lone_surrogate_becomes_a_byte_that_utf_8_never_has() {
        let bytes: Vec<u8> = [0x61, 0xD800, 0x62]
            .into_iter()
            .flat_map(u16::to_le_bytes)
            .collect();

        assert_eq!(transcode(&bytes, TextEncoding::Utf16Le), b"a\xFFb");
    }

    proptest! {
        #[test]
        fn any_bytes_in_any_encoding_come_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..40_000)) {
            for encoding in [TextEncoding::Utf16Le, TextEncoding::Utf16Be, TextEncoding::Gb18030, TextEncoding::Windows1252] {
                transcode(&bytes, encoding);
            }
        }
    }
}
