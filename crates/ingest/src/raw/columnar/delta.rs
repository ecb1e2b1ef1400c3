//! Pages of texts that are written as differences. They say once more, within their bytes, how many texts
//! there are, and one text may be the beginning of thousands of others: a page of two megabytes can hold
//! gigabytes of texts. How much it is, is worked out from their lengths before they are made.

use std::sync::Arc;

use parquet::basic::Encoding;
use parquet::column::page::{Page, PageReader as _};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::serialized_reader::SerializedPageReader;

use super::guarded;
use super::limits::damaged;
use super::shared::SharedSource;
use crate::IngestError;

/// Values of a part of a block. Writers have 32.
const N_OF_PART_MAX: u64 = 1 << 16;

/// Bytes of the texts of a chunk.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Texts {
    /// Of the page with the most.
    pub(super) largest: u64,
    /// Of all pages.
    pub(super) all: u64,
}

/// What the texts of a chunk take that are written as differences. Its pages are unpacked one by one.
///
/// # Errors
/// [`IngestError::DamagedParquet`] where lengths do not hold together.
pub(super) fn texts_of(
    source: &SharedSource,
    chunk: &ColumnChunkMetaData,
    n_rows: usize,
) -> Result<Texts, IngestError> {
    let source = Arc::new(source.clone());
    let mut pages = guarded(|| SerializedPageReader::new(source, chunk, n_rows, None))?;
    let mut texts = Texts::default();
    while let Some(page) = guarded(|| pages.get_next_page())? {
        let n_bytes = of_page(&page, chunk)?;
        texts.largest = texts.largest.max(n_bytes);
        texts.all = texts.all.saturating_add(n_bytes);
    }
    Ok(texts)
}

fn of_page(page: &Page, chunk: &ColumnChunkMetaData) -> Result<u64, IngestError> {
    let (values, n_values) = match page {
        Page::DataPage {
            buf,
            num_values,
            def_level_encoding,
            rep_level_encoding,
            ..
        } => {
            let about = chunk.column_descr();
            let values = without_levels(buf, about.max_rep_level(), *rep_level_encoding)?;
            let values = without_levels(values, about.max_def_level(), *def_level_encoding)?;
            (values, *num_values)
        }
        Page::DataPageV2 {
            buf,
            num_values,
            def_levels_byte_len,
            rep_levels_byte_len,
            ..
        } => {
            let n_levels = u64::from(*def_levels_byte_len) + u64::from(*rep_levels_byte_len);
            let values = usize::try_from(n_levels).ok().and_then(|n| buf.get(n..));
            (values.ok_or_else(cut_off)?, *num_values)
        }
        Page::DictionaryPage { .. } => return Ok(0),
    };
    match page.encoding() {
        // The texts themselves stand in the page as they are.
        Encoding::DELTA_LENGTH_BYTE_ARRAY => Lengths::read(values, n_values).map(|it| it.sum),
        Encoding::DELTA_BYTE_ARRAY => {
            let shared = Lengths::read(values, n_values)?;
            let own = Lengths::read(shared.rest, n_values)?;
            Ok(shared.sum.saturating_add(own.sum))
        }
        _ => Ok(0),
    }
}

/// What follows the levels of a page of the first version, which say their length. The form that does not
/// is older than differences.
fn without_levels(bytes: &[u8], level_max: i16, form: Encoding) -> Result<&[u8], IngestError> {
    if level_max == 0 {
        return Ok(bytes);
    }
    if form != Encoding::RLE {
        return Err(damaged("a page has levels of an old form"));
    }
    let (length, rest) = bytes.split_first_chunk().ok_or_else(cut_off)?;
    let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
    rest.get(length..).ok_or_else(cut_off)
}

/// Lengths of texts, written as differences in blocks of small ones (`DELTA_BINARY_PACKED`).
struct Lengths<'b> {
    sum: u64,
    /// What follows them.
    rest: &'b [u8],
}

impl<'b> Lengths<'b> {
    fn read(bytes: &'b [u8], n_max: u32) -> Result<Self, IngestError> {
        let mut rest = bytes;
        let n_of_block = varint(&mut rest)?;
        let n_parts = varint(&mut rest)?;
        let mut n_left = varint(&mut rest)?;
        let mut length = zigzag(varint(&mut rest)?);
        let n_of_part = n_of_block.checked_div(n_parts).unwrap_or_default();
        if n_left > u64::from(n_max) {
            return Err(damaged("a page has more texts than values"));
        }
        // A part holds 32 values or a multiple of them, so that it ends with a byte.
        if n_of_part == 0 || n_of_part % 32 != 0 || n_of_part > N_OF_PART_MAX {
            return Err(damaged("the lengths of a page have no form"));
        }
        let mut sum = if n_left > 0 { unsigned(length) } else { 0 };
        n_left = n_left.saturating_sub(1);
        while n_left > 0 {
            let least = zigzag(varint(&mut rest)?);
            let n_widths = usize::try_from(n_parts).unwrap_or(usize::MAX);
            let (widths, after) = rest.split_at_checked(n_widths).ok_or_else(cut_off)?;
            rest = after;
            for &width in widths {
                if n_left == 0 {
                    break;
                }
                let n_bytes = usize::from(width) * n_of_part as usize / 8;
                let (part, after) = rest.split_at_checked(n_bytes).ok_or_else(cut_off)?;
                rest = after;
                for nth in 0..n_of_part.min(n_left) {
                    let step = least.wrapping_add(bits(part, nth as usize, width)?);
                    // The decoder counts in 32 bits, and goes round at their end.
                    length = i64::from(length.wrapping_add(step) as i32);
                    sum = sum.saturating_add(unsigned(length));
                }
                n_left -= n_of_part.min(n_left);
            }
        }
        Ok(Self { sum, rest })
    }
}

/// The number of a place in a row of numbers of so many bits.
fn bits(part: &[u8], nth: usize, width: u8) -> Result<i64, IngestError> {
    if width > 32 {
        return Err(damaged("the lengths of a page have no form"));
    }
    let (width, begin) = (usize::from(width), nth * usize::from(width));
    let value = (0..width).fold(0_i64, |value, at| {
        let (byte, bit) = ((begin + at) / 8, (begin + at) % 8);
        let is_set = part.get(byte).is_some_and(|byte| (byte >> bit) & 1 == 1);
        value | (i64::from(is_set) << at)
    });
    Ok(value)
}

fn varint(bytes: &mut &[u8]) -> Result<u64, IngestError> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first().ok_or_else(cut_off)?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(damaged("a number of a page does not end"))
}

fn zigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

/// A length below zero is for the decoder to refuse.
fn unsigned(length: i64) -> u64 {
    u64::try_from(length).unwrap_or_default()
}

fn cut_off() -> IngestError {
    damaged("a page ends too early")
}
