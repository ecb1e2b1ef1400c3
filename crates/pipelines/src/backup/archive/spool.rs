//! The spool: what waits in the data directory to be shipped, laid out as in the archive. Files are
//! linked there and not copied, so that they stay as long as they wait, whoever deletes them elsewhere.

use std::collections::HashSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::super::error::BackupError;
use super::super::files;
use super::super::make::gather;
use super::super::manifest::is_inside;
use super::piece::{Header, PieceName, PieceReader, PieceWriter};
use super::state::Sealed;
use super::{FILES, FOLDER, GENERATIONS};
use crate::leftovers::{self, Provisional};

/// A piece that is being written.
const PAGES: &str = "pages.part";
/// A copy of the whole file that is being written.
const BASE: &str = "base.part";
/// A file that is being taken.
const TAKING: &str = "file.part";

/// A piece in the spool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spooled {
    pub(super) generation: String,
    pub(super) name: PieceName,
    pub(super) bytes: u64,
}

impl Spooled {
    /// Its path below the root of the spool, and of the archive.
    pub(super) fn path(&self) -> String {
        format!("{GENERATIONS}/{}/{}", self.generation, self.name)
    }
}

/// The folder of the archive in a data directory; all blocks.
#[derive(Debug, Clone)]
pub(super) struct Spool {
    folder: PathBuf,
}

impl Spool {
    pub(super) fn in_directory(data_dir: &Path) -> Self {
        Self {
            folder: data_dir.join(FOLDER),
        }
    }

    pub(super) fn make(&self) -> Result<(), BackupError> {
        // Nobody else may look into it: what waits there is everything.
        let mut private = rapport_lake::private_directories();
        private.recursive(true);
        for folder in [GENERATIONS, FILES] {
            let path = self.root().join(folder);
            let made = private.create(&path);
            made.map_err(BackupError::io("make the folder", &path))?;
        }
        Ok(())
    }

    /// What is known of the archive.
    pub(super) fn state(&self) -> PathBuf {
        self.folder.join("state.json")
    }

    /// The index of files.
    pub(super) fn index(&self) -> PathBuf {
        self.folder.join("files.jsonl")
    }

    /// Stands where the archive was claimed once, so that an empty one is not taken for it.
    pub(super) fn claimed(&self) -> PathBuf {
        self.folder.join("claimed")
    }

    fn root(&self) -> PathBuf {
        self.folder.join("spool")
    }

    /// Where something with a path in the archive waits.
    pub(super) fn place_of(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    /// Forgets everything, as at a first start.
    pub(super) fn clear(&self) -> Result<(), BackupError> {
        leftovers::remove(&self.folder).map_err(BackupError::io("delete", &self.folder))?;
        self.make()
    }

    /// Where the copy of the whole file is written until it has its name; pieces are made meanwhile.
    pub(super) fn draft(&self) -> PathBuf {
        self.folder.join(BASE)
    }

    /// Writes a piece and makes it durable.
    pub(super) fn write(
        &self,
        header: &Header,
        fill: impl FnOnce(&mut PieceWriter) -> Result<(), BackupError>,
    ) -> Result<Spooled, BackupError> {
        let draft = self.folder.join(PAGES);
        let mut writer = PieceWriter::create(&draft, header)?;
        fill(&mut writer)?;
        self.keep(writer, &draft, header)
    }

    /// Gives a piece that is written its name.
    pub(super) fn keep(
        &self,
        writer: PieceWriter,
        draft: &Path,
        header: &Header,
    ) -> Result<Spooled, BackupError> {
        let measured = writer.finish()?;
        let spooled = Spooled {
            generation: header.generation.clone(),
            name: PieceName {
                number: header.number,
                at: header.at,
                is_state: header.is_state,
                sha256: measured.sha256,
            },
            bytes: measured.bytes,
        };
        let path = self.place_of(&spooled.path());
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(BackupError::io("make the folder", folder))?;
        }
        std::fs::rename(draft, &path).map_err(BackupError::io("rename", draft))?;
        files::sync_folders(&self.root(), [spooled.path().as_str()].into_iter())?;
        Ok(spooled)
    }

    /// Takes a file, which stays whatever happens to it where it is; false where it is not there.
    pub(super) fn take(&self, path: &str, from: &Path) -> Result<bool, BackupError> {
        let to = self.place_of(&format!("{FILES}/{path}"));
        if let Some(folder) = to.parent() {
            std::fs::create_dir_all(folder).map_err(BackupError::io("make the folder", folder))?;
        }
        // Under its name it is whole, always.
        let part = self.folder.join(TAKING);
        leftovers::remove(&part).map_err(BackupError::io("delete", &part))?;
        let half = Provisional::new(part.clone());
        let taken = std::fs::hard_link(from, &part).or_else(|error| match error.kind() {
            ErrorKind::NotFound => Err(error),
            // Another disk, or a file system without links.
            _ => std::fs::copy(from, &part).and_then(|_| std::fs::File::open(&part)?.sync_all()),
        });
        let taken = taken.and_then(|()| std::fs::rename(&part, &to));
        // Where both are links to one file, renaming leaves both.
        drop(half);
        match taken {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(BackupError::io("copy", from)(error)),
        }
    }

    /// Makes what was taken survive a power cut.
    pub(super) fn sync_taken<'a>(
        &self,
        paths: impl Iterator<Item = &'a str>,
    ) -> Result<(), BackupError> {
        files::sync_folders(&self.root().join(FILES), paths)
    }

    /// Gives up a file that was taken.
    pub(super) fn drop_taken(&self, path: &str) -> Result<(), BackupError> {
        let path = self.place_of(&format!("{FILES}/{path}"));
        leftovers::remove(&path).map_err(BackupError::io("delete", &path))
    }

    /// Every piece that waits, in the order in which they are shipped.
    pub(super) fn pieces(&self) -> Result<Vec<Spooled>, BackupError> {
        let mut pieces = Vec::new();
        for generation in names_in(&self.place_of(GENERATIONS))? {
            let folder = self.place_of(&format!("{GENERATIONS}/{generation}"));
            for file in names_in(&folder)? {
                let Ok(name) = file.parse() else { continue };
                // One that is shipped meanwhile does not wait any more.
                let Ok(metadata) = std::fs::metadata(folder.join(&file)) else {
                    continue;
                };
                pieces.push(Spooled {
                    generation: generation.clone(),
                    name,
                    bytes: metadata.len(),
                });
            }
        }
        pieces.sort_unstable_by(|a, b| {
            (&a.generation, a.name.number).cmp(&(&b.generation, b.name.number))
        });
        Ok(pieces)
    }

    /// Deletes what a kill left half done: pieces that count for nothing yet.
    pub(super) fn clear_unsealed(&self, sealed: &Sealed) -> Result<(), BackupError> {
        for piece in self.pieces()? {
            if !sealed.holds(&piece.generation, piece.name.number) {
                self.remove(&piece)?;
            }
        }
        for generation in names_in(&self.place_of(GENERATIONS))? {
            // Not empty as long as a piece waits.
            let _ = std::fs::remove_dir(self.place_of(&format!("{GENERATIONS}/{generation}")));
        }
        for draft in [PAGES, BASE, TAKING] {
            let path = self.folder.join(draft);
            leftovers::remove(&path).map_err(BackupError::io("delete", &path))?;
        }
        Ok(())
    }

    /// Deletes files that no piece lists: what is left of a state that was never written down.
    pub(super) fn clear_unlisted(&self) -> Result<(), BackupError> {
        let mut files = Vec::new();
        gather(&self.root(), FILES, &mut files)?;
        if files.is_empty() {
            return Ok(());
        }
        let mut listed = HashSet::new();
        for piece in self.pieces()? {
            let path = self.place_of(&piece.path());
            let files = match PieceReader::open(&path) {
                Ok(reader) => reader.header.files,
                Err(error) => {
                    tracing::warn!(%error, "a piece that waits cannot be read; its files are left");
                    return Ok(());
                }
            };
            listed.extend(
                files
                    .into_iter()
                    .map(|file| format!("{FILES}/{}", file.path)),
            );
        }
        for file in files.iter().filter(|file| !listed.contains(&file.path)) {
            let path = self.place_of(&file.path);
            leftovers::remove(&path).map_err(BackupError::io("delete", &path))?;
        }
        Ok(())
    }

    /// Deletes a piece.
    pub(super) fn remove(&self, piece: &Spooled) -> Result<(), BackupError> {
        debug_assert!(is_inside(&piece.path()), "a piece lies in the spool");
        let path = self.place_of(&piece.path());
        leftovers::remove(&path).map_err(BackupError::io("delete", &path))
    }
}

fn names_in(folder: &Path) -> Result<Vec<String>, BackupError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(BackupError::io("read", folder)(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(BackupError::io("read", folder))?;
        names.extend(entry.file_name().into_string());
    }
    names.sort_unstable();
    Ok(names)
}
