//! Bringing the records back as of an instant, with every file that they named then.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use rapport_domain::Timestamp;
use rapport_lake::Depot;
use rapport_store::DatabaseUrl;
use rapport_store::backup::{self, NamedFiles};

use super::super::error::{BackupError, Problem};
use super::super::files;
use super::super::make::LAKE;
use super::super::manifest::FileEntry;
use super::super::restore::{Filling, refuse};
use super::super::verify::{compare, complaint};
use super::super::{OnProgress, Place, Progress, Stage};
use super::listing::{Listing, Route};
use super::names::{root_of, roots_of};
use super::piece::{Header, PieceName, PieceReader};
use super::{FILES, GENERATIONS};

/// What is said of bytes with another sum.
pub(super) const OTHER_BYTES: &str = "its bytes are not those that were written";

/// What was brought back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The instant whose state it is: the last one of the archive that is not after the one asked for.
    pub at: Timestamp,
    /// The last instant that the archive has.
    pub latest: Timestamp,
    /// The next state that the archive has, where that begins another generation and the instant asked
    /// for lies between the two: what was written between them the archive cannot tell.
    pub next: Option<Timestamp>,
    /// Rows of all tables.
    pub n_rows: u64,
    /// Files beside the records.
    pub n_files: u64,
    /// Their bytes, and those of the records.
    pub n_bytes: u64,
    /// What the records name and the archive never had.
    pub lacking: Vec<String>,
}

/// Fills an empty place with the records as of an instant, or the latest that the archive at `address`
/// has. Every piece and file is checked by its sum, and the records by SQLite itself. Dropped, it leaves
/// the place as empty as it was.
///
/// # Errors
/// [`BackupError::NoArchive`], [`BackupError::NoState`], [`BackupError::TooEarly`] and
/// [`BackupError::Gap`] with the instants that can be reached; [`BackupError::NotEmpty`] where there are
/// files; [`BackupError::Damaged`] with all that is wrong; [`BackupError::OtherDatabase`] where the
/// settings name a server. Nothing is kept of what was restored.
pub async fn restore(
    address: &str,
    at: Option<Timestamp>,
    place: &Place,
    on_progress: OnProgress<'_>,
) -> Result<Restored, BackupError> {
    let config = place.records()?;
    let DatabaseUrl::Sqlite(database) = &config.url else {
        return Err(BackupError::OtherDatabase {
            backup: "SQLite",
            settings: "PostgreSQL",
            remedy: "leave database out of the settings",
        });
    };
    let depot = open(address).await?;
    let listing = Listing::of(&depot).await?;
    let route = listing.route(at)?;
    let filling = Filling::begin(place).await?;
    let known = bring_records(&depot, &route, &filling, database, on_progress).await?;
    let found = backup::examine(database).await?;
    refuse(found.complaints.into_iter().map(complaint).collect())?;
    let named = known.choose(&found.contents.files);
    refuse(copy_files(&depot, &filling, &named.files, on_progress).await?)?;
    put_events(&depot, &filling, &named.files).await?;
    let records = std::fs::metadata(database).map_err(BackupError::io("read", database))?;
    let paths: Vec<String> = named.files.iter().map(|file| file.path.clone()).collect();
    tokio::task::spawn_blocking(move || filling.finish(&paths)).await??;
    Ok(Restored {
        at: route.at,
        next: route.next,
        latest: listing.reachable().last().map_or(route.at, |span| span.to),
        n_rows: found.contents.tables.values().sum(),
        n_files: named.files.len() as u64,
        n_bytes: records.len() + named.files.iter().map(|file| file.bytes).sum::<u64>(),
        lacking: named.lacking,
    })
}

/// The archive at an address.
pub(super) async fn open(address: &str) -> Result<Depot, BackupError> {
    let depot = Depot::at(address)?;
    if depot.is_claimed().await? {
        return Ok(depot);
    }
    Err(BackupError::NoArchive {
        address: address.to_owned(),
    })
}

/// The files that the pieces on the way have listed.
struct Known {
    files: BTreeMap<String, FileEntry>,
    has_events: bool,
}

/// Of those the ones that the records name.
struct Named {
    files: Vec<FileEntry>,
    lacking: Vec<String>,
}

impl Known {
    fn choose(self, named: &NamedFiles) -> Named {
        let mut roots = roots_of(named);
        if !self.has_events {
            // They stayed where they are: in an object store.
            roots.retain(|root| !root.starts_with(LAKE));
        }
        let mut lacking = roots.clone();
        let mut files = Vec::new();
        for (path, file) in self.files {
            let root = root_of(&path);
            if roots.contains(root) {
                lacking.remove(root);
                files.push(file);
            }
        }
        let mut lacking: Vec<String> = lacking.into_iter().collect();
        lacking.sort_unstable();
        Named { files, lacking }
    }
}

/// Puts the pieces of a way onto each other, into the database's file.
async fn bring_records(
    depot: &Depot,
    route: &Route,
    filling: &Filling,
    database: &Path,
    on_progress: OnProgress<'_>,
) -> Result<Known, BackupError> {
    let mut bytes = 0;
    let mut known = Known {
        files: BTreeMap::new(),
        has_events: true,
    };
    let mut file = File::create_new(database).map_err(BackupError::io("write", database))?;
    let mut before = None;
    for piece in &route.pieces {
        let mut on_bytes = |n| {
            bytes += n;
            on_progress(Progress {
                stage: Stage::Records,
                bytes,
                n_bytes: None,
            });
        };
        let path = format!("{GENERATIONS}/{}/{piece}", route.generation);
        let local = filling.data_dir.join("piece.part");
        let found = depot.read(&path).await?;
        let copied = files::copy_found(found, &local, &mut on_bytes).await?;
        match copied {
            None => return Err(damaged(Problem::Missing { path })),
            Some(copied) if copied.sha256 != piece.sha256 => {
                let reason = OTHER_BYTES.to_owned();
                return Err(damaged(Problem::Damaged { path, reason }));
            }
            Some(_) => {}
        }
        let at = database.to_owned();
        let place = PlaceOf {
            generation: route.generation.clone(),
            piece: piece.clone(),
            before: before.replace(piece.sha256.clone()),
        };
        let putting = tokio::task::spawn_blocking(move || {
            let reader = PieceReader::open(&local)?;
            place.check(&reader.header, Path::new(&path))?;
            let header = reader.header.clone();
            reader.apply(&mut file, &at)?;
            std::fs::remove_file(&local).map_err(BackupError::io("delete", &local))?;
            Ok::<_, BackupError>((file, header))
        });
        let (next, header) = putting.await??;
        file = next;
        known.has_events = header.has_events;
        let listed = header.files.into_iter();
        known
            .files
            .extend(listed.map(|file| (file.path.clone(), file)));
    }
    file.sync_all().map_err(BackupError::io("sync", database))?;
    Ok(known)
}

fn damaged(problem: Problem) -> BackupError {
    BackupError::Damaged {
        problems: vec![problem],
    }
}

/// Where a piece belongs.
pub(super) struct PlaceOf {
    pub(super) generation: String,
    pub(super) piece: PieceName,
    /// SHA-256 of the piece before it, where that is known.
    pub(super) before: Option<String>,
}

impl PlaceOf {
    /// Pages that are put onto others than they were read after make records that never were: a piece in
    /// another's place is as bad as a damaged one.
    pub(super) fn check(&self, header: &Header, path: &Path) -> Result<(), BackupError> {
        let is_here = header.number == self.piece.number && header.generation == self.generation;
        let is_next = self
            .before
            .as_ref()
            .is_none_or(|before| *before == header.after);
        let reason = if !is_here {
            let Header {
                number, generation, ..
            } = header;
            format!("it is piece {number} of the generation {generation}")
        } else if !is_next {
            "it does not come after the piece before it".to_owned()
        } else {
            return Ok(());
        };
        Err(BackupError::BadPiece {
            path: path.to_owned(),
            reason,
        })
    }
}

/// Copies the files to their places and tells what is wrong with any; those of an object store are read
/// through.
async fn copy_files(
    depot: &Depot,
    filling: &Filling,
    files: &[FileEntry],
    on_progress: OnProgress<'_>,
) -> Result<Vec<Problem>, BackupError> {
    let n_bytes = Some(files.iter().map(|file| file.bytes).sum());
    let mut bytes = 0;
    let mut problems = Vec::new();
    for file in files {
        let mut on_bytes = |n| {
            bytes += n;
            on_progress(Progress {
                stage: Stage::Files,
                bytes,
                n_bytes,
            });
        };
        let path = format!("{FILES}/{}", file.path);
        let found = depot.read(&path).await?;
        let found = match filling.place_of(&file.path) {
            Some(to) => files::copy_found(found, &to, &mut on_bytes).await?,
            None => files::measure_found(found, &mut on_bytes).await?,
        };
        problems.extend(compare(file, found.as_ref()));
    }
    Ok(problems)
}

/// Puts files of events into an object store that is the lake now, once all else is known to be whole.
async fn put_events(
    depot: &Depot,
    filling: &Filling,
    files: &[FileEntry],
) -> Result<(), BackupError> {
    let is_event = |file: &&FileEntry| filling.place_of(&file.path).is_none();
    let events: Vec<&FileEntry> = files.iter().filter(is_event).collect();
    let mut outcome = Ok(());
    for file in &events {
        outcome = put_event(depot, filling, file).await;
        if outcome.is_err() {
            break;
        }
    }
    if outcome.is_err() {
        // It was empty before.
        for file in events {
            let path = file.path.strip_prefix(LAKE).unwrap_or(&file.path);
            filling.lake.remove_path(path).await?;
        }
    }
    outcome
}

async fn put_event(depot: &Depot, filling: &Filling, file: &FileEntry) -> Result<(), BackupError> {
    let local = filling.data_dir.join("events.part");
    let path = format!("{FILES}/{}", file.path);
    let found = files::copy_found(depot.read(&path).await?, &local, &mut |_| {}).await?;
    refuse(compare(file, found.as_ref()).into_iter().collect())?;
    let path = file.path.strip_prefix(LAKE).unwrap_or(&file.path);
    filling.lake.put(path, &local).await?;
    let removed = tokio::fs::remove_file(&local).await;
    removed.map_err(BackupError::io("delete", &local))
}
