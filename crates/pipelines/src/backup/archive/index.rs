//! The files that are in the archive or on their way there, and since when no record names them.
//!
//! Kept as lines that are only ever added, the last one of a path being in force, and written anew when
//! it is opened. Lost, it costs only that files are copied once more.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use rapport_domain::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::error::BackupError;
use super::super::manifest::FileEntry;
use super::names::root_of;

/// A line of the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Line {
    #[serde(flatten)]
    file: FileEntry,
    /// Since when no record names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unnamed_since: Option<Timestamp>,
    /// Whether it was deleted from the archive.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_gone: bool,
}

/// The files of an archive; all blocks.
#[derive(Debug)]
pub(super) struct Index {
    path: PathBuf,
    lines: BTreeMap<String, Line>,
}

impl Index {
    /// Reads the index; an empty one where there is none.
    pub(super) fn open(path: &Path) -> Result<Self, BackupError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(BackupError::io("read", path)(error)),
        };
        let mut lines = BTreeMap::new();
        // A line that a kill has cut off was not in force yet.
        let whole = text
            .lines()
            .filter_map(|line| serde_json::from_str::<Line>(line).ok());
        for line in whole {
            if line.is_gone {
                lines.remove(&line.file.path);
            } else {
                lines.insert(line.file.path.clone(), line);
            }
        }
        let whole: String = lines.values().map(to_text).collect();
        rapport_lake::write_file(path, whole.as_bytes())?;
        Ok(Self {
            path: path.to_owned(),
            lines,
        })
    }

    /// The names of the records that it has files of.
    pub(super) fn roots(&self) -> HashSet<String> {
        let paths = self.lines.keys();
        paths.map(|path| root_of(path).to_owned()).collect()
    }

    /// Every file of these names.
    pub(super) fn files_of(&self, roots: &HashSet<String>) -> Vec<FileEntry> {
        let is_named = |line: &&Line| roots.contains(root_of(&line.file.path));
        let named = self.lines.values().filter(is_named);
        named.map(|line| line.file.clone()).collect()
    }

    /// Adds files.
    pub(super) fn add(&mut self, files: Vec<FileEntry>) -> Result<(), BackupError> {
        let line = |file| Line {
            file,
            unnamed_since: None,
            is_gone: false,
        };
        self.put(files.into_iter().map(line).collect())
    }

    /// Takes files that it does not know and that nobody can name any more: it was lost once.
    pub(super) fn adopt(
        &mut self,
        found: Vec<(String, u64)>,
        now: Timestamp,
    ) -> Result<(), BackupError> {
        let unknown = found
            .into_iter()
            .filter(|(path, _)| !self.lines.contains_key(path));
        let lines = unknown.map(|(path, bytes)| Line {
            file: FileEntry {
                path,
                bytes,
                sha256: String::new(),
            },
            unnamed_since: Some(now),
            is_gone: false,
        });
        let lines = lines.collect();
        self.put(lines)
    }

    /// Notes which names are in use, and which are not any more since `now`.
    pub(super) fn note_named(
        &mut self,
        roots: &HashSet<String>,
        now: Timestamp,
    ) -> Result<(), BackupError> {
        let mut changed = Vec::new();
        for line in self.lines.values() {
            let is_named = roots.contains(root_of(&line.file.path));
            if is_named == line.unnamed_since.is_none() {
                continue;
            }
            changed.push(Line {
                unnamed_since: (!is_named).then_some(now),
                ..line.clone()
            });
        }
        self.put(changed)
    }

    /// Files that no record has named since before `instant`.
    pub(super) fn unnamed_before(&self, instant: Timestamp) -> Vec<String> {
        let is_due = |line: &&Line| line.unnamed_since.is_some_and(|since| since < instant);
        let due = self.lines.values().filter(is_due);
        due.map(|line| line.file.path.clone()).collect()
    }

    /// Forgets a file that was deleted from the archive.
    pub(super) fn forget(&mut self, path: &str) -> Result<(), BackupError> {
        let Some(line) = self.lines.get(path) else {
            return Ok(());
        };
        let gone = Line {
            is_gone: true,
            ..line.clone()
        };
        self.put(vec![gone])?;
        self.lines.remove(path);
        Ok(())
    }

    fn put(&mut self, lines: Vec<Line>) -> Result<(), BackupError> {
        if lines.is_empty() {
            return Ok(());
        }
        let text: String = lines.iter().map(to_text).collect();
        let appended = File::options()
            .append(true)
            .open(&self.path)
            .and_then(|mut file| {
                file.write_all(text.as_bytes())?;
                file.sync_data()
            });
        appended.map_err(BackupError::io("write", &self.path))?;
        for line in lines {
            self.lines.insert(line.file.path.clone(), line);
        }
        Ok(())
    }
}

fn to_text(line: &Line) -> String {
    let text = serde_json::to_string(line).expect("a line has only plain values");
    text + "\n"
}

#[cfg(test)]
mod tests {
    use rapport_testing::at;
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

    #[test]
    fn a_file_is_due_once_no_record_has_named_it_for_long() {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("index");
        let mut index = Index::open(&path).unwrap();
        index
            .add(vec![file("uploads/1"), file("models/2/a")])
            .unwrap();
        let (monday, tuesday) = (at("2026-11-23T00:00:00Z"), at("2026-11-24T00:00:00Z"));

        index.note_named(&roots(&["uploads/1"]), monday).unwrap();
        index.note_named(&roots(&["uploads/1"]), tuesday).unwrap();

        let mut index = Index::open(&path).unwrap();
        assert_eq!(index.unnamed_before(monday), [""; 0]);
        assert_eq!(index.unnamed_before(tuesday), ["models/2/a"]);
        index.forget("models/2/a").unwrap();
        let index = Index::open(&path).unwrap();
        assert_eq!(index.roots(), roots(&["uploads/1"]));
    }

    #[test]
    fn a_line_that_was_cut_off_does_not_count() {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("index");
        Index::open(&path)
            .unwrap()
            .add(vec![file("uploads/1")])
            .unwrap();
        let mut text = std::fs::read_to_string(&path).unwrap();
        text += "{\"path\":\"uploads/2\",\"byt";
        std::fs::write(&path, text).unwrap();

        let index = Index::open(&path).unwrap();

        assert_eq!(index.roots(), roots(&["uploads/1"]));
    }
}
