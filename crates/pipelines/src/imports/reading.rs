//! A file on its way from the disk to the worker: chunk by chunk, read on a thread of its own.

use std::collections::HashSet;
use std::fs::File;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use rapport_ingest::{Chunk, FileFormat, Mapping, ParsedRow, ReadOptions, RowReader};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::error::PipelineError;

/// How an import goes over its file. What it makes of the file is the same at any pace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Rows of a chunk, and so of a transaction: large enough that statements by set pay, small enough
    /// that a kill or a cancel costs a second.
    pub chunk_rows: NonZeroUsize,
    /// Whether the next chunk is made ready while one is written.
    pub is_ahead: bool,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            chunk_rows: const { NonZeroUsize::new(20_000).expect("20,000 is not 0") },
            is_ahead: true,
        }
    }
}

/// Chunks of a file, one of them read ahead while another is written.
pub(super) struct Reading {
    chunks: mpsc::Receiver<Result<Chunk, PipelineError>>,
    /// The reader; none once it was seen to end well.
    thread: Option<JoinHandle<()>>,
}

impl Reading {
    /// Begins to read a file at its top, in chunks of `n_rows`.
    pub(super) fn begin(
        path: PathBuf,
        n_rows: NonZeroUsize,
        format: FileFormat,
        mapping: Mapping,
        options: ReadOptions,
    ) -> Self {
        Self::on_thread(move || {
            let file = File::open(&path).map_err(PipelineError::io("read", &path))?;
            let mut reader = RowReader::new(file, &format, &mapping, &options)?;
            Ok(WholeOrders::new(move || {
                Ok(reader.next_chunk(n_rows.get())?)
            }))
        })
    }

    fn on_thread<F, N>(open: F) -> Self
    where
        F: FnOnce() -> Result<WholeOrders<N>, PipelineError> + Send + 'static,
        N: FnMut() -> Result<Option<Chunk>, PipelineError>,
    {
        let (sender, chunks) = mpsc::channel(1);
        let thread = tokio::task::spawn_blocking(move || {
            let mut whole = match open() {
                Ok(whole) => whole,
                Err(error) => {
                    // The import went away while its file was opened: nobody wants the answer.
                    let _ = sender.blocking_send(Err(error));
                    return;
                }
            };
            while let Some(chunk) = whole.next().transpose() {
                let is_last = chunk.is_err();
                if sender.blocking_send(chunk).is_err() || is_last {
                    return;
                }
            }
        });
        Self {
            chunks,
            thread: Some(thread),
        }
    }

    /// The next chunk; none at the end of the file.
    ///
    /// # Errors
    /// Where the file cannot be read; [`PipelineError::Thread`] where the reader ended without
    /// coming to the end: what it did not read must not count as imported.
    pub(super) async fn next(&mut self) -> Result<Option<Chunk>, PipelineError> {
        if let Some(chunk) = self.chunks.recv().await {
            return chunk.map(Some);
        }
        if let Some(thread) = self.thread.take() {
            thread.await?;
        }
        Ok(None)
    }
}

/// Chunks whose end does not cut through an order: the lines of the order that a chunk ends with
/// wait for the next one, so that the order is seen whole. An order that fills a whole chunk is cut
/// all the same.
struct WholeOrders<N> {
    next: N,
    held: Chunk,
    /// Why the file ended early, told once the rows before are handed out.
    failure: Option<PipelineError>,
    is_over: bool,
}

impl<N: FnMut() -> Result<Option<Chunk>, PipelineError>> WholeOrders<N> {
    fn new(next: N) -> Self {
        Self {
            next,
            held: Chunk::default(),
            failure: None,
            is_over: false,
        }
    }

    fn next(&mut self) -> Result<Option<Chunk>, PipelineError> {
        if !self.is_over {
            match (self.next)() {
                Ok(Some(chunk)) => {
                    let mut chunk = joined(std::mem::take(&mut self.held), chunk);
                    self.held = hold_back(&mut chunk);
                    return Ok(Some(chunk));
                }
                Ok(None) => {}
                Err(error) => self.failure = Some(error),
            }
            self.is_over = true;
        }
        let held = std::mem::take(&mut self.held);
        if !is_empty(&held) {
            return Ok(Some(held));
        }
        self.failure.take().map_or(Ok(None), Err)
    }
}

pub(super) fn is_empty(chunk: &Chunk) -> bool {
    chunk.rows.is_empty() && chunk.rejected.is_empty()
}

fn joined(mut held: Chunk, next: Chunk) -> Chunk {
    if is_empty(&held) {
        return next;
    }
    held.rows.extend(next.rows);
    held.rejected.extend(next.rejected);
    Chunk {
        rows: held.rows,
        rejected: held.rejected,
        n_blank: held.n_blank + next.n_blank,
        first_line: held.first_line,
        ..next
    }
}

/// Takes the lines of the last order out of a chunk, with the rejected rows among them.
fn hold_back(chunk: &mut Chunk) -> Chunk {
    let Some(last) = chunk.rows.last().and_then(order_of) else {
        return Chunk::default();
    };
    let is_of_last = |row: &&ParsedRow| order_of(row) == Some(last);
    let n_of_last = chunk.rows.iter().rev().take_while(is_of_last).count();
    let at = chunk.rows.len() - n_of_last;
    if at == 0 {
        return Chunk::default();
    }
    let first_line = chunk.rows[at].line();
    let at_rejected = chunk.rejected.partition_point(|row| row.line < first_line);
    Chunk {
        rows: chunk.rows.split_off(at),
        rejected: chunk.rejected.split_off(at_rejected),
        n_blank: 0,
        first_line,
        bytes_read: chunk.bytes_read,
    }
}

fn order_of(row: &ParsedRow) -> Option<&str> {
    match row {
        ParsedRow::OrderLine(line) => Some(&line.order_id),
        _ => None,
    }
}

/// Cuts a chunk after its first `n_done` rows, rejected ones counted: those rows are in already.
pub(super) fn split(chunk: Chunk, n_done: u64) -> (Vec<ParsedRow>, Chunk) {
    if n_done == 0 {
        return (Vec::new(), chunk);
    }
    let mut lines: Vec<u64> = chunk.rows.iter().map(ParsedRow::line).collect();
    lines.extend(chunk.rejected.iter().map(|row| row.line));
    lines.sort_unstable();
    let n_done = usize::try_from(n_done)
        .unwrap_or(usize::MAX)
        .min(lines.len());
    let done_lines: HashSet<u64> = lines[..n_done].iter().copied().collect();
    let (done, rows) = chunk
        .rows
        .into_iter()
        .partition(|row| done_lines.contains(&row.line()));
    let rejected = chunk
        .rejected
        .into_iter()
        .filter(|row| !done_lines.contains(&row.line))
        .collect();
    (
        done,
        Chunk {
            rows,
            rejected,
            ..chunk
        },
    )
}

#[cfg(test)]
mod tests {
    use rapport_ingest::IngestError;

    use super::*;

    const HEADER: &str = "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice\n";

    /// Chunks of `n` rows of a file whose rows are given by their orders; `!` is a bad row.
    fn chunks_of(orders: &str, n: usize) -> impl FnMut() -> Result<Option<Chunk>, PipelineError> {
        let mut text = HEADER.to_owned();
        for order in orders.chars() {
            let date = if order == '!' {
                "someday"
            } else {
                "2026-01-02"
            };
            text.push_str(&format!("{order},S1,1,{date},2.50\n"));
        }
        let format = rapport_ingest::sniff(text.as_bytes(), "orders.csv").unwrap();
        let preview =
            rapport_ingest::preview(std::io::Cursor::new(text.clone()), &format, 100).unwrap();
        let mapping = rapport_ingest::guess_mapping(&preview.headers, &preview.sample_rows);
        let source = std::io::Cursor::new(text.into_bytes());
        let mut reader =
            RowReader::new(source, &format, &mapping, &ReadOptions::default()).unwrap();
        move || Ok(reader.next_chunk(n)?)
    }

    fn orders_of(chunk: &Chunk) -> String {
        let mut found: Vec<(u64, &str)> = chunk
            .rows
            .iter()
            .map(|row| (row.line(), order_of(row).unwrap()))
            .collect();
        found.extend(chunk.rejected.iter().map(|row| (row.line, "!")));
        found.sort_unstable();
        found.into_iter().map(|(_, order)| order).collect()
    }

    #[test]
    fn a_chunk_never_ends_within_an_order_and_no_row_is_lost() {
        let mut whole = WholeOrders::new(chunks_of("AABB!BCDDDDDDDE!", 4));

        let mut found = Vec::new();
        while let Some(chunk) = whole.next().unwrap() {
            found.push(orders_of(&chunk));
        }

        assert_eq!(found, ["AA", "BB!BC", "DDDDD", "DD", "E!"]);
    }

    #[test]
    fn rows_before_a_failure_are_handed_out_first() {
        let mut chunks = chunks_of("AAB", 3);
        let mut n_calls = 0;
        let mut whole = WholeOrders::new(move || {
            n_calls += 1;
            match n_calls {
                1 => chunks(),
                _ => Err(IngestError::Empty {
                    file_name: "x".to_owned(),
                }
                .into()),
            }
        });

        assert_eq!(orders_of(&whole.next().unwrap().unwrap()), "AA");
        assert_eq!(orders_of(&whole.next().unwrap().unwrap()), "B");
        assert!(whole.next().is_err());
        assert!(whole.next().unwrap().is_none());
    }

    #[tokio::test]
    async fn a_panic_of_the_reader_is_a_failure_and_not_the_end_of_the_file() {
        let mut reading = Reading::on_thread(|| {
            let mut chunks = chunks_of("ABC", 3);
            let mut is_first = true;
            Ok(WholeOrders::new(move || {
                assert!(std::mem::take(&mut is_first), "a bug of the reader");
                chunks()
            }))
        });

        let first = reading.next().await.unwrap().unwrap();
        let end = reading.next().await;

        assert_eq!(orders_of(&first), "AB");
        assert!(matches!(end, Err(PipelineError::Thread(_))), "{end:?}");
    }
}
