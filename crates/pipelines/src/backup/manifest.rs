//! The manifest: what a backup holds, with a checksum of its own beside it. It is written last.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use rapport_domain::Timestamp;
use rapport_store::backup::{Contents, CopyKind};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::error::{BackupError, Problem};

/// Name of the manifest in a backup.
pub(super) const FILE_NAME: &str = "manifest.json";
/// Its checksum, in the form that `sha256sum --check` reads.
const SUM_NAME: &str = "manifest.sha256";
/// A file that stands in a backup as long as it is being made.
pub(super) const UNFINISHED: &str = "unfinished";
/// The form of the manifest that this program writes, and the newest that it reads.
const FORMAT: u32 = 1;

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Form of the manifest.
    pub format: u32,
    /// Version of the program that made the backup.
    pub program: String,
    /// When it was begun; the records are of this instant or a little later.
    pub made_at: Timestamp,
    /// The workspace.
    pub workspace: Option<Uuid>,
    /// How the records are written.
    pub records: CopyKind,
    /// The schema that the tables were in, on PostgreSQL.
    pub namespace: Option<String>,
    /// The migrations that the records have seen.
    pub schema: Vec<String>,
    /// Rows of each table.
    pub tables: BTreeMap<String, u64>,
    /// Every file, the records' first.
    pub files: Vec<FileEntry>,
    /// Files that the records name and that were missing or damaged when the backup was made.
    pub lacking: Vec<String>,
}

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Path below the backup's folder, with slashes.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

impl Manifest {
    pub(super) fn new(
        program: &str,
        made_at: Timestamp,
        records: CopyKind,
        contents: &Contents,
    ) -> Self {
        Self {
            format: FORMAT,
            program: program.to_owned(),
            made_at,
            workspace: contents.workspace,
            records,
            namespace: contents.namespace.clone(),
            schema: contents.schema.clone(),
            tables: contents.tables.clone(),
            files: Vec::new(),
            lacking: Vec::new(),
        }
    }

    /// Bytes of all files together.
    pub fn n_bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// Rows of all tables together.
    pub fn n_rows(&self) -> u64 {
        self.tables.values().sum()
    }

    /// Writes the manifest and its checksum.
    pub(super) fn write(&self, folder: &Path) -> Result<(), BackupError> {
        let text = serde_json::to_vec_pretty(self).expect("a manifest has only plain values");
        let sum = format!("{}  {FILE_NAME}\n", hex(&Sha256::digest(&text)));
        for (name, bytes) in [(FILE_NAME, text.as_slice()), (SUM_NAME, sum.as_bytes())] {
            rapport_lake::write_file(&folder.join(name), bytes)?;
        }
        Ok(())
    }

    /// Reads the manifest of a finished backup.
    ///
    /// # Errors
    /// [`BackupError::NoBackup`], [`BackupError::Unfinished`], [`BackupError::Newer`] and
    /// [`BackupError::BadManifest`] as their names say.
    pub fn read(folder: &Path) -> Result<Self, BackupError> {
        if folder.join(UNFINISHED).exists() || folder.extension().is_some_and(|e| e == "part") {
            let path = folder.to_owned();
            return Err(BackupError::Unfinished { path });
        }
        let path = folder.join(FILE_NAME);
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(BackupError::NoBackup {
                    path: folder.to_owned(),
                    hint: hint(folder),
                });
            }
            Err(error) => return Err(BackupError::io("read", &path)(error)),
        };
        let sum = std::fs::read_to_string(folder.join(SUM_NAME)).unwrap_or_default();
        if sum.split_whitespace().next() != Some(&hex(&Sha256::digest(&text))) {
            return Err(bad(format!("it does not agree with {SUM_NAME}")));
        }
        Self::parse(&text)
    }

    fn parse(text: &[u8]) -> Result<Self, BackupError> {
        /// What every form has.
        #[derive(Deserialize)]
        struct Head {
            format: u32,
            program: String,
        }
        let head: Head = serde_json::from_slice(text).map_err(|error| bad(error.to_string()))?;
        if head.format > FORMAT {
            let program = head.program;
            return Err(BackupError::Newer { program });
        }
        let manifest: Self =
            serde_json::from_slice(text).map_err(|error| bad(error.to_string()))?;
        match manifest.files.iter().find(|file| !is_inside(&file.path)) {
            Some(file) => Err(bad(format!("{:?} is no path in a backup", file.path))),
            None => Ok(manifest),
        }
    }

    /// The tables whose number of rows is not as copied.
    pub(super) fn compare(&self, contents: &Contents) -> Vec<Problem> {
        let found = |table: &String| contents.tables.get(table).copied().unwrap_or_default();
        let unequal = self.tables.iter().filter(|(t, n)| found(t) != **n);
        unequal
            .map(|(table, n_rows)| Problem::Rows {
                table: table.clone(),
                expected: *n_rows,
                found: found(table),
            })
            .collect()
    }
}

fn bad(reason: String) -> BackupError {
    BackupError::BadManifest { reason }
}

/// The latest backup in a folder of backups, which may be what is meant.
fn hint(folder: &Path) -> String {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let backups = entries
        .map(|entry| entry.path())
        .filter(|path| path.join(FILE_NAME).exists() && !path.join(UNFINISHED).exists());
    match backups.max() {
        Some(path) => format!("; the latest one in it is {}", path.display()),
        None => String::new(),
    }
}

/// Whether a path stays in the folder that it is joined to: a manifest is somebody else's file.
pub(super) fn is_inside(path: &str) -> bool {
    let is_normal = |part| matches!(part, Component::Normal(_));
    !path.is_empty() && !path.contains('\\') && Path::new(path).components().all(is_normal)
}

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expected: &str) {
        let error = Manifest::parse(json.as_bytes()).unwrap_err().to_string();

        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn a_path_that_leads_out_of_the_folder_is_none() {
        for path in ["lake/inbox/a.parquet", "records.sqlite"] {
            assert!(is_inside(path), "{path}");
        }
        for path in ["", "/etc/passwd", "../a", "lake/../../a", "..\\a"] {
            assert!(!is_inside(path), "{path}");
        }
    }

    #[test]
    fn a_newer_form_and_nonsense_are_told_apart() {
        check(r#"{"format": 2, "program": "9.1"}"#, "9.1");
        check("{}", "damaged");
        check("not json", "damaged");
    }
}
