//! The pages of a group of rows, looked at before they are decoded. What a chunk declares binds none of
//! its pages: a header of thirty bytes can promise two gigabytes, or a thousand million nothings in one
//! row, and the decoder allocates what is promised.

use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};

use super::delta;
use super::limits::{damaged, too_large};
use super::shared::SharedSource;
use super::thrift::{Kind, Listener, Said, Skim};
use crate::IngestError;

/// Bytes that the decoder holds of a group of rows: of every column its dictionary and its largest page.
const HELD_BYTES_MAX: u64 = 1 << 30;

/// Values within lists, of one group of rows.
const LIST_VALUES_MAX: u64 = 32 << 20;

/// Pages of one column in a group of rows.
const PAGES_MAX: u64 = 100_000;

/// How often all pages so far may be larger than their part of the file: beyond that it is a bomb.
const EXPANSION_MAX: u64 = 1_000;

/// Bytes that may unpack from whatever.
const HARMLESS_BYTES: u64 = 1 << 30;

/// What the pages of the groups so far take, in the file and unpacked.
#[derive(Debug, Default)]
pub(super) struct Volume {
    packed: u64,
    unpacked: u64,
}

/// Looks at the headers of all pages of a group.
///
/// # Errors
/// [`IngestError::DamagedParquet`] where they do not fit the group, [`IngestError::ParquetTooLarge`] where
/// they would fill the memory, [`IngestError::Read`] where the source fails.
pub(super) fn check(
    source: &SharedSource,
    group: &RowGroupMetaData,
    volume: &mut Volume,
) -> Result<(), IngestError> {
    let n_rows = u64::try_from(group.num_rows()).unwrap_or_default();
    let (mut held, mut n_in_lists) = (0_u64, 0_u64);
    for chunk in group.columns() {
        let mut pages = Pages::of(source, chunk)?;
        check_held(held, &pages)?;
        if pages.has_differences {
            let n_rows = usize::try_from(n_rows).unwrap_or(usize::MAX);
            let texts = delta::texts_of(source, chunk, n_rows)?;
            pages.largest = pages.largest.max(texts.largest);
            pages.unpacked = pages.unpacked.saturating_add(texts.all);
        }
        held = check_held(held, &pages)?;
        if chunk.column_descr().max_rep_level() > 0 {
            n_in_lists = n_in_lists.saturating_add(pages.n_values);
        } else if pages.n_values != n_rows {
            return Err(damaged("a column has more or fewer values than rows"));
        }
        if n_in_lists > LIST_VALUES_MAX {
            return Err(too_large(
                format!("{n_in_lists} values in the lists of one group of rows"),
                format!("{LIST_VALUES_MAX} values; write smaller groups"),
            ));
        }
        volume.add(&pages)?;
    }
    Ok(())
}

/// Bytes that are held with those of one more column.
fn check_held(held: u64, pages: &Pages) -> Result<u64, IngestError> {
    let held = held.saturating_add(pages.dictionary.saturating_add(pages.largest));
    if held > HELD_BYTES_MAX {
        return Err(too_large(
            "pages of more than a gigabyte in one group of rows".to_owned(),
            format!("{HELD_BYTES_MAX} bytes; write smaller pages or groups"),
        ));
    }
    Ok(held)
}

impl Volume {
    fn add(&mut self, pages: &Pages) -> Result<(), IngestError> {
        self.packed = self.packed.saturating_add(pages.packed);
        self.unpacked = self.unpacked.saturating_add(pages.unpacked);
        let allowed = self.packed.saturating_mul(EXPANSION_MAX);
        if self.unpacked > allowed.saturating_add(HARMLESS_BYTES) {
            return Err(too_large(
                format!("{} bytes within {}", self.unpacked, self.packed),
                format!("{EXPANSION_MAX} times what they take in the file"),
            ));
        }
        Ok(())
    }
}

/// What the headers of the pages of a chunk say together.
#[derive(Debug, Default)]
struct Pages {
    /// Bytes of dictionaries, unpacked.
    dictionary: u64,
    /// Bytes of the largest other page, unpacked.
    largest: u64,
    /// Bytes of all pages, in the file and unpacked.
    packed: u64,
    unpacked: u64,
    /// Values of all pages but dictionaries.
    n_values: u64,
    /// Whether texts are written as differences.
    has_differences: bool,
}

impl Pages {
    fn of(source: &SharedSource, chunk: &ColumnChunkMetaData) -> Result<Self, IngestError> {
        let start = chunk.dictionary_page_offset();
        let start = start.unwrap_or_else(|| chunk.data_page_offset());
        let unsigned = |n: i64| u64::try_from(n).map_err(|_| damaged("a column begins nowhere"));
        let (mut at, mut n_left) = (unsigned(start)?, unsigned(chunk.compressed_size())?);
        let mut pages = Self::default();
        let mut n_pages = 0;
        while n_left > 0 {
            n_pages += 1;
            if n_pages > PAGES_MAX {
                return Err(too_large(
                    format!("more than {PAGES_MAX} pages of one column in one group of rows"),
                    "as many; write larger pages".to_owned(),
                ));
            }
            let (header, n_header) = header_at(source, at, n_left)?;
            let n_bytes = n_header + header.packed;
            n_left = n_left
                .checked_sub(n_bytes)
                .ok_or_else(|| damaged("a page is longer than its column"))?;
            at += n_bytes;
            pages.add(&header)?;
        }
        Ok(pages)
    }

    fn add(&mut self, page: &Header) -> Result<(), IngestError> {
        // Bytes that are not packed are handed on as they are, whatever they are said to unpack to.
        let n_bytes = page.unpacked.max(page.packed);
        self.packed = self.packed.saturating_add(page.packed);
        self.unpacked = self.unpacked.saturating_add(n_bytes);
        match page.kind {
            PageKind::Index => {}
            PageKind::Dictionary => {
                // Room is made for all of its values, each of which has bytes.
                if page.n_of_dictionary > n_bytes {
                    return Err(damaged("a dictionary has more values than bytes"));
                }
                self.dictionary = self.dictionary.saturating_add(n_bytes);
            }
            PageKind::Data => self.add_data(n_bytes, page.of_data),
            PageKind::DataV2 => self.add_data(n_bytes, page.of_data_v2),
        }
        Ok(())
    }

    fn add_data(&mut self, n_bytes: u64, data: DataHeader) {
        self.largest = self.largest.max(n_bytes);
        self.n_values = self.n_values.saturating_add(data.n_values);
        self.has_differences |= DIFFERENCES.contains(&data.encoding);
    }
}

/// Reads the header of a page; returns its length, too.
fn header_at(source: &SharedSource, at: u64, n_left: u64) -> Result<(Header, u64), IngestError> {
    let mut skim = Skim::new(source.reader_at(at), n_left);
    let mut header = Header::default();
    skim.structure(Kind::Page, &mut header)?;
    Ok((header, n_left - skim.n_left()))
}

#[derive(Debug, Default, Clone, Copy)]
enum PageKind {
    #[default]
    Data,
    Index,
    Dictionary,
    DataV2,
}

/// What the header of a page says.
#[derive(Debug, Default)]
struct Header {
    kind: PageKind,
    unpacked: u64,
    packed: u64,
    n_of_dictionary: u64,
    of_data: DataHeader,
    of_data_v2: DataHeader,
}

/// What it says of the values of a page.
#[derive(Debug, Default, Clone, Copy)]
struct DataHeader {
    n_values: u64,
    encoding: i64,
}

/// The numbers of `DELTA_LENGTH_BYTE_ARRAY` and `DELTA_BYTE_ARRAY`.
const DIFFERENCES: [i64; 2] = [6, 7];

impl Listener for Header {
    fn hear(&mut self, of: Kind, id: i16, said: Said) -> Result<(), IngestError> {
        let Said::Number(number) = said else {
            return Ok(());
        };
        let count = || u64::try_from(number).map_err(|_| damaged("a page has less than nothing"));
        match (of, id) {
            (Kind::Page, 1) => self.kind = PageKind::of(number)?,
            (Kind::Page, 2) => self.unpacked = count()?,
            (Kind::Page, 3) => self.packed = count()?,
            (Kind::DictionaryPage, 1) => self.n_of_dictionary = count()?,
            (Kind::DataPage, 1) => self.of_data.n_values = count()?,
            (Kind::DataPage, 2) => self.of_data.encoding = number,
            (Kind::DataPageV2, 1) => self.of_data_v2.n_values = count()?,
            (Kind::DataPageV2, 4) => self.of_data_v2.encoding = number,
            _ => {}
        }
        Ok(())
    }
}

impl PageKind {
    fn of(number: i64) -> Result<Self, IngestError> {
        match number {
            0 => Ok(Self::Data),
            1 => Ok(Self::Index),
            2 => Ok(Self::Dictionary),
            3 => Ok(Self::DataV2),
            _ => Err(damaged("a page is of no known kind")),
        }
    }
}
