//! A file that is whole or not there: written beside its place and moved there at the end, hashed on the
//! way.

use std::fs::File;
use std::io::{BufWriter, Stdout, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::STDOUT;
use crate::output::BadInput;

/// What came of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) n_rows: u64,
    pub(super) n_bytes: u64,
    /// In hexadecimal.
    pub(super) sha256: String,
}

/// A file on its way.
#[derive(Debug)]
pub(super) struct OutFile {
    place: Place,
    hash: Sha256,
    n_bytes: u64,
}

#[derive(Debug)]
enum Place {
    Stdout(Stdout),
    Disk {
        file: BufWriter<File>,
        part: PathBuf,
        path: PathBuf,
    },
}

impl OutFile {
    /// Begins a file; what is there already is not written over.
    pub(super) fn create(path: &Path) -> Result<Self> {
        let place = if path == Path::new(STDOUT) {
            Place::Stdout(std::io::stdout())
        } else {
            on_disk(path)?
        };
        Ok(Self {
            place,
            hash: Sha256::new(),
            n_bytes: 0,
        })
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.hash.update(bytes);
        self.n_bytes += bytes.len() as u64;
        match &mut self.place {
            Place::Stdout(stdout) => stdout
                .write_all(bytes)
                .context("writing to standard output"),
            Place::Disk { file, path, .. } => file
                .write_all(bytes)
                .with_context(|| format!("writing {}", path.display())),
        }
    }

    /// Ends the file: from now on it is there, and on the disk.
    pub(super) fn finish(mut self, n_rows: u64) -> Result<Written> {
        match &mut self.place {
            Place::Stdout(stdout) => stdout.flush().context("writing to standard output")?,
            Place::Disk { file, part, path } => {
                let told = || format!("writing {}", path.display());
                file.flush().with_context(told)?;
                file.get_ref().sync_all().with_context(told)?;
                std::fs::rename(part, &path).with_context(told)?;
            }
        }
        let sha256 = std::mem::take(&mut self.hash).finalize();
        Ok(Written {
            n_rows,
            n_bytes: self.n_bytes,
            sha256: sha256.iter().map(|byte| format!("{byte:02x}")).collect(),
        })
    }
}

impl Drop for OutFile {
    /// A file that was not finished leaves nothing behind; of one that was, the part is gone already.
    fn drop(&mut self) {
        if let Place::Disk { part, .. } = &self.place {
            let _ = std::fs::remove_file(part);
        }
    }
}

fn on_disk(path: &Path) -> Result<Place> {
    if path.exists() {
        let message = format!(
            "{} is there already; remove it or name another",
            path.display()
        );
        return Err(BadInput(message).into());
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let part = path.with_file_name(format!(".{name}.part"));
    let file = File::create(&part)
        .map_err(|error| BadInput(format!("cannot write {}: {error}", path.display())))?;
    Ok(Place::Disk {
        file: BufWriter::new(file),
        part,
        path: path.to_owned(),
    })
}
