//! Rows of CSV and of JSON lines, counted, with the file named in every error.

use std::io::{self, Write};

use serde::Serialize;

use super::{FileCount, Sink};
use crate::error::TwinError;

/// A CSV file being written.
pub(super) struct Table {
    path: &'static str,
    writer: csv::Writer<Box<dyn Write>>,
    rows: u64,
}

impl Table {
    /// Starts a file with its header.
    pub(super) fn create(
        sink: &mut dyn Sink,
        path: &'static str,
        header: &[&str],
    ) -> Result<Self, TwinError> {
        let file = sink
            .create(path)
            .map_err(|source| TwinError::write(path, source))?;
        let mut table = Self {
            path,
            writer: csv::Writer::from_writer(file),
            rows: 0,
        };
        table.record(header)?;
        Ok(table)
    }

    /// Appends a row; its cells are as many as the header's.
    pub(super) fn row(&mut self, cells: &[&str]) -> Result<(), TwinError> {
        self.rows += 1;
        self.record(cells)
    }

    fn record(&mut self, cells: &[&str]) -> Result<(), TwinError> {
        self.writer
            .write_record(cells)
            .map_err(|error| TwinError::write(self.path, io::Error::from(error)))
    }

    /// Writes what is buffered and tells the number of rows.
    pub(super) fn finish(mut self) -> Result<FileCount, TwinError> {
        self.writer
            .flush()
            .map_err(|source| TwinError::write(self.path, source))?;
        Ok(FileCount {
            path: self.path,
            rows: self.rows,
        })
    }
}

/// A file of JSON lines being written.
pub(super) struct JsonLines {
    path: &'static str,
    file: Box<dyn Write>,
    /// The line being made; kept for its memory.
    line: Vec<u8>,
    rows: u64,
}

impl JsonLines {
    pub(super) fn create(sink: &mut dyn Sink, path: &'static str) -> Result<Self, TwinError> {
        let file = sink
            .create(path)
            .map_err(|source| TwinError::write(path, source))?;
        Ok(Self {
            path,
            file,
            line: Vec::new(),
            rows: 0,
        })
    }

    pub(super) fn row(&mut self, value: &impl Serialize) -> Result<(), TwinError> {
        self.line.clear();
        let written = serde_json::to_writer(&mut self.line, value)
            .map_err(io::Error::from)
            .and_then(|()| {
                self.line.push(b'\n');
                self.file.write_all(&self.line)
            });
        self.rows += 1;
        written.map_err(|source| TwinError::write(self.path, source))
    }

    pub(super) fn finish(mut self) -> Result<FileCount, TwinError> {
        self.file
            .flush()
            .map_err(|source| TwinError::write(self.path, source))?;
        Ok(FileCount {
            path: self.path,
            rows: self.rows,
        })
    }
}

/// An amount of minor units as a decimal with the currency's number of digits.
pub(super) fn decimal(minor: i64, exponent: u32) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let per_major = 10_u64.pow(exponent);
    let (major, rest) = (
        minor.unsigned_abs() / per_major,
        minor.unsigned_abs() % per_major,
    );
    match exponent as usize {
        0 => format!("{sign}{major}"),
        width => format!("{sign}{major}.{rest:0width$}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_keep_the_digits_of_their_currency() {
        assert_eq!(decimal(-1205, 2), "-12.05");
        assert_eq!(decimal(7, 2), "0.07");
        assert_eq!(decimal(1205, 0), "1205");
        assert_eq!(decimal(1205, 3), "1.205");
    }
}
