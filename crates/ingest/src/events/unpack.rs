//! Bodies that were compressed for the way.

use std::io::Read;

use flate2::read::MultiGzDecoder;

use super::BodyFault;

/// Unpacks gzip data up to `limit` bytes, whatever they would grow to.
///
/// # Errors
/// [`BodyFault::BadGzip`] where the data are damaged, [`BodyFault::TooLarge`] where they hold more.
pub fn unpack(packed: &[u8], limit: usize) -> Result<Vec<u8>, BodyFault> {
    let mut unpacked = Vec::new();
    MultiGzDecoder::new(packed)
        .take(limit as u64 + 1)
        .read_to_end(&mut unpacked)
        .map_err(|_| BodyFault::BadGzip)?;
    if unpacked.len() > limit {
        return Err(BodyFault::TooLarge { limit });
    }
    Ok(unpacked)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_body_up_to_the_limit_is_unpacked() {
        assert_eq!(unpack(&packed(b"12345"), 5).unwrap(), b"12345");
    }

    #[test]
    fn a_small_body_that_grows_beyond_the_limit_is_refused() {
        let bomb = packed(&vec![b' '; 1 << 20]);
        assert!(bomb.len() < 2_000);

        let refused = unpack(&bomb, 1 << 16);

        assert_eq!(refused, Err(BodyFault::TooLarge { limit: 1 << 16 }));
    }

    #[test]
    fn damaged_and_cut_off_data_are_refused() {
        let whole = packed(b"{}");

        assert_eq!(unpack(b"{}", 9), Err(BodyFault::BadGzip));
        assert_eq!(
            unpack(&whole[..whole.len() - 1], 9),
            Err(BodyFault::BadGzip)
        );
    }
}
