//! The description at the end of a file, before the decoder sees it: it recurses as deep as the schema
//! is nested, and makes room for as many children and groups of rows as it is told of.

use super::limits::{damaged, too_large};
use super::shared::SharedSource;
use super::thrift::{Kind, Listener, Said, Skim};
use crate::IngestError;

/// Bytes of the description at the end of a file.
const BYTES_MAX: u64 = 16 << 20;

/// Columns, those within structures and lists counted one by one.
const COLUMNS_MAX: u64 = 2_000;

/// Columns and everything that they stand in.
const ELEMENTS_MAX: u64 = 8_000;

/// How deep columns may stand in structures and lists.
const DEPTH_MAX: usize = 64;

/// Bytes of a name. Every column repeats the names of all that it stands in.
const NAME_BYTES_MAX: u64 = 500;

/// Groups of rows; the decoder numbers them so.
const GROUPS_MAX: u64 = 32_767;

/// The first and last four bytes of a file, and the last ones of an encrypted one.
const MAGIC: &[u8] = b"PAR1";
const MAGIC_ENCRYPTED: &[u8] = b"PARE";

/// Looks at the end of a file: an honest length, no encryption, and a schema that holds together.
///
/// # Errors
/// [`IngestError::DamagedParquet`], [`IngestError::EncryptedParquet`] and [`IngestError::ParquetTooLarge`],
/// and [`IngestError::Read`] where the source fails.
pub(super) fn check(source: &SharedSource) -> Result<(), IngestError> {
    let n_bytes = source.n_bytes();
    if n_bytes < 12 {
        return Err(damaged("it is too short"));
    }
    let end = source.exact(n_bytes - 8, 8).map_err(IngestError::Read)?;
    let (length, magic) = end.split_at(4);
    if magic == MAGIC_ENCRYPTED {
        return Err(IngestError::EncryptedParquet);
    }
    if magic != MAGIC {
        return Err(damaged("it does not end as Parquet files do"));
    }
    let length = length
        .try_into()
        .map(u32::from_le_bytes)
        .unwrap_or(u32::MAX);
    if u64::from(length) > n_bytes - 12 {
        return Err(damaged("its description is longer than the file"));
    }
    if u64::from(length) > BYTES_MAX {
        return Err(too_large(
            format!("a description of {length} bytes"),
            format!("{BYTES_MAX} bytes"),
        ));
    }
    let start = n_bytes - 8 - u64::from(length);
    let description = source
        .exact(start, length as usize)
        .map_err(IngestError::Read)?;
    let mut skim = Skim::new(description.as_slice(), u64::from(length));
    skim.structure(Kind::File, &mut Schema::default())
}

/// The schema as far as it is read.
#[derive(Debug, Default)]
struct Schema {
    /// Elements that are still to come.
    n_left: u64,
    n_columns: u64,
    /// Children that the structures around the next element still wait for, the outermost first.
    open: Vec<u64>,
    /// What the element that is read says of its children.
    n_children: i64,
}

impl Listener for Schema {
    fn hear(&mut self, of: Kind, id: i16, said: Said) -> Result<(), IngestError> {
        match (of, id, said) {
            (Kind::File, 2, Said::Items(n)) if n > ELEMENTS_MAX => Err(too_large(
                format!("{n} columns and structures"),
                format!("{ELEMENTS_MAX}"),
            )),
            (Kind::File, 2, Said::Items(n)) => {
                *self = Self {
                    n_left: n,
                    ..Self::default()
                };
                Ok(())
            }
            (Kind::File, 4, Said::Items(n)) if n > GROUPS_MAX => Err(too_large(
                format!("{n} groups of rows"),
                format!("{GROUPS_MAX} groups"),
            )),
            (Kind::Element, 4, Said::Bytes(n)) if n > NAME_BYTES_MAX => Err(too_large(
                format!("a column with a name of {n} bytes"),
                format!("{NAME_BYTES_MAX} bytes"),
            )),
            (Kind::Element, 5, Said::Number(n)) => {
                self.n_children = n;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn over(&mut self, of: Kind) -> Result<(), IngestError> {
        if of != Kind::Element {
            return Ok(());
        }
        self.n_left = self.n_left.saturating_sub(1);
        let n_children = u64::try_from(std::mem::take(&mut self.n_children));
        let n_children = n_children.ok().filter(|&n| n <= self.n_left);
        let n_children =
            n_children.ok_or_else(|| damaged("a structure has more columns than there are"))?;
        if let Some(waiting) = self.open.last_mut() {
            *waiting -= 1;
        }
        if n_children > 0 {
            self.open.push(n_children);
        } else {
            self.n_columns += 1;
        }
        while self.open.last() == Some(&0) {
            self.open.pop();
        }
        if self.open.len() > DEPTH_MAX {
            return Err(too_large(
                format!("columns in more than {DEPTH_MAX} structures"),
                format!("a depth of {DEPTH_MAX}"),
            ));
        }
        if self.n_columns > COLUMNS_MAX {
            return Err(too_large(
                format!("more than {COLUMNS_MAX} columns"),
                format!("{COLUMNS_MAX} columns"),
            ));
        }
        Ok(())
    }
}
