//! Learning curves as an event file that TensorBoard reads.
//!
//! A file is a row of records: length, masked checksum of the length, an `Event` message of protocol
//! buffers, masked checksum of the message. Source: TensorFlow, `core/lib/io/record_writer.h` and
//! `core/util/event.proto`. A scalar needs six fields of three messages, so they are written by hand.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use chrono::{DateTime, Utc};

use super::Recorder;

/// A file of scalars.
#[derive(Debug)]
pub struct EventFile {
    file: BufWriter<File>,
    at: DateTime<Utc>,
    failure: Option<io::Error>,
}

impl EventFile {
    /// Begins a file `events.out.tfevents.<seconds>.rapport` in the folder. `at` is the instant that
    /// all of its events carry.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn create(folder: &Path, at: DateTime<Utc>) -> io::Result<Self> {
        let name = format!("events.out.tfevents.{:010}.rapport", at.timestamp());
        let file = BufWriter::new(File::create(folder.join(name))?);
        let mut events = Self {
            file,
            at,
            failure: None,
        };
        // field 3: file_version
        let mut event = events.event(0);
        put_bytes(&mut event, 3, b"brain.Event:2");
        events.write(&event)?;
        Ok(events)
    }

    /// Writes what is still in memory, and says what went wrong on the way, if anything did.
    ///
    /// # Errors
    /// The first failure to write.
    pub fn finish(mut self) -> io::Result<()> {
        match self.failure.take() {
            Some(failure) => Err(failure),
            None => self.file.flush(),
        }
    }

    /// An event with its time (field 1, a double) and step (field 2).
    fn event(&self, step: usize) -> Vec<u8> {
        let mut event = Vec::with_capacity(64);
        put_key(&mut event, 1, Wire::Fixed64);
        let seconds = self.at.timestamp_millis() as f64 / 1e3;
        event.extend(seconds.to_le_bytes());
        put_key(&mut event, 2, Wire::Varint);
        put_varint(&mut event, step as u64);
        event
    }

    fn write(&mut self, event: &[u8]) -> io::Result<()> {
        let length = (event.len() as u64).to_le_bytes();
        self.file.write_all(&length)?;
        self.file
            .write_all(&masked_checksum(&length).to_le_bytes())?;
        self.file.write_all(event)?;
        self.file.write_all(&masked_checksum(event).to_le_bytes())
    }
}

impl Recorder for EventFile {
    /// A failure to write is told by [`finish`](EventFile::finish): a curve is no reason to stop a
    /// training.
    fn record(&mut self, name: &str, step: usize, value: f64) {
        if self.failure.is_some() {
            return;
        }
        // Summary.Value: field 1 the tag, field 2 the number as a float.
        let mut number = Vec::with_capacity(name.len() + 8);
        put_bytes(&mut number, 1, name.as_bytes());
        put_key(&mut number, 2, Wire::Fixed32);
        number.extend((value as f32).to_le_bytes());
        // Summary: field 1 its values. Event: field 5 the summary.
        let mut summary = Vec::with_capacity(number.len() + 4);
        put_bytes(&mut summary, 1, &number);
        let mut event = self.event(step);
        put_bytes(&mut event, 5, &summary);
        self.failure = self.write(&event).err();
    }
}

/// Wire types of protocol buffers.
#[derive(Clone, Copy)]
enum Wire {
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}

fn put_key(to: &mut Vec<u8>, field: u64, wire: Wire) {
    put_varint(to, field << 3 | wire as u64);
}

fn put_bytes(to: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    put_key(to, field, Wire::Bytes);
    put_varint(to, bytes.len() as u64);
    to.extend(bytes);
}

fn put_varint(to: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        to.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    to.push(value as u8);
}

/// The checksum of a record: CRC-32C, turned and moved so that a checksum of checksums is harmless.
fn masked_checksum(bytes: &[u8]) -> u32 {
    let sum = crc32c(bytes);
    sum.rotate_right(15).wrapping_add(0xa282_ead8)
}

/// CRC-32C (Castagnoli), bit by bit: a scalar's event is short.
fn crc32c(bytes: &[u8]) -> u32 {
    const REVERSED_POLYNOMIAL: u32 = 0x82f6_3b78;
    let sum = bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (REVERSED_POLYNOMIAL & (sum & 1).wrapping_neg())
        })
    });
    !sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_castagnoli_s() {
        // RFC 3720, appendix B.4.
        assert_eq!(crc32c(&[0; 32]), 0x8a91_36aa);
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
    }

    #[test]
    fn a_scalar_is_the_record_that_tensorboard_reads() {
        let folder = tempfile::tempdir().unwrap();
        let at = DateTime::from_timestamp(1_700_000_000, 0).unwrap();

        let mut events = EventFile::create(folder.path(), at).unwrap();
        events.record("loss", 300, 0.5);
        events.finish().unwrap();

        let name = "events.out.tfevents.1700000000.rapport";
        let bytes = std::fs::read(folder.path().join(name)).unwrap();
        // The first record: 8 + 4 + 26 + 4 bytes.
        let first = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
        assert_eq!(&bytes[12 + first - 13..12 + first], b"brain.Event:2");
        let second = &bytes[16 + first..];
        let length = u64::from_le_bytes(second[..8].try_into().unwrap()) as usize;
        let sum = u32::from_le_bytes(second[8..12].try_into().unwrap());
        assert_eq!(sum, masked_checksum(&second[..8]));
        let mut expected = vec![0x09];
        expected.extend(1_700_000_000_f64.to_le_bytes());
        expected.extend([0x10, 0xac, 0x02]); // step 300
        expected.extend([0x2a, 13, 0x0a, 11, 0x0a, 4]); // summary, value, tag
        expected.extend(b"loss");
        expected.push(0x15);
        expected.extend(0.5_f32.to_le_bytes());
        assert_eq!(&second[12..12 + length], expected);
        assert_eq!(
            second.len(),
            12 + length + 4,
            "nothing after the last checksum"
        );
    }
}
