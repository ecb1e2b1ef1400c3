//! A file, chunk by chunk, as typed rows and rejected ones.

use std::io::Read;

use rapport_domain::RejectedRow;

use crate::raw::{RawRow, RawRows};
use crate::row::{ParsedRow, ReadOptions, Standardizer};
use crate::source::Source;
use crate::{FileFormat, IngestError, Mapping};

/// A chunk ends with the row that brings its cells to this many bytes, however few rows those are.
const CHUNK_BYTES: usize = 32 << 20;

/// Some rows of a file.
#[derive(Debug, Default)]
pub struct Chunk {
    /// Rows that were taken, in the order of the file.
    pub rows: Vec<ParsedRow>,
    /// Rows that were not taken, in the order of the file.
    pub rejected: Vec<RejectedRow>,
    /// Lines and rows without any content, passed over.
    pub n_blank: u64,
    /// Line where the chunk begins, from 1.
    pub first_line: u64,
    /// Bytes read from the source since its beginning, compressed where it is compressed; for
    /// progress against the size of the file.
    pub bytes_read: u64,
}

/// Reads a file in chunks. Holds one chunk's rows at most, and the rows of a chunk depend on the
/// bytes, format, mapping and options alone: an import that was cut off reads again from the top
/// and drops the chunks that are already in.
#[derive(Debug)]
pub struct RowReader<R: Read> {
    rows: RawRows<R>,
    standardizer: Standardizer,
    /// Why the source failed, told once the rows before are handed out.
    failure: Option<IngestError>,
}

impl<R: Source> RowReader<R> {
    /// Opens a file at its first byte.
    ///
    /// # Errors
    /// [`IngestError::Mapping`] where the mapping breaks a rule, [`IngestError::ColumnsChanged`]
    /// where the file has other columns, [`IngestError::Empty`], [`IngestError::Gzip`] or
    /// [`IngestError::Read`].
    pub fn new(
        source: R,
        format: &FileFormat,
        mapping: &Mapping,
        options: &ReadOptions,
    ) -> Result<Self, IngestError> {
        mapping.check()?;
        let rows = RawRows::open(source, format, mapping)?;
        Ok(Self {
            rows,
            standardizer: Standardizer::new(mapping, options),
            failure: None,
        })
    }
}

impl<R: Read> RowReader<R> {
    /// Names of the cells of a row: the mapping's columns and, of JSON lines,
    /// [`OTHER_KEYS`](crate::OTHER_KEYS).
    pub fn columns(&self) -> &[String] {
        self.rows.columns()
    }

    /// Bytes read from the source so far, compressed where it is compressed.
    pub fn bytes_read(&self) -> u64 {
        self.rows.n_bytes()
    }

    /// The next rows, at most `max_rows` of them and fewer where they are long, taken and rejected ones
    /// together; `None` at the end of the file.
    ///
    /// # Errors
    /// [`IngestError::Gzip`] or [`IngestError::Read`] where the source fails; all rows before that
    /// point have been handed out.
    pub fn next_chunk(&mut self, max_rows: usize) -> Result<Option<Chunk>, IngestError> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        let mut chunk = Chunk {
            first_line: self.rows.line(),
            ..Chunk::default()
        };
        let mut is_at_end = false;
        let mut n_bytes = 0;
        while chunk.rows.len() + chunk.rejected.len() < max_rows && n_bytes < CHUNK_BYTES {
            match self.rows.next_row() {
                Ok(Some(row)) => {
                    n_bytes += row.n_bytes();
                    self.add(row, &mut chunk);
                }
                Ok(None) => {
                    is_at_end = true;
                    break;
                }
                Err(failure) => {
                    self.failure = Some(failure);
                    break;
                }
            }
        }
        chunk.bytes_read = self.bytes_read();
        if !chunk.rows.is_empty() || !chunk.rejected.is_empty() {
            return Ok(Some(chunk));
        }
        match self.failure.take() {
            Some(failure) => Err(failure),
            None if is_at_end => Ok(None),
            None => Ok(Some(chunk)),
        }
    }

    fn add(&mut self, row: RawRow, chunk: &mut Chunk) {
        match row {
            RawRow::Blank => chunk.n_blank += 1,
            RawRow::Rejected(row) => chunk.rejected.push(row),
            RawRow::Cells { line, cells } => match self.standardizer.row(line, &cells) {
                Ok(row) => chunk.rows.push(row.with_cells(cells)),
                Err(fault) => chunk
                    .rejected
                    .push(fault.reject(line, self.rows.columns(), cells)),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::{guess_mapping, preview, sniff};

    #[test]
    fn a_chunk_of_long_rows_has_few_of_them() {
        let long = "x".repeat(900_000);
        let row = |n: usize| format!("{n},S1,1,2026-01-02,2.50,{long}\n");
        let rows: String = (0..50).map(row).collect();
        let text =
            format!("InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,Description\n{rows}");
        let format = sniff(&text.as_bytes()[..1000], "orders.csv").unwrap();
        let seen = preview(Cursor::new(text.clone()), &format, 5).unwrap();
        let mapping = guess_mapping(&seen.headers, &seen.sample_rows);
        let mut reader = RowReader::new(
            Cursor::new(text),
            &format,
            &mapping,
            &ReadOptions::default(),
        )
        .unwrap();

        let mut sizes = Vec::new();
        while let Some(chunk) = reader.next_chunk(20_000).unwrap() {
            sizes.push(chunk.rows.len() + chunk.rejected.len());
        }

        // The row that passes 32 MiB is the last one of its chunk.
        assert_eq!(sizes, [38, 12]);
    }
}
