//! A place that keeps copies of files: a directory or a prefix in an object store, named as a lake is.

use std::path::Path;
use std::sync::Arc;

use futures::TryStreamExt as _;
use object_store::{ObjectStore, ObjectStoreExt as _, PutMode, PutOptions};
use uuid::Uuid;

use crate::{LakeError, LakeLocation, Pieces, transfer};

/// Whose depot it is: a small file at its root with the workspace's id.
const MARKER: &str = "rapport-archive";

/// A place that keeps copies of files under their paths. Cheap to clone.
///
/// A directory need not be there: it is looked for anew each time, since its disk may come later.
#[derive(Debug, Clone)]
pub struct Depot {
    location: LakeLocation,
}

impl Depot {
    /// The depot at an address as of a lake: a path, a `file://` URL or `s3://bucket/prefix`.
    ///
    /// # Errors
    /// As for [`LakeLocation::parse`].
    pub fn at(address: &str) -> Result<Self, LakeError> {
        let location = LakeLocation::parse(address)?;
        Ok(Self { location })
    }

    /// The depot in a location.
    pub const fn new(location: LakeLocation) -> Self {
        Self { location }
    }

    fn store(&self) -> Result<Arc<dyn ObjectStore>, LakeError> {
        self.location.connect()
    }

    /// Whether somebody has claimed it: without that it is no depot. Nothing is made by the question.
    ///
    /// # Errors
    /// [`LakeError::Store`] where the place cannot be reached.
    pub async fn is_claimed(&self) -> Result<bool, LakeError> {
        if let LakeLocation::Directory(root) = &self.location
            && !root.is_dir()
        {
            return Ok(false);
        }
        Ok(self.owner().await?.is_some())
    }

    async fn owner(&self) -> Result<Option<String>, LakeError> {
        match self.store()?.get(&self.location.path_of(MARKER)).await {
            Ok(found) => {
                let bytes = found.bytes().await?;
                Ok(Some(String::from_utf8_lossy(&bytes).trim().to_owned()))
            }
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Claims the depot for a workspace. One that nobody has claimed becomes its own if it `is_new`;
    /// else it must have been claimed before, so that an unmounted disk is not taken for an empty one.
    ///
    /// # Errors
    /// [`LakeError::Foreign`] where another workspace has it; [`LakeError::Unmarked`] where nobody has
    /// it who had; [`LakeError::Store`] and [`LakeError::Io`] where it cannot be reached.
    pub async fn claim(&self, workspace: Uuid, is_new: bool) -> Result<(), LakeError> {
        if !is_new && !self.is_claimed().await? {
            return Err(LakeError::Unmarked {
                location: self.location.to_string(),
                marker: MARKER,
            });
        }
        let text = workspace.to_string();
        if is_new {
            let only_new = PutOptions::from(PutMode::Create);
            let path = self.location.path_of(MARKER);
            let store = self.store()?;
            match store.put_opts(&path, text.clone().into(), only_new).await {
                Ok(_) => return Ok(()),
                Err(object_store::Error::AlreadyExists { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        match self.owner().await? {
            Some(owner) if owner != text => Err(LakeError::Foreign {
                location: self.location.to_string(),
                owner,
                marker: MARKER,
            }),
            _ => Ok(()),
        }
    }

    /// Every file below a folder, with its size, in the order of their paths.
    ///
    /// # Errors
    /// [`LakeError::Store`] where they cannot be listed.
    pub async fn list(&self, folder: &str) -> Result<Vec<(String, u64)>, LakeError> {
        let store = self.store()?;
        let root = self.location.path_of("").to_string();
        let found = store.list(Some(&self.location.path_of(folder)));
        let found: Vec<_> = found.try_collect().await?;
        let mut files: Vec<(String, u64)> = found
            .into_iter()
            .map(|file| {
                let path = file.location.to_string();
                let below = path.strip_prefix(&root).unwrap_or(&path);
                (below.trim_start_matches('/').to_owned(), file.size)
            })
            .collect();
        files.sort_unstable();
        Ok(files)
    }

    /// The bytes of a file; none where there is no such file.
    ///
    /// # Errors
    /// [`LakeError::Store`] where it cannot be read.
    pub async fn read(&self, path: &str) -> Result<Option<Pieces>, LakeError> {
        transfer::read(&self.location, &self.store()?, path).await
    }

    /// Puts a copy of a file of this machine under a path; it is whole and durable when this returns,
    /// and before that it is not there.
    ///
    /// # Errors
    /// [`LakeError::Io`] where the file cannot be read, or not be written to a directory;
    /// [`LakeError::Store`] where the object store refuses.
    pub async fn put(&self, path: &str, file: &Path) -> Result<(), LakeError> {
        transfer::put(&self.location, &self.store()?, path, file).await
    }

    /// Deletes a file, if it is there.
    ///
    /// # Errors
    /// [`LakeError::Store`] where it cannot be deleted.
    pub async fn remove(&self, path: &str) -> Result<(), LakeError> {
        match self.store()?.delete(&self.location.path_of(path)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[tokio::test]
    async fn files_are_put_listed_read_and_removed_in_a_directory_and_in_an_object_store() {
        let dir = TempDir::new().unwrap();
        let file = dir.path().join("file");
        std::fs::write(&file, "copy").unwrap();
        let directory = LakeLocation::Directory(dir.path().join("depot"));
        for location in [directory, LakeLocation::in_memory()] {
            let depot = Depot::new(location);
            depot.put("b/2", &file).await.unwrap();
            depot.put("b/1", &file).await.unwrap();
            depot.put("a/1", &file).await.unwrap();

            let listed = depot.list("b").await.unwrap();
            depot.remove("b/1").await.unwrap();
            depot.remove("b/1").await.unwrap();

            assert_eq!(listed, [("b/1".to_owned(), 4), ("b/2".to_owned(), 4)]);
            assert!(depot.read("b/1").await.unwrap().is_none());
            let pieces = depot.read("b/2").await.unwrap().unwrap();
            let pieces: Vec<_> = pieces.try_collect().await.unwrap();
            assert_eq!(pieces.concat(), b"copy");
        }
    }

    #[tokio::test]
    async fn a_depot_is_one_workspace_s_and_known_by_its_mark() {
        let dir = TempDir::new().unwrap();
        let depot = Depot::new(LakeLocation::Directory(dir.path().join("depot")));
        let (ours, theirs) = (Uuid::from_u128(1), Uuid::from_u128(2));

        let missing = depot.claim(ours, false).await.unwrap_err();
        assert!(!depot.is_claimed().await.unwrap());
        depot.claim(ours, true).await.unwrap();
        depot.claim(ours, false).await.unwrap();
        let foreign = depot.claim(theirs, true).await.unwrap_err();

        assert!(matches!(missing, LakeError::Unmarked { .. }), "{missing}");
        assert!(matches!(foreign, LakeError::Foreign { .. }), "{foreign}");
        assert!(depot.is_claimed().await.unwrap());
    }
}
