//! A list on its way into a file, page by page: for whoever downloads it, and for the command line.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use rapport_domain::RolePolicy;
use rapport_ingest::{TableFormat, TableWriter};
use rapport_pipelines::PipelineError;
use rapport_store::{Cursor, ListQuery, Store, custom_fields};
use serde_json::Value;

use super::columns::Column;
use super::rows::ExportedList;
use crate::answers::strip;

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// CSV in UTF-8 with a byte order mark and a header.
    Csv,
    /// A record of the API's form per line.
    JsonLines,
    /// An Excel workbook; more rows than a sheet holds go on in the next one.
    Xlsx,
    /// Parquet, with dates, numbers and instants as such.
    Parquet,
}

impl ExportFormat {
    /// All formats.
    pub const ALL: [Self; 4] = [Self::Csv, Self::JsonLines, Self::Xlsx, Self::Parquet];

    /// The end of a file's name.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
            Self::Xlsx => "xlsx",
            Self::Parquet => "parquet",
        }
    }

    /// The format of files whose names end so.
    pub fn of_extension(extension: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|format| format.extension() == extension)
    }

    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::JsonLines => "application/jsonl",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }
}

/// A list on its way into a file. Memory holds one page, and of Parquet one group of rows.
#[derive(Debug)]
pub struct ListExport {
    store: Store,
    list: ExportedList,
    query: ListQuery,
    columns: Vec<Column>,
    policy: RolePolicy,
    /// Where tables are written; none of JSON lines, and once the end is written.
    table: Option<TableWriter<Piece>>,
    piece: Piece,
    is_over: bool,
    n_rows: u64,
}

impl ListExport {
    /// Begins the export of what a query finds, without the fields that the role of whoever asks hides; the
    /// query's cursor, limit and count have no meaning here.
    ///
    /// # Errors
    /// [`PipelineError::Store`] where the database fails.
    pub async fn open(
        store: Store,
        list: ExportedList,
        format: ExportFormat,
        query: ListQuery,
        policy: RolePolicy,
    ) -> Result<Self, PipelineError> {
        let custom = match list.object() {
            Some(object) => custom_fields::list_active(&store, object).await?,
            None => Vec::new(),
        };
        let columns = list.columns(custom, &policy);
        let piece = Piece::default();
        let table = |format| {
            let columns = columns.iter().flat_map(Column::in_file).collect();
            TableWriter::new(piece.clone(), format, list.title(), columns)
        };
        let table = match format {
            ExportFormat::JsonLines => None,
            ExportFormat::Csv => Some(table(TableFormat::Csv)?),
            ExportFormat::Xlsx => Some(table(TableFormat::Xlsx)?),
            ExportFormat::Parquet => Some(table(TableFormat::Parquet)?),
        };
        Ok(Self {
            store,
            list,
            query: ListQuery {
                cursor: None,
                limit: ListQuery::LIMIT_MAX,
                estimate: false,
                ..query
            },
            columns,
            policy,
            table,
            piece,
            is_over: false,
            n_rows: 0,
        })
    }

    /// Rows that are written so far.
    pub fn n_rows(&self) -> u64 {
        self.n_rows
    }

    /// The next piece of the file; none at its end.
    ///
    /// # Errors
    /// [`PipelineError::Store`] where the query names what does not exist or the database fails.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, PipelineError> {
        while !self.is_over {
            let (mut records, next) = match self.table {
                Some(_) => self.list.page_of_table(&self.store, &self.query).await?,
                None => self.list.page(&self.store, &self.query).await?,
            };
            if let Some(object) = self.list.object() {
                for record in &mut records {
                    strip(record, object, &self.policy);
                }
            }
            self.n_rows += records.len() as u64;
            self.write(&records, next)?;
            let bytes = self.piece.take();
            if !bytes.is_empty() {
                return Ok(Some(bytes));
            }
        }
        Ok(None)
    }

    fn write(&mut self, records: &[Value], next: Option<Cursor>) -> Result<(), PipelineError> {
        match self.table.take() {
            None => self.piece.add_lines(records),
            Some(mut table) => {
                for record in records {
                    let cells = self.columns.iter().flat_map(|column| column.cells(record));
                    table.write(cells.collect())?;
                }
                if next.is_some() {
                    table.flush()?;
                    self.table = Some(table);
                } else {
                    table.finish()?;
                }
            }
        }
        self.is_over = next.is_none();
        self.query.cursor = next;
        Ok(())
    }
}

/// What is written and nobody has taken yet.
#[derive(Debug, Clone, Default)]
struct Piece(Arc<Mutex<Vec<u8>>>);

impl Piece {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn add_lines(&self, records: &[Value]) {
        let mut bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for record in records {
            bytes.extend_from_slice(record.to_string().as_bytes());
            bytes.push(b'\n');
        }
    }
}

impl Write for Piece {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
