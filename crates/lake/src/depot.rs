//! A place that keeps copies of files: a directory or a prefix in an object store, named as a lake is.

use std::path::Path;
use std::sync::Arc;

use futures::TryStreamExt as _;
use object_store::{ObjectStore, ObjectStoreExt as _};
use uuid::Uuid;

use crate::durable::{make_private_directory_of, write_file};
use crate::{LakeError, LakeLocation, Pieces, transfer};

/// Whose depot it is: a small file at its root with the workspace's id, and the run's that keeps it.
const MARKER: &str = "rapport-archive";

/// A place that keeps copies of files under their paths. Cheap to clone.
///
/// A directory need not be there: it is looked for anew each time, since its disk may come later. What
/// is made in it, nobody else may look into.
#[derive(Debug, Clone)]
pub struct Depot {
    location: LakeLocation,
}

/// Who keeps a depot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keeper {
    /// The workspace whose files are kept.
    pub workspace: Uuid,
    /// The run of the program that puts them there.
    pub run: Uuid,
}

impl Keeper {
    fn to_text(self) -> String {
        format!("{}\n{}\n", self.workspace, self.run)
    }
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
        Ok(self.mark().await?.is_some())
    }

    async fn mark(&self) -> Result<Option<String>, LakeError> {
        if let LakeLocation::Directory(root) = &self.location
            && !root.is_dir()
        {
            return Ok(None);
        }
        match self.store()?.get(&self.location.path_of(MARKER)).await {
            Ok(found) => {
                let bytes = found.bytes().await?;
                Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
            }
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Claims the depot for a run of a workspace. One that nobody has claimed becomes its own if it
    /// `is_new`; else it must have been claimed before, so that an unmounted disk is not taken for an
    /// empty one. The run that began last has it: `is_first` claims it from the one before, who is
    /// refused from then on.
    ///
    /// # Errors
    /// [`LakeError::Foreign`] where another workspace has it; [`LakeError::Unmarked`] where nobody has
    /// it who had; [`LakeError::TakenOver`] where a later run has it; [`LakeError::Store`] and
    /// [`LakeError::Io`] where it cannot be reached.
    pub async fn claim(
        &self,
        keeper: Keeper,
        is_new: bool,
        is_first: bool,
    ) -> Result<(), LakeError> {
        let ours = keeper.to_text();
        match self.mark().await? {
            Some(mark) if mark == ours => Ok(()),
            Some(mark) => {
                let owner = mark.lines().next().unwrap_or_default();
                if owner != keeper.workspace.to_string() {
                    return Err(LakeError::Foreign {
                        location: self.location.to_string(),
                        owner: owner.to_owned(),
                        marker: MARKER,
                    });
                }
                if !is_first {
                    return Err(LakeError::TakenOver {
                        location: self.location.to_string(),
                    });
                }
                self.put_mark(ours).await
            }
            None if is_new => self.put_mark(ours).await,
            None => Err(LakeError::Unmarked {
                location: self.location.to_string(),
                marker: MARKER,
            }),
        }
    }

    async fn put_mark(&self, text: String) -> Result<(), LakeError> {
        match &self.location {
            LakeLocation::Directory(root) => {
                let path = root.join(MARKER);
                crate::blocking(move || {
                    make_private_directory_of(&path)?;
                    write_file(&path, text.as_bytes())
                })
                .await
            }
            LakeLocation::ObjectStore { store, .. } => {
                store
                    .put(&self.location.path_of(MARKER), text.into())
                    .await?;
                Ok(())
            }
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
        if let LakeLocation::Directory(root) = &self.location {
            let target = root.join(path);
            crate::blocking(move || make_private_directory_of(&target)).await?;
        }
        transfer::put(&self.location, &self.store()?, path, file).await
    }

    /// Deletes a file, if it is there, and the folders that held nothing else.
    ///
    /// # Errors
    /// [`LakeError::Store`] where it cannot be deleted.
    pub async fn remove(&self, path: &str) -> Result<(), LakeError> {
        match self.store()?.delete(&self.location.path_of(path)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        if let LakeLocation::Directory(root) = &self.location {
            for folder in Path::new(path).ancestors().skip(1) {
                let is_root = folder.as_os_str().is_empty();
                if is_root || tokio::fs::remove_dir(root.join(folder)).await.is_err() {
                    break;
                }
            }
        }
        Ok(())
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
    async fn a_folder_goes_with_its_last_file() {
        let dir = TempDir::new().unwrap();
        let file = dir.path().join("file");
        std::fs::write(&file, "copy").unwrap();
        let root = dir.path().join("depot");
        let depot = Depot::new(LakeLocation::Directory(root.clone()));
        depot.put("a/b/1", &file).await.unwrap();
        depot.put("a/2", &file).await.unwrap();

        depot.remove("a/b/1").await.unwrap();
        assert!(!root.join("a/b").exists() && root.join("a/2").exists());
        depot.remove("a/2").await.unwrap();

        assert!(!root.join("a").exists() && root.exists());
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn nobody_else_may_look_into_it() {
        use std::os::unix::fs::PermissionsExt as _;

        let dir = TempDir::new().unwrap();
        let file = dir.path().join("file");
        std::fs::write(&file, "copy").unwrap();
        let (made, given) = (dir.path().join("made"), dir.path().join("given"));
        std::fs::create_dir(&given).unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        for root in [&made, &given] {
            let depot = Depot::new(LakeLocation::Directory(root.clone()));
            depot.claim(keeper(1, 1), true, true).await.unwrap();
            depot.put("a/b/1", &file).await.unwrap();

            assert_eq!(
                (mode(&root.join("a")), mode(&root.join("a/b"))),
                (0o700, 0o700)
            );
        }
        assert_eq!(mode(&made), 0o700);
    }

    fn keeper(workspace: u128, run: u128) -> Keeper {
        Keeper {
            workspace: Uuid::from_u128(workspace),
            run: Uuid::from_u128(run),
        }
    }

    #[tokio::test]
    async fn a_depot_is_one_workspace_s_and_the_run_s_that_began_last() {
        let dir = TempDir::new().unwrap();
        let directory = LakeLocation::Directory(dir.path().join("depot"));
        for location in [directory, LakeLocation::in_memory()] {
            let depot = Depot::new(location);
            let (first, second, stranger) = (keeper(1, 1), keeper(1, 2), keeper(2, 3));

            let missing = depot.claim(first, false, true).await.unwrap_err();
            assert!(!depot.is_claimed().await.unwrap());
            depot.claim(first, true, true).await.unwrap();
            depot.claim(first, false, false).await.unwrap();
            let foreign = depot.claim(stranger, true, true).await.unwrap_err();
            depot.claim(second, false, true).await.unwrap();
            let late = depot.claim(first, false, false).await.unwrap_err();
            depot.claim(second, false, false).await.unwrap();

            assert!(matches!(missing, LakeError::Unmarked { .. }), "{missing}");
            assert!(matches!(foreign, LakeError::Foreign { .. }), "{foreign}");
            assert!(matches!(late, LakeError::TakenOver { .. }), "{late}");
            assert!(depot.is_claimed().await.unwrap());
        }
    }
}
