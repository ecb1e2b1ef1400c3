//! Checking an archive: every piece and every file by its sum, and which instants it leads to.

use std::collections::BTreeMap;
use std::path::Path;

use futures::TryStreamExt as _;
use rapport_lake::Depot;
use sha2::{Digest as _, Sha256};

use super::super::error::{BackupError, Problem};
use super::super::files;
use super::super::manifest::{FileEntry, hex};
use super::super::verify::{Verdict, compare};
use super::super::{OnProgress, Progress, Stage};
use super::listing::{Generation, Listing, Reachable};
use super::piece::PieceReader;
use super::restore::{OTHER_BYTES, PlaceOf, open};
use super::{FILES, GENERATIONS};

/// What a check of an archive found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ArchiveVerdict {
    /// What is not as it should be, and how much was read.
    pub verdict: Verdict,
    /// Instants that can be reached, past what is missing or damaged.
    pub reachable: Vec<Reachable>,
}

/// Checks the archive at an address. Nothing is changed.
///
/// # Errors
/// [`BackupError::NoArchive`], and [`BackupError::Lake`] where it cannot be read. What is damaged or
/// missing is no error but part of the verdict.
pub async fn verify(
    address: &str,
    on_progress: OnProgress<'_>,
) -> Result<ArchiveVerdict, BackupError> {
    let depot = open(address).await?;
    let mut listing = Listing::of(&depot).await?;
    let mut check = Check {
        depot,
        verdict: Verdict::default(),
        files: BTreeMap::new(),
        on_progress,
    };
    listing.generations.retain(Generation::has_states);
    for generation in &mut listing.generations {
        check.generation(generation).await?;
    }
    check.files().await?;
    Ok(ArchiveVerdict {
        verdict: check.verdict,
        reachable: listing.reachable(),
    })
}

/// A check under way.
struct Check<'a> {
    depot: Depot,
    verdict: Verdict,
    /// Files that pieces list.
    files: BTreeMap<String, FileEntry>,
    on_progress: OnProgress<'a>,
}

impl Check<'_> {
    /// Checks a generation, and takes the pieces from it that lead nowhere.
    async fn generation(&mut self, generation: &mut Generation) -> Result<(), BackupError> {
        let last = generation.pieces.keys().next_back().copied();
        for number in 0..=last.unwrap_or_default() {
            let Some(piece) = generation.pieces.get(&number).cloned() else {
                let path = format!("{GENERATIONS}/{}/{number:010}-…", generation.name);
                self.verdict.problems.push(Problem::Missing { path });
                continue;
            };
            let before = number.checked_sub(1);
            let before = before.and_then(|before| generation.pieces.get(&before));
            let place = PlaceOf {
                generation: generation.name.clone(),
                before: before.map(|before| before.sha256.clone()),
                piece,
            };
            if let Some(problem) = self.piece(&place).await? {
                self.verdict.problems.push(problem);
                generation.pieces.remove(&number);
            }
        }
        Ok(())
    }

    async fn piece(&mut self, place: &PlaceOf) -> Result<Option<Problem>, BackupError> {
        let piece = &place.piece;
        let path = format!("{GENERATIONS}/{}/{piece}", place.generation);
        let damaged = |reason: &str| {
            let (path, reason) = (path.clone(), reason.to_owned());
            Ok(Some(Problem::Damaged { path, reason }))
        };
        self.verdict.n_files += 1;
        let mut told = Told::new(&mut self.verdict, &mut *self.on_progress);
        if piece.number == 0 {
            // The copy of the whole file lists no files, and may be larger than the memory.
            let found = self.depot.read(&path).await?;
            let found = files::measure_found(found, &mut |n| told.add(n)).await?;
            return match found {
                None => Ok(Some(Problem::Missing { path })),
                Some(found) if found.sha256 == piece.sha256 => Ok(None),
                Some(_) => damaged(OTHER_BYTES),
            };
        }
        let Some(pieces) = self.depot.read(&path).await? else {
            return Ok(Some(Problem::Missing { path }));
        };
        let bytes = pieces.try_collect::<Vec<_>>().await?.concat();
        told.add(bytes.len() as u64);
        if hex(&Sha256::digest(&bytes)) != piece.sha256 {
            return damaged(OTHER_BYTES);
        }
        let at = Path::new(&path);
        let read = PieceReader::read(bytes.as_slice(), at).and_then(|reader| {
            place.check(&reader.header, at)?;
            Ok(reader.header.files)
        });
        match read {
            Ok(listed) => {
                let listed = listed.into_iter().map(|file| (file.path.clone(), file));
                self.files.extend(listed);
                Ok(None)
            }
            Err(BackupError::BadPiece { reason, .. }) => damaged(&reason),
            Err(error) => Err(error),
        }
    }

    /// Checks the files that the pieces list.
    async fn files(&mut self) -> Result<(), BackupError> {
        for file in std::mem::take(&mut self.files).into_values() {
            let path = format!("{FILES}/{}", file.path);
            let mut told = Told::new(&mut self.verdict, &mut *self.on_progress);
            let found = self.depot.read(&path).await?;
            let found = files::measure_found(found, &mut |n| told.add(n)).await?;
            self.verdict.n_files += 1;
            let named = FileEntry { path, ..file };
            self.verdict
                .problems
                .extend(compare(&named, found.as_ref()));
        }
        Ok(())
    }
}

/// Counts bytes and tells of them.
struct Told<'a> {
    verdict: &'a mut Verdict,
    on_progress: &'a mut (dyn FnMut(Progress) + Send),
}

impl<'a> Told<'a> {
    fn new(verdict: &'a mut Verdict, on_progress: &'a mut (dyn FnMut(Progress) + Send)) -> Self {
        Self {
            verdict,
            on_progress,
        }
    }

    fn add(&mut self, n_bytes: u64) {
        self.verdict.n_bytes += n_bytes;
        (self.on_progress)(Progress {
            stage: Stage::Files,
            bytes: self.verdict.n_bytes,
            n_bytes: None,
        });
    }
}
