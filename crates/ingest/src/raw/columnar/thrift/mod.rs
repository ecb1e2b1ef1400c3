//! The descriptions within a Parquet file, read just far enough to see whether they are honest. They are
//! in Thrift's compact form, and the decoder believes what they say of lengths and counts.
//!
//! Every known field must have the type that the format gives it: the decoder does not look at the type,
//! so that a field of another one would let it see something else than was checked here.

mod format;

use std::io::{self, Read};

pub(super) use self::format::Kind;
use self::format::{Shape, wire};
use super::limits::damaged;
use crate::IngestError;

/// Structures and lists within what nobody knows are followed to this depth.
const UNKNOWN_DEPTH_MAX: u32 = 32;

/// What a field says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    Number(i64),
    /// So many bytes, which are passed over.
    Bytes(u64),
    /// A list of so many, of which none is read yet.
    Items(u64),
}

/// Whoever looks at what a description says.
pub(super) trait Listener {
    /// A field of a structure of this kind.
    fn hear(&mut self, of: Kind, id: i16, said: Said) -> Result<(), IngestError>;

    /// The end of a structure of this kind.
    fn over(&mut self, _of: Kind) -> Result<(), IngestError> {
        Ok(())
    }
}

/// Reads descriptions, at most so many bytes of them.
#[derive(Debug)]
pub(super) struct Skim<R> {
    bytes: R,
    n_left: u64,
}

impl<R: Read> Skim<R> {
    pub(super) fn new(bytes: R, n_bytes: u64) -> Self {
        Self {
            bytes,
            n_left: n_bytes,
        }
    }

    /// Bytes that are not read yet.
    pub(super) fn n_left(&self) -> u64 {
        self.n_left
    }

    /// Reads a structure.
    ///
    /// # Errors
    /// [`IngestError::DamagedParquet`] where it is none of its kind, [`IngestError::Read`] where the source
    /// fails, and what the listener finds.
    pub(super) fn structure(
        &mut self,
        kind: Kind,
        listener: &mut impl Listener,
    ) -> Result<(), IngestError> {
        let mut last = 0;
        while let Some((wire, id)) = self.field(last)? {
            match kind.shape_of(id) {
                Some(shape) if shape.is(wire) => self.value(shape, (kind, id), listener)?,
                Some(_) => return Err(damaged("a field of its description has a wrong type")),
                None => self.pass_over(wire, UNKNOWN_DEPTH_MAX)?,
            }
            last = id;
        }
        listener.over(kind)
    }

    fn value(
        &mut self,
        shape: Shape,
        (kind, id): (Kind, i16),
        listener: &mut impl Listener,
    ) -> Result<(), IngestError> {
        match shape {
            // Its value stands in the type of the field.
            Shape::Bool => Ok(()),
            Shape::Byte => self.byte().map(|_| ()),
            Shape::Short | Shape::Int | Shape::Long => {
                let number = self.number(shape)?;
                listener.hear(kind, id, Said::Number(number))
            }
            Shape::Double => self.skip(8),
            Shape::Bytes => {
                let n_bytes = self.length()?;
                listener.hear(kind, id, Said::Bytes(n_bytes))?;
                self.skip(n_bytes)
            }
            Shape::Empty => match self.byte()? {
                0 => Ok(()),
                _ => Err(damaged("an empty part of its description is not empty")),
            },
            Shape::One(inner) => self.structure(inner, listener),
            Shape::Many(item) => self.items(*item, (kind, id), listener),
        }
    }

    fn items(
        &mut self,
        item: Shape,
        of: (Kind, i16),
        listener: &mut impl Listener,
    ) -> Result<(), IngestError> {
        let (wire, n) = self.list()?;
        listener.hear(of.0, of.1, Said::Items(n))?;
        if n > 0 && !item.is(wire) {
            return Err(damaged("a list of its description has a wrong type"));
        }
        for _ in 0..n {
            match item {
                Shape::One(inner) => self.structure(inner, listener)?,
                Shape::Bytes => {
                    let n_bytes = self.length()?;
                    self.skip(n_bytes)?;
                }
                number => {
                    self.number(number)?;
                }
            }
        }
        Ok(())
    }

    /// Passes over a value of a field that is not known here. The decoder does so, too.
    fn pass_over(&mut self, wire: u8, depth: u32) -> Result<(), IngestError> {
        let depth = depth
            .checked_sub(1)
            .ok_or_else(|| damaged("a part of its description is nested too deep"))?;
        match wire {
            wire::TRUE | wire::FALSE => Ok(()),
            wire::BYTE => self.skip(1),
            wire::SHORT | wire::INT | wire::LONG => self.varint().map(|_| ()),
            wire::DOUBLE => self.skip(8),
            wire::BYTES => {
                let n_bytes = self.length()?;
                self.skip(n_bytes)
            }
            wire::LIST | wire::SET => {
                let (item, n) = self.list()?;
                // The decoder takes them to have no bytes.
                if matches!(item, wire::TRUE | wire::FALSE) {
                    return Err(damaged("its description has a list that is not known"));
                }
                (0..n).try_for_each(|_| self.pass_over(item, depth))
            }
            wire::STRUCTURE => {
                let mut last = 0;
                while let Some((wire, id)) = self.field(last)? {
                    self.pass_over(wire, depth)?;
                    last = id;
                }
                Ok(())
            }
            _ => Err(damaged("its description has a type that is not known")),
        }
    }

    /// The type and the number of the next field; none at the end of a structure.
    fn field(&mut self, last: i16) -> Result<Option<(u8, i16)>, IngestError> {
        let head = self.byte()?;
        let (step, wire) = (i16::from(head >> 4), head & 0x0f);
        if wire == 0 {
            return Ok(None);
        }
        let id = match step {
            0 => i16::try_from(zigzag(self.varint()?)).ok(),
            step => last.checked_add(step),
        };
        let id = id.ok_or_else(|| damaged("a field of its description has no number"))?;
        Ok(Some((wire, id)))
    }

    /// The type and the number of the values of a list. Each takes at least one byte, which bounds it.
    fn list(&mut self) -> Result<(u8, u64), IngestError> {
        let head = self.byte()?;
        let n = match head >> 4 {
            15 => self.varint()?,
            n => u64::from(n),
        };
        if n > self.n_left {
            return Err(damaged("a list of its description is longer than the file"));
        }
        Ok((head & 0x0f, n))
    }

    fn number(&mut self, shape: Shape) -> Result<i64, IngestError> {
        let number = zigzag(self.varint()?);
        let fits = match shape {
            Shape::Short => i16::try_from(number).is_ok(),
            Shape::Int => i32::try_from(number).is_ok(),
            _ => true,
        };
        fits.then_some(number)
            .ok_or_else(|| damaged("a number of its description is too large"))
    }

    fn length(&mut self) -> Result<u64, IngestError> {
        let n_bytes = self.varint()?;
        if n_bytes > self.n_left {
            return Err(damaged("a text of its description is longer than the file"));
        }
        Ok(n_bytes)
    }

    fn varint(&mut self) -> Result<u64, IngestError> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(damaged("a number of its description does not end"))
    }

    fn byte(&mut self) -> Result<u8, IngestError> {
        let mut byte = [0];
        self.take(1)?;
        self.bytes.read_exact(&mut byte).map_err(read_error)?;
        Ok(byte[0])
    }

    fn skip(&mut self, n_bytes: u64) -> Result<(), IngestError> {
        self.take(n_bytes)?;
        let skipped = io::copy(&mut self.bytes.by_ref().take(n_bytes), &mut io::sink());
        match skipped.map_err(read_error)? {
            n if n == n_bytes => Ok(()),
            _ => Err(cut_off()),
        }
    }

    fn take(&mut self, n_bytes: u64) -> Result<(), IngestError> {
        self.n_left = self.n_left.checked_sub(n_bytes).ok_or_else(cut_off)?;
        Ok(())
    }
}

fn zigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

fn read_error(error: io::Error) -> IngestError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => cut_off(),
        _ => IngestError::Read(error),
    }
}

fn cut_off() -> IngestError {
    damaged("its description ends too early")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Heard(Vec<(Kind, i16, Said)>);

    impl Listener for Heard {
        fn hear(&mut self, of: Kind, id: i16, said: Said) -> Result<(), IngestError> {
            self.0.push((of, id, said));
            Ok(())
        }
    }

    fn heard(bytes: &[u8]) -> Result<Vec<(Kind, i16, Said)>, String> {
        let mut heard = Heard(Vec::new());
        let mut skim = Skim::new(bytes, bytes.len() as u64);
        let done = skim.structure(Kind::DictionaryPage, &mut heard);
        done.map(|()| heard.0).map_err(|error| error.to_string())
    }

    #[test]
    fn known_fields_are_told_and_unknown_ones_passed_over() {
        // 1: 300, 3: true, then field 9: a list of two texts.
        let bytes = [
            0x15, 0xd8, 0x04, 0x21, 0x69, 0x28, 1, b'a', 2, b'b', b'c', 0,
        ];

        let heard = heard(&bytes).unwrap();

        assert_eq!(heard, [(Kind::DictionaryPage, 1, Said::Number(300))]);
    }

    #[test]
    fn what_does_not_hold_together_is_refused() {
        let deep = [&[0x9c][..], &[0x1c; 100]].concat();
        for (bytes, reason) in [
            (&[0x15, 0x80][..], "ends too early"),
            (&[0x18, 1, b'a', 0], "wrong type"),
            (&[0x15, 0xff, 0xff, 0xff, 0xff, 0x7f, 0], "too large"),
            (&[0x98, 0x7f, 0], "longer than the file"),
            (&[0x99, 0xf5, 0xff, 0x7f, 0], "longer than the file"),
            (&[0x99, 0x22, 1, 1, 0], "not known"),
            (&deep, "too deep"),
        ] {
            let error = heard(bytes).unwrap_err();
            assert!(error.contains(reason), "{bytes:?}: {error}");
        }
    }
}
