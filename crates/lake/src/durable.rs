//! A file that appears whole or not at all: written under a temporary name, synced, then renamed.

use std::fs::{DirBuilder, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use parquet::errors::ParquetError;

use crate::LakeError;

/// A file under way. Dropped before [`DurableFile::finish`], it leaves nothing behind, so that a
/// full disk gets its space back.
pub(crate) struct DurableFile {
    file: BufWriter<File>,
    temporary: PathBuf,
    path: PathBuf,
    is_finished: bool,
}

impl DurableFile {
    /// Starts a file that will stand at `path`; missing directories are made.
    pub(crate) fn create(path: &Path) -> Result<Self, LakeError> {
        make_directory(directory_of(path), &DirBuilder::new())?;
        let temporary = path.with_added_extension("part");
        let file = File::create(&temporary).map_err(io_error("write", &temporary))?;
        Ok(Self {
            file: BufWriter::new(file),
            temporary,
            path: path.to_owned(),
            is_finished: false,
        })
    }

    /// Makes the file durable under its name and tells its size in bytes.
    pub(crate) fn finish(mut self) -> Result<u64, LakeError> {
        self.file.flush().map_err(io_error("write", &self.path))?;
        let file = self.file.get_ref();
        file.sync_all().map_err(io_error("sync", &self.path))?;
        let metadata = file.metadata().map_err(io_error("read", &self.path))?;
        std::fs::rename(&self.temporary, &self.path).map_err(io_error("rename", &self.path))?;
        self.is_finished = true;
        sync_directory(directory_of(&self.path))?;
        Ok(metadata.len())
    }
}

impl Write for DurableFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for DurableFile {
    fn drop(&mut self) {
        if !self.is_finished {
            // Best effort: what stays is an orphan, which `sweep` takes.
            let _ = std::fs::remove_file(&self.temporary);
        }
    }
}

/// Writes a small file: synced, then renamed, so that the name never stands for half; blocks.
///
/// # Errors
/// [`LakeError::Io`] where it cannot be written.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), LakeError> {
    let mut file = DurableFile::create(path)?;
    file.write_all(bytes).map_err(io_error("write", path))?;
    file.finish()?;
    Ok(())
}

/// Makes directories that nobody else may look into.
pub fn private_directories() -> DirBuilder {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

/// Makes the directory of a file, so that nobody else may look into it.
pub(crate) fn make_private_directory_of(path: &Path) -> Result<(), LakeError> {
    make_directory(directory_of(path), &private_directories())
}

fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => directory,
        _ => Path::new("."),
    }
}

/// Makes a directory and syncs every directory that got a new entry by it.
fn make_directory(directory: &Path, builder: &DirBuilder) -> Result<(), LakeError> {
    if directory.is_dir() {
        return Ok(());
    }
    let parent = directory_of(directory);
    make_directory(parent, builder)?;
    match builder.create(directory) {
        // Somebody else may have made it in the meantime.
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists || !directory.is_dir() => {
            Err(io_error("make the directory", directory)(error))
        }
        _ => sync_directory(parent),
    }
}

/// Makes the names in a directory survive a power cut.
fn sync_directory(directory: &Path) -> Result<(), LakeError> {
    // Some systems (Windows) cannot open a directory; they keep names durable by themselves.
    let Ok(handle) = File::open(directory) else {
        return Ok(());
    };
    handle.sync_all().map_err(io_error("sync", directory))
}

/// The lake's error for a failure of the system.
pub(crate) fn io_error<'a>(
    action: &'static str,
    path: &'a Path,
) -> impl FnOnce(io::Error) -> LakeError + use<'a> {
    move |source| LakeError::Io {
        action,
        path: path.display().to_string(),
        source,
    }
}

/// The lake's error for a failure to write Parquet, which is the system's error where there is one.
pub(crate) fn write_error<'a>(path: &'a Path) -> impl FnOnce(ParquetError) -> LakeError + use<'a> {
    move |error| {
        let source = match error {
            ParquetError::External(inner) => match inner.downcast::<io::Error>() {
                Ok(error) => *error,
                Err(other) => io::Error::other(other),
            },
            other => io::Error::other(other),
        };
        io_error("write", path)(source)
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn a_file_is_there_only_after_it_is_finished() {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("a/b/c.parquet");

        let mut file = DurableFile::create(&path).unwrap();
        file.write_all(b"abc").unwrap();
        assert!(!path.exists());
        assert_eq!(file.finish().unwrap(), 3);

        assert_eq!(std::fs::read(&path).unwrap(), b"abc");
    }

    #[test]
    fn an_abandoned_file_leaves_nothing() {
        let dir = TempDir::new().unwrap();

        drop(DurableFile::create(&dir.path().join("c.parquet")).unwrap());

        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_file_in_the_place_of_a_directory_is_an_error_that_names_it() {
        let dir = TempDir::new().unwrap();
        std::fs::write(dir.path().join("inbox"), "in the way").unwrap();

        let error = DurableFile::create(&dir.path().join("inbox/c.parquet"))
            .err()
            .unwrap();

        assert!(error.to_string().contains("inbox"), "{error}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_told_from_a_damaged_file() {
        let mut file = DurableFile {
            file: BufWriter::new(File::options().write(true).open("/dev/full").unwrap()),
            temporary: PathBuf::from("never-made.parquet.part"),
            path: PathBuf::from("never-made.parquet"),
            is_finished: false,
        };

        file.write_all(b"abc").unwrap();
        let error = file.finish().unwrap_err();

        assert!(
            matches!(&error, LakeError::Io { source, .. } if source.kind() == io::ErrorKind::StorageFull),
            "{error:?}"
        );
    }
}
