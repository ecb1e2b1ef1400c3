//! Where a lake lies: a directory, or an object store handed in.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use object_store::path::Path;

use crate::LakeError;

/// Where a lake lies.
#[derive(Clone)]
pub enum LakeLocation {
    /// A directory of this machine. Files are synced before they are renamed to their name.
    Directory(PathBuf),
    /// An object store and a prefix in it. A put is taken to be atomic and durable.
    ObjectStore {
        /// The store.
        store: Arc<dyn ObjectStore>,
        /// Where in the store, without a slash at the end.
        prefix: String,
    },
}

impl LakeLocation {
    /// Reads a setting: a path or `file://` URL.
    ///
    /// # Errors
    /// [`LakeError::Location`] for a scheme that this build does not speak.
    pub fn parse(text: &str) -> Result<Self, LakeError> {
        match text.split_once("://") {
            None => Ok(Self::Directory(PathBuf::from(text))),
            Some(("file", path)) => Ok(Self::Directory(PathBuf::from(path))),
            Some((scheme, _)) => Err(LakeError::Location {
                location: text.to_owned(),
                reason: format!(
                    "this build does not speak {scheme}://; use a directory, mounted if it lies elsewhere"
                ),
            }),
        }
    }

    pub(crate) fn connect(&self) -> Result<Arc<dyn ObjectStore>, LakeError> {
        match self {
            Self::Directory(path) => {
                std::fs::create_dir_all(path).map_err(|source| LakeError::Io {
                    action: "make the directory",
                    path: path.display().to_string(),
                    source,
                })?;
                Ok(Arc::new(LocalFileSystem::new_with_prefix(path)?))
            }
            Self::ObjectStore { store, .. } => Ok(Arc::clone(store)),
        }
    }

    /// The path in the store of a path below the lake's root.
    pub(crate) fn path_of(&self, path: &str) -> Path {
        match self {
            Self::Directory(_) => Path::from(path),
            Self::ObjectStore { prefix, .. } => Path::from(format!("{prefix}/{path}")),
        }
    }

    /// The lake's root in the store; none where it is the store's own root.
    pub(crate) fn root(&self) -> Option<Path> {
        match self {
            Self::Directory(_) => None,
            Self::ObjectStore { prefix, .. } => Some(Path::from(prefix.as_str())),
        }
    }
}

impl fmt::Debug for LakeLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory(path) => f.debug_tuple("Directory").field(path).finish(),
            Self::ObjectStore { store, prefix } => {
                write!(f, "ObjectStore({store}, {prefix:?})")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_and_a_file_url_are_directories() {
        for text in ["data/lake", "file:///data/lake"] {
            assert!(
                matches!(LakeLocation::parse(text), Ok(LakeLocation::Directory(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn an_unknown_scheme_says_what_to_do() {
        let error = LakeLocation::parse("gopher://x").unwrap_err().to_string();

        assert!(error.contains("use a directory"), "{error}");
    }
}
