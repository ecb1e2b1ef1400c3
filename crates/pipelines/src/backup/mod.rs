//! Backups: the records of one instant with every file that they name, checked and brought back.
//!
//! A backup is a folder laid out like a data directory, with a manifest. It is made beside a running
//! server: the records are copied first, and while the files that they name are copied, nobody
//! deletes any (`hold`). An [`archive`] follows the records of SQLite all the time and brings back any
//! of their instants.

pub mod archive;
mod error;
mod files;
mod hold;
mod make;
mod manifest;
mod restore;
mod verify;

use std::path::PathBuf;

use rapport_lake::{Lake, LakeLocation, LakeOptions};
use rapport_store::StoreConfig;

use crate::error::PipelineError;
use crate::store_config;

pub use error::{BackupError, Problem};
pub(crate) use hold::Clearance;
#[cfg(test)]
pub(crate) use hold::Hold;
pub use make::{Backup, make};
pub use manifest::{FileEntry, Manifest};
pub(crate) use restore::UNFINISHED as RESTORE_UNFINISHED;
pub use restore::restore;
pub use verify::{Verdict, verify, verify_data};

/// Where the data of a workspace lie.
#[derive(Debug, Clone)]
pub struct Place {
    /// The data directory.
    pub data_dir: PathBuf,
    /// Address of the records, `postgres://…`; SQLite in the data directory where none is given.
    pub database: Option<String>,
    /// Address of the events; a folder of the data directory where none is given.
    pub lake: Option<String>,
}

impl Place {
    fn records(&self) -> Result<StoreConfig, PipelineError> {
        store_config(self.database.as_deref(), &self.data_dir)
    }

    fn lake_location(&self) -> Result<LakeLocation, PipelineError> {
        match &self.lake {
            Some(address) => Ok(LakeLocation::parse(address)?),
            None => Ok(LakeLocation::Directory(self.data_dir.join("lake"))),
        }
    }

    fn lake(&self) -> Result<Lake, PipelineError> {
        Ok(Lake::open(self.lake_location()?, LakeOptions::default())?)
    }
}

/// How far the work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Bytes done of it.
    pub bytes: u64,
    /// Bytes in all, where that is known.
    pub n_bytes: Option<u64>,
}

/// A part of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The records are copied.
    Records,
    /// Files are copied or read through.
    Files,
}

/// Told how far the work is.
pub type OnProgress<'a> = &'a mut (dyn FnMut(Progress) + Send);
