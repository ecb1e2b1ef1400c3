//! The rows that were not taken, as a file to mend and import again.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use futures::StreamExt as _;
use futures::stream::BoxStream;
use rapport_domain::ImportId;
use rapport_ingest::{FileFormat, FileKind, OTHER_KEYS, RejectedWriter};
use rapport_store::imports::{self, Import};

use super::{find, from_json};
use crate::Workspace;
use crate::error::PipelineError;

/// Rows that are read at once: few, for a row may be as long as a million bytes.
const PAGE_ROWS: u64 = 100;

/// All rejected rows of an import as CSV, piece by piece: the original columns, with line, reason
/// and message before them. Memory holds one piece.
///
/// # Errors
/// [`PipelineError::Store`] where there is no such import or, through the stream, where the rows
/// cannot be read.
pub async fn rejected_csv(
    workspace: &Workspace,
    id: ImportId,
) -> Result<BoxStream<'static, Result<Vec<u8>, PipelineError>>, PipelineError> {
    let import = find(workspace, id).await?;
    let piece = Piece::default();
    let download = Download {
        workspace: workspace.clone(),
        import: id,
        after_line: 0,
        writer: Some(RejectedWriter::new(piece.clone(), &columns_of(&import)?)?),
        piece,
    };
    Ok(futures::stream::try_unfold(download, Download::next).boxed())
}

/// Names of the cells of a rejected row. Those of JSON have one more than the file's mapping.
fn columns_of(import: &Import) -> Result<Vec<String>, PipelineError> {
    let format: FileFormat = from_json(import.format.clone())?;
    let mut columns = import.columns.clone();
    if matches!(format.kind, FileKind::JsonLines | FileKind::Json) {
        columns.retain(|column| column != OTHER_KEYS);
        columns.push(OTHER_KEYS.to_owned());
    }
    Ok(columns)
}

/// A download under way.
struct Download {
    workspace: Workspace,
    import: ImportId,
    after_line: u64,
    /// None once the last row is written.
    writer: Option<RejectedWriter<Piece>>,
    piece: Piece,
}

impl Download {
    /// The next piece of the file; none at its end.
    async fn next(mut self) -> Result<Option<(Vec<u8>, Self)>, PipelineError> {
        while let Some(mut writer) = self.writer.take() {
            let (store, after) = (&self.workspace.store, self.after_line);
            let rows = imports::list_rejected_after(store, self.import, after, PAGE_ROWS).await?;
            for row in &rows {
                writer.write(row)?;
            }
            match rows.last() {
                Some(last) => {
                    self.after_line = last.line;
                    self.writer = Some(writer);
                }
                None => {
                    writer.finish()?;
                }
            }
            let bytes = self.piece.take();
            if !bytes.is_empty() {
                return Ok(Some((bytes, self)));
            }
        }
        Ok(None)
    }
}

/// What the writer has written and nobody has taken yet.
#[derive(Debug, Clone, Default)]
struct Piece(Arc<Mutex<Vec<u8>>>);

impl Piece {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
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
