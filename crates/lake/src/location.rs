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
    /// Reads a setting: a path, a `file://` URL or, where the crate's feature `s3` is on,
    /// `s3://bucket/prefix` with the usual `AWS_…` variables of the environment.
    ///
    /// # Errors
    /// [`LakeError::Location`] for a scheme that this build does not speak, or a bucket that is not
    /// named; [`LakeError::Store`] where the settings of the store do not fit together.
    pub fn parse(text: &str) -> Result<Self, LakeError> {
        match text.split_once("://") {
            None => Ok(Self::Directory(PathBuf::from(text))),
            Some(("file", path)) => Ok(Self::Directory(PathBuf::from(path))),
            Some(("s3", rest)) => {
                let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
                if bucket.is_empty() {
                    let reason = "name the bucket, as in s3://bucket/prefix".to_owned();
                    return Err(refusal(text, reason));
                }
                s3(text, bucket, prefix.trim_end_matches('/'))
            }
            Some((scheme, _)) => Err(refusal(
                text,
                format!(
                    "this build does not speak {scheme}://; use a directory, mounted if it lies elsewhere"
                ),
            )),
        }
    }

    /// Nowhere: a store in memory that ends with the process.
    pub fn in_memory() -> Self {
        let store = Arc::new(object_store::memory::InMemory::new());
        Self::ObjectStore {
            store,
            prefix: "events".to_owned(),
        }
    }

    /// Whether it lies inside of another one, or is the same.
    pub fn is_within(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Directory(path), Self::Directory(other)) => real(path).starts_with(real(other)),
            (
                Self::ObjectStore { store, .. },
                Self::ObjectStore {
                    store: other_store, ..
                },
            ) => {
                let is_same = store.to_string() == other_store.to_string();
                is_same && self.path_of("").prefix_matches(&other.path_of(""))
            }
            _ => false,
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
            Self::ObjectStore { prefix, .. } if prefix.is_empty() => Path::from(path),
            Self::ObjectStore { prefix, .. } => Path::from(format!("{prefix}/{path}")),
        }
    }

    /// The lake's root in the store; none where it is the store's own root.
    pub(crate) fn root(&self) -> Option<Path> {
        match self {
            Self::Directory(_) => None,
            Self::ObjectStore { prefix, .. } if prefix.is_empty() => None,
            Self::ObjectStore { prefix, .. } => Some(Path::from(prefix.as_str())),
        }
    }
}

/// A path without links, as far as it is there.
fn real(path: &std::path::Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let found = absolute.ancestors().find_map(|existing| {
        let real = existing.canonicalize().ok()?;
        Some(real.join(absolute.strip_prefix(existing).ok()?))
    });
    found.unwrap_or(absolute)
}

fn refusal(location: &str, reason: String) -> LakeError {
    LakeError::Location {
        location: location.to_owned(),
        reason,
    }
}

#[cfg(feature = "s3")]
fn s3(_location: &str, bucket: &str, prefix: &str) -> Result<LakeLocation, LakeError> {
    let store = object_store::aws::AmazonS3Builder::from_env()
        .with_bucket_name(bucket)
        .build()?;
    Ok(LakeLocation::ObjectStore {
        store: Arc::new(store),
        prefix: prefix.to_owned(),
    })
}

#[cfg(not(feature = "s3"))]
fn s3(location: &str, _bucket: &str, _prefix: &str) -> Result<LakeLocation, LakeError> {
    let reason = "this build does not speak s3://; build with the feature `s3` or use a directory";
    Err(refusal(location, reason.to_owned()))
}

impl fmt::Display for LakeLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory(path) => write!(f, "{}", path.display()),
            Self::ObjectStore { store, prefix } => write!(f, "{store}/{prefix}"),
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
    fn what_lies_inside_of_another_place_is_told() {
        let dir = tempfile::TempDir::new().unwrap();
        let root = dir.path().canonicalize().unwrap();
        std::fs::create_dir(root.join("data")).unwrap();
        let at = |path: &str| LakeLocation::Directory(root.join(path));
        for (path, is_within) in [
            ("data", true),
            ("data/archive/deep", true),
            ("database", false),
            (".", false),
            ("data/../archive", false),
        ] {
            assert_eq!(at(path).is_within(&at("data")), is_within, "{path}");
        }
        assert!(!at("data").is_within(&LakeLocation::in_memory()));
        let below = |prefix: &str| LakeLocation::ObjectStore {
            store: Arc::new(object_store::memory::InMemory::new()),
            prefix: prefix.to_owned(),
        };
        assert!(below("a/b").is_within(&below("a")));
        assert!(below("a").is_within(&below("")));
        assert!(!below("ab").is_within(&below("a")));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_does_not_hide_where_a_place_lies() {
        let dir = tempfile::TempDir::new().unwrap();
        let (data, link) = (dir.path().join("data"), dir.path().join("link"));
        std::fs::create_dir(&data).unwrap();
        std::os::unix::fs::symlink(&data, &link).unwrap();

        let archive = LakeLocation::Directory(link.join("archive"));

        assert!(archive.is_within(&LakeLocation::Directory(data)));
    }

    #[cfg(not(feature = "s3"))]
    #[test]
    fn a_bucket_is_refused_where_the_build_cannot_reach_it() {
        let error = LakeLocation::parse("s3://bucket/events")
            .unwrap_err()
            .to_string();

        assert!(error.contains("feature `s3`"), "{error}");
    }

    #[test]
    fn a_bucket_without_a_name_is_refused() {
        let error = LakeLocation::parse("s3:///events").unwrap_err().to_string();

        assert!(error.contains("s3://bucket/prefix"), "{error}");
    }

    #[test]
    fn an_unknown_scheme_says_what_to_do() {
        let error = LakeLocation::parse("gopher://x").unwrap_err().to_string();

        assert!(error.contains("use a directory"), "{error}");
    }
}
