//! An archive: the records of SQLite as of any instant, with every file that they named then, in a
//! directory or an object store.
//!
//! What is committed is read out of the write-ahead log every few seconds (`follow`) and written down
//! as a *piece* (`piece`): the pages that changed, compressed, under a name with the instant and the
//! sum of its bytes. Piece 0 of a *generation* is a copy of the whole file, and from piece 1 on each
//! that is marked so leads to the state of its instant. Pieces are made durable in a spool of the data
//! directory, and shipped from there in their order (`ship`), each behind the files that it names
//! first: a destination that is away loses nothing, and one that is cut off anywhere holds only states
//! that are whole.
//!
//! ```text
//! rapport-archive                                     whose archive it is
//! generations/20261127T031500.000000Z/0000000000-…    a generation, piece by piece
//! files/lake/…  files/uploads/…  files/models/…       what the records name, once each
//! ```

mod begin;
mod follow;
mod index;
mod keeper;
mod listing;
mod names;
mod piece;
mod restore;
mod ship;
mod spool;
mod state;
mod take;
#[cfg(test)]
mod tests;
mod verify;

use std::time::Duration;

pub use keeper::{ArchiveStatus, look};
pub(crate) use keeper::{Archiver, Sources};
pub use listing::Reachable;
pub use restore::{Restored, restore};
pub use verify::{ArchiveVerdict, verify};

use rapport_lake::{Depot, LakeLocation};

use super::Place;
use super::error::BackupError;

/// How an archive is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveOptions {
    /// Where: a directory, or `s3://bucket/prefix` with credentials as for a lake.
    pub address: String,
    /// Days back from now whose states are kept at least.
    pub keep_days: u32,
    /// Time between two states while something is written.
    pub every: Duration,
    /// Version of the program, for the archive to say who made it.
    pub program: String,
}

/// Folder of the data directory with the spool and what is known of the archive.
const FOLDER: &str = "archive";
/// Folder of the generations in an archive.
const GENERATIONS: &str = "generations";
/// Folder of the files in an archive.
const FILES: &str = "files";

/// Whether an archive lies at an address.
///
/// # Errors
/// [`BackupError::Lake`] where the address is of a kind that nobody knows, or cannot be reached.
pub async fn is_archive(address: &str) -> Result<bool, BackupError> {
    Ok(Depot::at(address)?.is_claimed().await?)
}

/// Whether an archive of a place may lie at an address; nothing is reached for.
///
/// # Errors
/// [`BackupError::Lake`] where the address is of a kind that this program cannot reach;
/// [`BackupError::Within`] where it lies in the data directory, which it is to outlive, or in the lake,
/// which would take its files for leftovers.
pub fn check_address(address: &str, place: &Place) -> Result<(), BackupError> {
    let archive = LakeLocation::parse(address)?;
    let data_dir = LakeLocation::Directory(place.data_dir.clone());
    for other in [data_dir, place.lake_location()?] {
        if archive.is_within(&other) {
            return Err(BackupError::Within {
                address: address.to_owned(),
                inside: other.to_string(),
            });
        }
    }
    Ok(())
}
