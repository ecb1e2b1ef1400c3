//! Taking a file: streamed to the data directory, then looked at.

use std::path::{Path, PathBuf};

use rapport_domain::{ImportId, SourceId, UserId};
use rapport_store::imports::{self, Import, NewImport};
use rapport_store::{settings, sources};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};

use super::look::{Look, look_at};
use super::{colleagues, find, recognize_custom};
use crate::Workspace;
use crate::changes::Change;
use crate::error::PipelineError;
use crate::leftovers::Provisional;

/// Bytes that are moved at once.
const COPY_BYTES: usize = 256 * 1024;

/// Takes a file of a source, finds out how it is written and proposes a mapping.
///
/// The file is kept unchanged in the data directory. Nothing is kept of a file that is refused.
///
/// # Errors
/// [`PipelineError::Ingest`] where it is no text table or has no rows; [`PipelineError::TooLarge`]
/// beyond `limit_bytes`; [`PipelineError::Io`] where it cannot be stored.
pub async fn upload(
    workspace: &Workspace,
    file_name: &str,
    source: &str,
    created_by: Option<UserId>,
    limit_bytes: u64,
    body: impl AsyncRead + Unpin,
) -> Result<Import, PipelineError> {
    let now = workspace.clock.now();
    let id: ImportId = workspace.ids.next(now);
    let path = workspace.upload_path(id);
    let file = Provisional::new(path.clone());
    let region = settings::workspace(&workspace.store).await?.default_region;
    let (bytes, mut look) = take(file_name, &path, limit_bytes, region, body).await?;
    let source_id = workspace.ids.next::<SourceId>(now);
    let source = sources::find_or_create(&workspace.store, source, source_id, now).await?;
    recognize_custom(workspace, look.mapping_mut()).await?;
    look.add_own_addresses(colleagues(workspace).await?);
    let look = look.to_store(bytes)?;
    let new = NewImport {
        id,
        source_id: source.id,
        file_name: file_name.to_owned(),
        bytes,
        entity: Some(look.entity),
        format: look.format,
        mapping: look.mapping,
        preview: look.preview,
        columns: look.columns,
        created_by,
    };
    file.keep();
    if let Err(error) = imports::create(&workspace.store, new, now).await {
        drop(Provisional::new(path));
        return Err(error.into());
    }
    imports::set_rows_total(&workspace.store, id, look.rows_total).await?;
    workspace.changes.announce(Change::Import(id));
    find(workspace, id).await
}

/// The name of a source where nobody gave one: the file's name without what only tells how the file
/// is written, such as `.csv` or `.jsonl.gz`.
pub fn default_source(file_name: &str) -> &str {
    let name = without_extension(file_name, &["gz"]);
    let name = without_extension(
        name,
        &[
            "csv", "tsv", "txt", "json", "jsonl", "ndjson", "xlsx", "xlsm", "parquet", "vcf",
            "vcard", "mbox", "eml", "ics", "ical", "rss", "atom", "xml", "js",
        ],
    );
    if name.is_empty() { file_name } else { name }
}

fn without_extension<'a>(name: &'a str, extensions: &[&str]) -> &'a str {
    match name.rsplit_once('.') {
        Some((stem, extension))
            if extensions
                .iter()
                .any(|known| extension.eq_ignore_ascii_case(known)) =>
        {
            stem
        }
        _ => name,
    }
}

async fn take(
    file_name: &str,
    path: &Path,
    limit_bytes: u64,
    region: String,
    body: impl AsyncRead + Unpin,
) -> Result<(u64, Look), PipelineError> {
    let bytes = copy(body, path, limit_bytes).await?;
    let (path, name): (PathBuf, String) = (path.to_owned(), file_name.to_owned());
    let look = tokio::task::spawn_blocking(move || look_at(&path, &name, &region)).await??;
    Ok((bytes, look))
}

/// Streams to a file and syncs it; memory holds one block.
async fn copy(
    mut body: impl AsyncRead + Unpin,
    path: &Path,
    limit_bytes: u64,
) -> Result<u64, PipelineError> {
    let mut file = tokio::fs::File::create(path)
        .await
        .map_err(PipelineError::io("write", path))?;
    let mut block = vec![0_u8; COPY_BYTES];
    let mut n_bytes = 0_u64;
    loop {
        let n = body
            .read(&mut block)
            .await
            .map_err(PipelineError::io("read", path))?;
        if n == 0 {
            break;
        }
        n_bytes += n as u64;
        if n_bytes > limit_bytes {
            return Err(PipelineError::TooLarge { limit_bytes });
        }
        file.write_all(&block[..n])
            .await
            .map_err(PipelineError::io("write", path))?;
    }
    file.sync_all()
        .await
        .map_err(PipelineError::io("sync", path))?;
    Ok(n_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_called_like_its_file_without_the_format() {
        for (file_name, source) in [
            ("orders.csv", "orders"),
            ("shop.2026-01.CSV.gz", "shop.2026-01"),
            ("events.jsonl", "events"),
            ("Kunden 2026.XLSX", "Kunden 2026"),
            ("iPhone.vcf", "iPhone"),
            ("Sent.mbox.gz", "Sent"),
            ("Sales.ics", "Sales"),
            ("v1.2 export", "v1.2 export"),
            (".csv", ".csv"),
        ] {
            assert_eq!(default_source(file_name), source);
        }
    }
}
