//! How far the archive is, as the next start must know it.

use std::path::Path;
use std::sync::{Arc, Mutex};

use rapport_domain::Timestamp;
use rapport_store::write_ahead::{Position, Stamp};
use serde::{Deserialize, Serialize};

use super::super::error::BackupError;

/// How far the archive is. Written anew, durably, after each piece and before the piece may be shipped:
/// a piece beyond it was never seen by anybody and is made again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// Where the archive lies.
    pub(super) address: String,
    /// The present generation.
    pub(super) generation: String,
    /// When it began.
    pub(super) begun_at: Timestamp,
    /// Number of the next piece.
    pub(super) next_number: u64,
    /// SHA-256 of the piece before that.
    pub(super) last: String,
    /// How far the log is read.
    pub(super) position: Position,
    /// The database's file where the log is not known at all: as it was copied, or left when the records
    /// were closed in order. Only a log that stands beside this very file comes after what is known.
    pub(super) closed: Option<Stamp>,
    /// Whether what was read last leads to no state yet.
    pub(super) owes_state: bool,
    /// Whether the log was moved without having been read: the generation cannot go on.
    pub(super) is_broken: bool,
    /// Bytes of the copy that the generation began with.
    pub(super) base_bytes: u64,
    /// Bytes of the pieces since.
    pub(super) later_bytes: u64,
}

impl State {
    pub(super) fn read(path: &Path) -> Result<Option<Self>, BackupError> {
        match std::fs::read(path) {
            // What cannot be read is as good as lost: a new generation begins.
            Ok(text) => Ok(serde_json::from_slice(&text).ok()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(BackupError::io("read", path)(error)),
        }
    }

    pub(super) fn write(&self, path: &Path) -> Result<(), BackupError> {
        let text = serde_json::to_vec(self).expect("the state has only plain values");
        Ok(rapport_lake::write_file(path, &text)?)
    }

    /// Up to where pieces may be shipped.
    pub(super) fn sealed(&self) -> Sealed {
        Sealed {
            generation: self.generation.clone(),
            next_number: self.next_number,
        }
    }
}

/// Up to where pieces may be shipped; all of earlier generations may.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Sealed {
    pub(super) generation: String,
    pub(super) next_number: u64,
}

impl Sealed {
    pub(super) fn holds(&self, generation: &str, number: u64) -> bool {
        (generation, number) < (self.generation.as_str(), self.next_number)
    }
}

/// Word of who ships to who follows: the archive has states that this data directory knows nothing of,
/// in generations that began up to this instant, so that what waits here does not go on from there.
pub(super) type Strange = Arc<Mutex<Option<Timestamp>>>;
