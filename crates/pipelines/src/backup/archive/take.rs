//! Taking a state: what the log has, and the files that the records name at the same instant.

use std::collections::HashSet;

use rapport_domain::Timestamp;
use rapport_store::backup::NamedFiles;
use rapport_store::write_ahead::Reading;

use super::super::error::BackupError;
use super::super::files;
use super::super::hold::Hold;
use super::super::make::{Item, LAKE, files_of};
use super::super::manifest::FileEntry;
use super::FILES;
use super::follow::{Scribe, advance};
use super::names::{roots_of, without};
use crate::leftovers::Provisional;

/// A state that was read and not written down yet.
pub(super) struct Taken {
    pub(super) reading: Reading,
    pub(super) at: Timestamp,
    pub(super) roots: HashSet<String>,
    /// Files that the index does not know.
    pub(super) new_files: Vec<FileEntry>,
    /// Files that came into the spool with it, given up with it unless a piece lists them.
    pub(super) fresh: Vec<Provisional>,
}

impl Scribe {
    /// Reads on with the writer waiting, and takes what the records name at that instant.
    pub(super) async fn take_state(&mut self, reading: Reading) -> Result<Taken, BackupError> {
        // Before the writer waits: whoever deletes at this moment may have something to write.
        let hold = Hold::take(&self.data_dir).await?;
        let pause = self.follower.pause().await?;
        let reading = advance(reading).await?;
        let at = self.clock.now();
        let mut named = self.follower.named_files().await?;
        drop(pause);
        if self.lake_dir.is_none() {
            named.segments.clear();
        }
        let roots = roots_of(&named);
        let (items, fresh) = self.take_files(named).await?;
        drop(hold);
        let new_files = self.measure(items).await?;
        Ok(Taken {
            reading,
            at,
            roots,
            new_files,
            fresh,
        })
    }

    /// Takes the files that the index does not know, so that nobody's deleting touches them.
    async fn take_files(
        &mut self,
        named: NamedFiles,
    ) -> Result<(Vec<Item>, Vec<Provisional>), BackupError> {
        let known = self.lock_index().roots();
        let named = without(named, &known);
        let (spool, data_dir, lake_dir) = (
            self.spool.clone(),
            self.data_dir.clone(),
            self.lake_dir.clone(),
        );
        let taking = tokio::task::spawn_blocking(move || {
            let (items, mut missing) = files_of(&data_dir, &named)?;
            let (mut taken, mut fresh) = (Vec::new(), Vec::new());
            for item in items {
                let from = match (item.path.strip_prefix(LAKE), &lake_dir) {
                    (Some(path), Some(lake)) => lake.join(path),
                    _ => data_dir.join(&item.path),
                };
                let place = spool.place_of(&format!("{FILES}/{}", item.path));
                // One that waits already is of a piece that lists it.
                let is_fresh = !place.exists();
                if spool.take(&item.path, &from)? {
                    fresh.extend(is_fresh.then(|| Provisional::new(place)));
                    taken.push(item);
                } else {
                    missing.push(item.path);
                }
            }
            spool.sync_taken(taken.iter().map(|item| item.path.as_str()))?;
            Ok::<_, BackupError>((taken, fresh, missing))
        });
        let (taken, fresh, missing) = taking.await??;
        self.warn_of(missing);
        Ok((taken, fresh))
    }

    fn warn_of(&mut self, missing: Vec<String>) {
        for path in missing {
            if !self.missing.contains(&path) {
                tracing::warn!(
                    path,
                    "a file that the records name is not there to be archived"
                );
                self.missing.insert(path);
            }
        }
    }

    /// The sums of what was taken.
    async fn measure(&mut self, items: Vec<Item>) -> Result<Vec<FileEntry>, BackupError> {
        let mut entries = Vec::new();
        for item in items {
            let path = self.spool.place_of(&format!("{FILES}/{}", item.path));
            let measured = files::measure(&path, &mut |_| {}).await?;
            match measured.filter(|measured| item.is_of_size(measured)) {
                Some(measured) => entries.push(FileEntry {
                    path: item.path,
                    bytes: measured.bytes,
                    sha256: measured.sha256,
                }),
                None => {
                    // A file that is not what the records say is in nobody's interest.
                    self.spool.drop_taken(&item.path)?;
                    self.warn_of(vec![item.path]);
                }
            }
        }
        Ok(entries)
    }
}
