//! A sheet read row by row on a thread of its own.
//!
//! The reader of cells borrows its workbook, so the two cannot be kept side by side in a value that is
//! handed about; a thread can hold both. It also keeps a workbook that makes the reader panic from
//! taking more than itself down.

use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use calamine::{Cell, DataRef, XlsxError};

use super::MAX_ROW_BYTES;
use super::cell_text::{Widths, cell_text};
use super::metered::Meter;
use super::unpack::Part;
use super::workbook::{Workbook, workbook_error};
use crate::IngestError;
use crate::source::Source;

/// Rows that are handed over at once, and the bytes of cells after which fewer are enough.
const BATCH_ROWS: usize = 256;
const BATCH_BYTES: usize = MAX_ROW_BYTES;

/// The columns that a sheet may have, up to `XFD`.
const MAX_COLUMNS: u32 = 16_384;

/// What stands in one row of a sheet.
#[derive(Debug, Default)]
pub(super) struct SheetRow {
    /// Its number in the sheet, from 1.
    pub(super) line: u64,
    /// The cells that have a text, each with its column from 0.
    pub(super) cells: Vec<(usize, String)>,
    /// How many of them are words rather than numbers, dates and the like.
    pub(super) n_words: usize,
    /// Bytes of the cells.
    pub(super) n_bytes: usize,
}

/// Some rows.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) rows: Vec<SheetRow>,
    /// Bytes of the file that everything up to the last of them takes up, as a share of the sheet.
    pub(super) n_bytes: u64,
}

/// The rows as they come from the thread.
#[derive(Debug)]
pub(super) struct Worker {
    batches: Receiver<Result<Batch, IngestError>>,
    /// None once the thread was seen to end.
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Begins to read a sheet, by its position or the first that is visible.
    pub(super) fn begin<R: Source>(source: R, sheet: Option<u32>) -> io::Result<Self> {
        let (sender, batches) = sync_channel(2);
        let thread = thread::Builder::new()
            .name("workbook".to_owned())
            .spawn(move || {
                if let Err(error) = read(source, sheet, &sender) {
                    // Nobody waits for the answer where the rows are no longer wanted.
                    let _ = sender.send(Err(error));
                }
            })?;
        Ok(Self {
            batches,
            thread: Some(thread),
        })
    }

    /// The next rows; none at the end of the sheet.
    pub(super) fn next(&mut self) -> Result<Option<Batch>, IngestError> {
        if let Ok(batch) = self.batches.recv() {
            return batch.map(Some);
        }
        match self.thread.take().map(JoinHandle::join) {
            None | Some(Ok(())) => Ok(None),
            Some(Err(_)) => {
                let reason = "its contents contradict each other".to_owned();
                Err(IngestError::DamagedWorkbook { reason })
            }
        }
    }
}

fn read<R: Source>(
    source: R,
    sheet: Option<u32>,
    sender: &SyncSender<Result<Batch, IngestError>>,
) -> Result<(), IngestError> {
    let mut workbook = Workbook::open(source)?;
    let sheet = workbook.choose(sheet)?.name;
    let meter = workbook.meter.clone();
    let mut cells = workbook
        .xlsx
        .worksheet_cells_reader(&sheet)
        .map_err(|error| workbook_error(error, &meter))?;
    let progress = Progress::of(&workbook.parts, workbook.n_bytes, meter.clone());
    let widths = Widths::of(cells.styles());
    let mut rows = Rows {
        sender,
        progress,
        batch: Batch::default(),
        n_batch_bytes: 0,
        row: SheetRow::default(),
        is_empty: true,
    };
    loop {
        match cells.next_cell_with_style_id() {
            Ok(Some((cell, style))) => {
                if !rows.add(&cell, style, &widths)? {
                    return Ok(());
                }
            }
            Ok(None) => break,
            // An error value that is younger than the reader, such as #SPILL!: as empty as all errors.
            Err(XlsxError::CellError(_)) => {}
            Err(error) => {
                let error = workbook_error(error, &meter);
                rows.end();
                return Err(error);
            }
        }
    }
    rows.end();
    if rows.is_empty {
        return Err(IngestError::EmptySheet { sheet });
    }
    Ok(())
}

/// How much of the file is read, as the share of the sheet that is read.
#[derive(Debug)]
struct Progress {
    part: Option<Part>,
    n_bytes: u64,
    meter: Meter,
}

impl Progress {
    /// For the sheet whose first bytes have just been read.
    fn of(parts: &[Part], n_bytes: u64, meter: Meter) -> Self {
        let position = meter.position();
        let before = parts.iter().filter(|part| part.start < position);
        Self {
            part: before.max_by_key(|part| part.start).copied(),
            n_bytes,
            meter,
        }
    }

    fn n_bytes(&self) -> u64 {
        let Some(part) = self.part.filter(|part| part.n_packed > 0) else {
            return self.n_bytes;
        };
        let n_read = self.meter.position().saturating_sub(part.start);
        let share = (n_read as f64 / part.n_packed as f64).min(1.0);
        (self.n_bytes as f64 * share) as u64
    }
}

/// Cells on their way to rows, and rows on their way to whoever reads them.
struct Rows<'a> {
    sender: &'a SyncSender<Result<Batch, IngestError>>,
    progress: Progress,
    batch: Batch,
    n_batch_bytes: usize,
    row: SheetRow,
    is_empty: bool,
}

impl Rows<'_> {
    /// Adds a cell to its row; false once nobody wants more rows.
    fn add(
        &mut self,
        cell: &Cell<DataRef<'_>>,
        style: usize,
        widths: &Widths,
    ) -> Result<bool, IngestError> {
        let (row, column) = cell.get_position();
        let line = u64::from(row) + 1;
        // A row has no more cells than there are columns, unless it names a column again.
        let is_full = line == self.row.line && self.row.cells.len() >= MAX_COLUMNS as usize;
        if line < self.row.line || column >= MAX_COLUMNS || is_full {
            let reason = format!("the cells of row {} are out of order", self.row.line);
            return Err(IngestError::DamagedWorkbook { reason });
        }
        let is_wanted = line == self.row.line || self.end_row();
        self.row.line = line;
        let value = cell.get_value();
        let is_word = matches!(value, DataRef::String(_) | DataRef::SharedString(_));
        let text = cell_text(value, style, widths);
        if !text.is_empty() && self.row.n_bytes <= MAX_ROW_BYTES {
            self.row.n_words += usize::from(is_word && !text.trim().is_empty());
            self.row.n_bytes += text.len();
            self.row.cells.push((column as usize, text));
        }
        Ok(is_wanted)
    }

    /// Puts the row into the batch; false once nobody wants more rows.
    fn end_row(&mut self) -> bool {
        let row = std::mem::take(&mut self.row);
        if row.line == 0 {
            return true;
        }
        self.is_empty &= row.cells.is_empty();
        self.n_batch_bytes += row.n_bytes + row.cells.len() * size_of::<(usize, String)>();
        self.batch.rows.push(row);
        if self.batch.rows.len() < BATCH_ROWS && self.n_batch_bytes < BATCH_BYTES {
            return true;
        }
        self.hand_over()
    }

    fn hand_over(&mut self) -> bool {
        let mut batch = std::mem::take(&mut self.batch);
        batch.n_bytes = self.progress.n_bytes();
        self.n_batch_bytes = 0;
        self.sender.send(Ok(batch)).is_ok()
    }

    /// Hands the last rows over.
    fn end(&mut self) {
        self.end_row();
        if !self.batch.rows.is_empty() {
            self.hand_over();
        }
    }
}
