//! The rows of an import on their way from the file to batches that can be written.

use rapport_domain::{ImportCounts, JobProgress};
use rapport_ingest::{Chunk, FileFormat};
use rapport_store::imports::{DryRunRow, Import, ImportBatch};
use rapport_store::orders::TotalsScope;

use super::assemble::{Assembled, Assembler, CustomColumns, Telling};
use super::reading::{self, Reading};
use super::records::Ahead;
use super::seen::SeenMessages;
use super::{from_json, read_mapping, read_options};
use crate::Workspace;
use crate::error::PipelineError;

/// One run over the file of an import, on from where an earlier run stopped.
pub(super) struct Rows<'a> {
    file: Reading,
    assembler: Assembler<'a>,
    /// Rows that this run has read, those included that an earlier run has written.
    n_read: u64,
    /// Rows that are in, or in a batch that is ready.
    rows_done: u64,
    counts: ImportCounts,
}

impl<'a> Rows<'a> {
    pub(super) async fn open(
        workspace: &'a Workspace,
        import: &Import,
    ) -> Result<Self, PipelineError> {
        Self::over(workspace, import, Telling::Counts).await
    }

    /// As [`Self::open`], but every batch also tells what each of its rows does.
    pub(super) async fn open_dry(
        workspace: &'a Workspace,
        import: &Import,
    ) -> Result<Self, PipelineError> {
        Self::over(workspace, import, Telling::EachRow).await
    }

    /// Goes over the file again from where the import is by now. What this run has changed so far is still
    /// known.
    pub(super) async fn again(
        self,
        workspace: &'a Workspace,
        import: &Import,
    ) -> Result<Self, PipelineError> {
        let mut again = Self::open(workspace, import).await?;
        again.assembler.go_on_from(self.assembler);
        Ok(again)
    }

    async fn over(
        workspace: &'a Workspace,
        import: &Import,
        telling: Telling,
    ) -> Result<Self, PipelineError> {
        let mapping = read_mapping(import)?;
        let seen = SeenMessages::open(workspace, &import.source.name).await?;
        let options = read_options(workspace).await?;
        let custom = CustomColumns::open(workspace, &mapping, &options).await?;
        let assembler = Assembler::new(workspace, import, &mapping, seen, custom, telling);
        let format: FileFormat = from_json(import.format.clone())?;
        let path = workspace.upload_path(import.id);
        let n_rows = workspace.import_pace.chunk_rows;
        Ok(Self {
            file: Reading::begin(path, n_rows, format, mapping, options),
            assembler,
            n_read: 0,
            rows_done: import.rows_done,
            counts: import.counts.clone(),
        })
    }

    /// As [`Self::next`], with what the batch makes of what is stored, for the one after it.
    pub(super) async fn next_with_ahead(
        &mut self,
    ) -> Result<Option<(Assembled, Ahead)>, PipelineError> {
        let assembled = self.next().await?;
        Ok(assembled.map(|assembled| {
            let ahead = Ahead::of(&assembled.batch);
            (assembled, ahead)
        }))
    }

    /// Makes the next batch ready; none at the end of the file. Its event files are still to be written.
    pub(super) async fn next(&mut self) -> Result<Option<Assembled>, PipelineError> {
        while let Some(chunk) = self.file.next().await? {
            let n_rows = (chunk.rows.len() + chunk.rejected.len()) as u64;
            let n_done = self.rows_done.saturating_sub(self.n_read).min(n_rows);
            self.n_read += n_rows;
            let (done, rest) = reading::split(chunk, n_done);
            self.assembler.skip(&done).await?;
            if !reading::is_empty(&rest) {
                return Ok(Some(self.assemble(rest).await?));
            }
        }
        Ok(None)
    }

    async fn assemble(&mut self, chunk: Chunk) -> Result<Assembled, PipelineError> {
        let n_rows = (chunk.rows.len() + chunk.rejected.len()) as u64;
        let mut assembled = self.assembler.assemble(chunk.rows, self.rows_done).await?;
        let mut rejected = chunk.rejected;
        rejected.append(&mut assembled.rejected);
        self.rows_done += n_rows;
        self.counts.read += n_rows;
        self.counts.accepted += n_rows - rejected.len() as u64;
        self.counts.unchanged += assembled.n_unchanged;
        for row in &rejected {
            *self.counts.rejected.entry(row.reason).or_default() += 1;
        }
        for value in assembled.left_out.drain(..) {
            self.counts.leave_out(value);
        }
        let batch = &mut assembled.batch;
        batch.rejected = rejected;
        batch.rows_done = self.rows_done;
        batch.bytes_done = chunk.bytes_read;
        batch.counts = self.counts.clone();
        Ok(assembled)
    }

    /// Counts a batch as written from now on.
    pub(super) fn expect(&mut self, batch: &ImportBatch) {
        self.assembler.expect(batch);
    }

    /// Counts one batch as written from now on, and all that were expected before it as stored.
    pub(super) fn expect_next(&mut self, ahead: Ahead) {
        self.assembler.expect_next(ahead);
    }

    /// Puts names in the place of identifiers in what rows would do.
    pub(super) async fn name_references(
        &self,
        rows: &mut [DryRunRow],
    ) -> Result<(), PipelineError> {
        self.assembler.name_references(rows).await
    }

    pub(super) fn rows_done(&self) -> u64 {
        self.rows_done
    }

    /// Whose totals the batches of this run have changed.
    pub(super) fn touched(&self) -> TotalsScope {
        self.assembler.touched()
    }
}

/// How far a job is that has come to a row.
pub(super) fn progress_at(step: &str, done: u64, total: Option<u64>) -> JobProgress {
    JobProgress {
        step: step.to_owned(),
        done,
        // The number of rows is guessed before they are read.
        total: total.map(|total| total.max(done)),
    }
}
