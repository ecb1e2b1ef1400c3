//! Moving a finished file of this machine into an object store, part by part.

use std::path::Path;
use std::sync::Arc;

use object_store::path::Path as StorePath;
use object_store::{ObjectStore, ObjectStoreExt, WriteMultipart};
use tokio::fs::File;
use tokio::io::AsyncReadExt;

use crate::LakeError;
use crate::durable::io_error;

/// Bytes of a part: the least that S3 takes is 5 MiB.
const PART_BYTES: usize = 8 * 1024 * 1024;
/// Parts on their way at once; with the part being filled they bound the memory of an upload.
const MAX_PARTS: usize = 4;

/// Puts `file` under `path` and deletes it. The object appears when its last part has arrived.
pub(crate) async fn move_into(
    store: &Arc<dyn ObjectStore>,
    path: &StorePath,
    file: &Path,
) -> Result<(), LakeError> {
    let uploaded = put(store, path, file).await;
    // Whatever came of it, the caller has no more use for the staging file.
    let removed = tokio::fs::remove_file(file).await;
    uploaded?;
    removed.map_err(io_error("delete", file))
}

/// Puts a copy of `file` under `path`.
pub(crate) async fn put(
    store: &Arc<dyn ObjectStore>,
    path: &StorePath,
    file: &Path,
) -> Result<(), LakeError> {
    let mut input = File::open(file).await.map_err(io_error("read", file))?;
    let metadata = input.metadata().await.map_err(io_error("read", file))?;
    if metadata.len() <= PART_BYTES as u64 {
        // One request instead of three.
        let mut bytes = Vec::new();
        let read = input.read_to_end(&mut bytes).await;
        read.map_err(io_error("read", file))?;
        store.put(path, bytes.into()).await?;
        return Ok(());
    }
    let mut parts =
        WriteMultipart::new_with_chunk_size(store.put_multipart(path).await?, PART_BYTES);
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match input.read(&mut buffer).await {
            Ok(0) => break,
            Ok(n_bytes) => {
                parts.wait_for_capacity(MAX_PARTS).await?;
                parts.write(&buffer[..n_bytes]);
            }
            Err(error) => {
                parts.abort().await?;
                return Err(io_error("read", file)(error));
            }
        }
    }
    parts.finish().await?;
    Ok(())
}
