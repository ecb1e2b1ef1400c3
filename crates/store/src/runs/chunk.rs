//! A stretch of a curve as bytes: each point as the distance of its step from the one before (LEB128)
//! and its value (eight bytes, little end first), nine bytes for most.

use super::Point;
use crate::StoreError;

/// Points of one chunk at most: some 18 kB, which a page of a database's file holds in a few pieces.
pub(super) const N_POINTS_MAX: usize = 2_000;

/// Writes points whose steps grow; the first distance is that from 0.
pub(super) fn encode(points: &[Point]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(points.len() * 10);
    let mut before = 0;
    for point in points {
        push_varint(&mut bytes, point.step - before);
        bytes.extend_from_slice(&point.value.to_le_bytes());
        before = point.step;
    }
    bytes
}

/// Reads what [`encode`] wrote.
pub(super) fn decode(bytes: &[u8]) -> Result<Vec<Point>, StoreError> {
    let mut points = Vec::with_capacity(bytes.len() / 9);
    let (mut rest, mut step) = (bytes, 0_u64);
    while !rest.is_empty() {
        let point = take_varint(&mut rest)
            .and_then(|distance| step.checked_add(distance))
            .zip(rest.split_first_chunk::<8>());
        let Some((at, (value, tail))) = point else {
            return Err(StoreError::Decode {
                column: "run_chunks.points",
                reason: format!("it ends or breaks within point {}", points.len()),
            });
        };
        (step, rest) = (at, tail);
        points.push(Point {
            step,
            value: f64::from_le_bytes(*value),
        });
    }
    Ok(points)
}

fn push_varint(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number & 0x7F) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// The number at the front; none where the bytes end within it or it has more than 64 bits.
fn take_varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        let digit = u64::from(byte & 0x7F);
        if (digit << shift) >> shift != digit {
            return None;
        }
        number |= digit << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::*;

    proptest! {
        #[test]
        fn points_read_back_as_written(distances: Vec<u32>, bits: Vec<u64>) {
            let mut step = 0_u64;
            let points: Vec<Point> = distances.iter().zip(bits).map(|(&distance, bits)| {
                step += u64::from(distance);
                Point { step, value: f64::from_bits(bits) }
            }).collect();

            let read = decode(&encode(&points)).unwrap();

            prop_assert_eq!(read.len(), points.len());
            for (read, point) in read.iter().zip(&points) {
                prop_assert_eq!(read.step, point.step);
                prop_assert_eq!(read.value.to_bits(), point.value.to_bits());
            }
        }

        #[test]
        fn any_bytes_are_points_or_an_error(bytes: Vec<u8>) {
            prop_assert!(decode(&bytes).is_ok() || decode(&bytes).is_err());
        }
    }

    #[test]
    fn the_largest_step_reads_back_and_what_is_cut_off_is_refused() {
        let point = Point {
            step: u64::MAX,
            value: 0.5,
        };
        let bytes = encode(&[point]);

        assert_eq!(decode(&bytes).unwrap(), [point]);
        assert!(decode(&bytes[..bytes.len() - 1]).is_err());
        assert!(decode(&[0xFF; 20]).is_err());
    }
}
