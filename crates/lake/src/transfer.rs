//! Whole files in and out, for those who keep copies of them.

use std::path::Path;
use std::sync::Arc;

use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::{ObjectStore, ObjectStoreExt as _};

use crate::durable::{DurableFile, io_error};
use crate::{Lake, LakeError, LakeLocation, upload};

/// The bytes of a file, piece by piece in order.
pub type Pieces = BoxStream<'static, Result<Vec<u8>, LakeError>>;

impl Lake {
    /// The bytes of the file at a path below the root, piece by piece; none where there is no such file.
    ///
    /// # Errors
    /// [`LakeError::Store`] where it cannot be read, at once or further on.
    pub async fn read(&self, path: &str) -> Result<Option<Pieces>, LakeError> {
        read(&self.location, &self.store, path).await
    }

    /// Puts a copy of a file of this machine under a path below the root; it is durable when this
    /// returns.
    ///
    /// # Errors
    /// [`LakeError::Io`] where the file cannot be read, or not be written to a directory;
    /// [`LakeError::Store`] where the object store refuses.
    pub async fn put(&self, path: &str, file: &Path) -> Result<(), LakeError> {
        put(&self.location, &self.store, path, file).await
    }

    /// Whether there is no file at all, ours or another's.
    ///
    /// # Errors
    /// [`LakeError::Store`] where the files cannot be listed.
    pub async fn is_empty(&self) -> Result<bool, LakeError> {
        let root = self.location.root();
        let first = self.store.list(root.as_ref()).try_next().await?;
        Ok(first.is_none())
    }
}

/// The bytes of the file at a path below a root.
pub(crate) async fn read(
    location: &LakeLocation,
    store: &Arc<dyn ObjectStore>,
    path: &str,
) -> Result<Option<Pieces>, LakeError> {
    match store.get(&location.path_of(path)).await {
        Ok(found) => {
            let pieces = found.into_stream().map_err(LakeError::from);
            Ok(Some(pieces.map_ok(Vec::from).boxed()))
        }
        Err(object_store::Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Puts a copy of a file of this machine under a path below a root.
pub(crate) async fn put(
    location: &LakeLocation,
    store: &Arc<dyn ObjectStore>,
    path: &str,
    file: &Path,
) -> Result<(), LakeError> {
    match location {
        LakeLocation::Directory(root) => {
            let (from, to) = (file.to_owned(), root.join(path));
            crate::blocking(move || copy(&from, &to)).await
        }
        LakeLocation::ObjectStore { .. } => upload::put(store, &location.path_of(path), file).await,
    }
}

fn copy(from: &Path, to: &Path) -> Result<(), LakeError> {
    let mut source = std::fs::File::open(from).map_err(io_error("read", from))?;
    let mut target = DurableFile::create(to)?;
    std::io::copy(&mut source, &mut target).map_err(io_error("write", to))?;
    target.finish()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::LakeOptions;

    async fn text_of(lake: &Lake, path: &str) -> Option<Vec<u8>> {
        let stream = lake.read(path).await.unwrap()?;
        let pieces: Vec<_> = stream.try_collect().await.unwrap();
        Some(pieces.concat())
    }

    #[tokio::test]
    async fn a_file_that_is_put_is_read_in_a_directory_and_in_an_object_store() {
        let dir = TempDir::new().unwrap();
        let file = dir.path().join("file");
        std::fs::write(&file, "events").unwrap();
        let directory = LakeLocation::Directory(dir.path().join("lake"));
        for location in [directory, LakeLocation::in_memory()] {
            let lake = Lake::open(location, LakeOptions::default()).unwrap();
            assert!(lake.is_empty().await.unwrap());

            lake.put("inbox/a.parquet", &file).await.unwrap();

            assert!(!lake.is_empty().await.unwrap());
            let found = text_of(&lake, "inbox/a.parquet").await;
            assert_eq!(found.as_deref(), Some(b"events".as_slice()));
            assert_eq!(text_of(&lake, "inbox/b.parquet").await, None);
        }
    }
}
