//! The files that are in the archive or on their way there, and in which generation no record named
//! them any more. Generations are counted and not instants: a clock may be set back, and a file must
//! stay as long as one generation has states that name it.
//!
//! Kept as lines that are only ever added, the last word on a path being in force, and written anew when
//! it is opened. What belongs together is one line, so that a kill leaves all of it or nothing: a model
//! of which half its files were known would never get the others. Lost, it costs only that files are
//! copied once more.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::super::error::BackupError;
use super::super::manifest::FileEntry;
use super::names::root_of;

/// A file of the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    #[serde(flatten)]
    file: FileEntry,
    /// The generation in which no record named it any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unnamed_in: Option<String>,
    /// Whether it was deleted from the archive.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_gone: bool,
}

/// The files of an archive; all blocks.
#[derive(Debug)]
pub(super) struct Index {
    path: PathBuf,
    files: BTreeMap<String, Known>,
}

impl Index {
    /// Reads the index; an empty one where there is none.
    pub(super) fn open(path: &Path) -> Result<Self, BackupError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(BackupError::io("read", path)(error)),
        };
        let mut files = BTreeMap::new();
        // A line that a kill has cut off was not in force yet.
        let whole = text
            .lines()
            .filter_map(|line| serde_json::from_str::<Vec<Known>>(line).ok());
        for known in whole.flatten() {
            if known.is_gone {
                files.remove(&known.file.path);
            } else {
                files.insert(known.file.path.clone(), known);
            }
        }
        let all: Vec<&Known> = files.values().collect();
        rapport_lake::write_file(path, to_line(&all).as_bytes())?;
        Ok(Self {
            path: path.to_owned(),
            files,
        })
    }

    /// The names of the records that it has files of.
    pub(super) fn roots(&self) -> HashSet<String> {
        let known = self.files.values().filter(|known| !known.is_found());
        known
            .map(|known| root_of(&known.file.path).to_owned())
            .collect()
    }

    /// Every file of these names.
    pub(super) fn files_of(&self, roots: &HashSet<String>) -> Vec<FileEntry> {
        let named = self.files.values().filter(|known| {
            let is_named = roots.contains(root_of(&known.file.path));
            is_named && !known.is_found()
        });
        named.map(|known| known.file.clone()).collect()
    }

    /// Adds files.
    pub(super) fn add(&mut self, files: Vec<FileEntry>) -> Result<(), BackupError> {
        let known = |file| Known {
            file,
            unnamed_in: None,
            is_gone: false,
        };
        self.put(files.into_iter().map(known).collect())
    }

    /// Takes files that were found in the archive and that it does not know, for it was lost once. No
    /// record of `generation` names them, or it would know them.
    pub(super) fn adopt(
        &mut self,
        found: Vec<(String, u64)>,
        generation: &str,
    ) -> Result<(), BackupError> {
        let unknown = found
            .into_iter()
            .filter(|(path, _)| !self.files.contains_key(path));
        let known = unknown.map(|(path, bytes)| Known {
            file: FileEntry {
                path,
                bytes,
                sha256: String::new(),
            },
            unnamed_in: Some(generation.to_owned()),
            is_gone: false,
        });
        let known = known.collect();
        self.put(known)
    }

    /// Notes which names are in use in a generation, and which are not any more.
    pub(super) fn note_named(
        &mut self,
        roots: &HashSet<String>,
        generation: &str,
    ) -> Result<(), BackupError> {
        let mut changed = Vec::new();
        for known in self.files.values() {
            let is_named = roots.contains(root_of(&known.file.path));
            if is_named == known.unnamed_in.is_none() {
                continue;
            }
            changed.push(Known {
                unnamed_in: (!is_named).then(|| generation.to_owned()),
                ..known.clone()
            });
        }
        self.put(changed)
    }

    /// Files that no record of this generation names, nor of a later one.
    pub(super) fn unnamed_since(&self, generation: &str) -> Vec<String> {
        let due = self.files.values().filter(|known| {
            let last = known.unnamed_in.as_deref();
            last.is_some_and(|last| last < generation)
        });
        due.map(|known| known.file.path.clone()).collect()
    }

    /// Forgets files that were deleted from the archive.
    pub(super) fn forget(&mut self, paths: &[String]) -> Result<(), BackupError> {
        let known = paths.iter().filter_map(|path| self.files.get(path));
        let gone = known.map(|known| Known {
            is_gone: true,
            ..known.clone()
        });
        let gone = gone.collect();
        self.put(gone)
    }

    fn put(&mut self, changed: Vec<Known>) -> Result<(), BackupError> {
        if changed.is_empty() {
            return Ok(());
        }
        let line = to_line(&changed.iter().collect::<Vec<_>>());
        let appended = File::options()
            .append(true)
            .open(&self.path)
            .and_then(|mut file| {
                file.write_all(line.as_bytes())?;
                file.sync_data()
            });
        appended.map_err(BackupError::io("write", &self.path))?;
        for known in changed {
            if known.is_gone {
                self.files.remove(&known.file.path);
            } else {
                self.files.insert(known.file.path.clone(), known);
            }
        }
        Ok(())
    }
}

impl Known {
    /// Whether it was only found in the archive, so that nobody knows what it should hold.
    const fn is_found(&self) -> bool {
        self.file.sha256.is_empty()
    }
}

/// What belongs together, as a line. Its break stands before it as well: what a full disk has cut off
/// spoils no other.
fn to_line(known: &[&Known]) -> String {
    let text = serde_json::to_string(known).expect("a line has only plain values");
    format!("\n{text}\n")
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn file(path: &str) -> FileEntry {
        FileEntry {
            path: path.to_owned(),
            bytes: 1,
            sha256: "00".to_owned(),
        }
    }

    fn roots(names: &[&str]) -> HashSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    const MONDAY: &str = "20261123T000000.000000Z";
    const TUESDAY: &str = "20261124T000000.000000Z";

    #[test]
    fn a_file_is_due_once_no_generation_can_name_it() {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("index");
        let mut index = Index::open(&path).unwrap();
        index
            .add(vec![file("uploads/1"), file("models/2/a")])
            .unwrap();

        index.note_named(&roots(&["uploads/1"]), MONDAY).unwrap();
        index.note_named(&roots(&["uploads/1"]), TUESDAY).unwrap();

        let mut index = Index::open(&path).unwrap();
        assert_eq!(index.unnamed_since(MONDAY), [""; 0]);
        assert_eq!(index.unnamed_since(TUESDAY), ["models/2/a"]);
        index.forget(&["models/2/a".to_owned()]).unwrap();
        let index = Index::open(&path).unwrap();
        assert_eq!(index.roots(), roots(&["uploads/1"]));
    }

    #[test]
    fn what_was_cut_off_does_not_count_by_halves_and_spoils_nothing() {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("index");
        let mut index = Index::open(&path).unwrap();
        index.add(vec![file("uploads/1")]).unwrap();
        let whole = std::fs::read(&path).unwrap();
        index
            .add(vec![file("models/2/a"), file("models/2/b")])
            .unwrap();
        let longer = std::fs::read(&path).unwrap();

        for end in whole.len()..longer.len() - 1 {
            std::fs::write(&path, &longer[..end]).unwrap();
            let cut = Index::open(&path).unwrap();
            assert_eq!(cut.roots(), roots(&["uploads/1"]), "{end}");
        }
        std::fs::write(&path, &longer[..longer.len() - 9]).unwrap();
        index.add(vec![file("uploads/3")]).unwrap();
        let index = Index::open(&path).unwrap();
        assert_eq!(index.roots(), roots(&["uploads/1", "uploads/3"]));
    }

    #[test]
    fn what_was_only_found_is_taken_anew_once_it_is_named() {
        let dir = TempDir::new().unwrap();
        let mut index = Index::open(&dir.path().join("index")).unwrap();
        index
            .adopt(vec![("uploads/1".to_owned(), 1)], MONDAY)
            .unwrap();

        assert_eq!(index.roots(), roots(&[]));
        assert_eq!(index.files_of(&roots(&["uploads/1"])), []);
        index.add(vec![file("uploads/1")]).unwrap();

        assert_eq!(index.files_of(&roots(&["uploads/1"])), [file("uploads/1")]);
        assert_eq!(index.unnamed_since(TUESDAY), [""; 0]);
    }
}
