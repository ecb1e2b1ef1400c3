//! The file of the log: frames, each a page as a transaction left it, under a running checksum.
//!
//! Its form is promised by SQLite (<https://www.sqlite.org/fileformat2.html#the_write_ahead_log>): a
//! header of 32 bytes, then frames of a header of 24 bytes and a page. A frame counts if its salts are
//! the header's and the checksum over all frames before it and itself is right; a transaction counts
//! once its last frame, which bears the number of pages of the database, does.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, ErrorKind, Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::file::{Stamp, failed};
use crate::StoreError;

const HEADER_BYTES: u64 = 32;
const FRAME_HEADER_BYTES: usize = 24;
/// First four bytes; the lowest bit says in which order the words of the checksums are.
const MAGIC: u32 = 0x377f_0682;
/// Bytes that are read at once.
const PIECE_BYTES: usize = 1 << 20;

/// A log that could not be read on.
#[derive(Debug, Error)]
pub enum LogError {
    /// The log does not go on from where it was read to: others have moved it into the file, or it was
    /// lost with the power.
    #[error("the log does not go on from where it was read to")]
    Lost,
    /// It cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How far the log is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// Not at all: what is known is the file, and whatever log stands beside it comes after that.
    Beginning,
    /// Up to a frame and with it.
    After(Mark),
}

/// A frame in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// By which this log is told from the ones before and after it.
    salts: [u32; 2],
    /// Frames up to here.
    n_frames: u64,
    /// The running checksum of the last of them.
    sums: [u32; 2],
    /// Bytes of the log up to here.
    bytes: u64,
    /// The file as it was once all of them were moved into it, so that the log may begin anew.
    moved: Option<Stamp>,
}

impl Position {
    /// The same place, of which the file has everything by now; such as it is now.
    #[must_use]
    pub const fn moved(self, file: Stamp) -> Self {
        match self {
            Self::Beginning => Self::Beginning,
            Self::After(mark) => Self::After(Mark {
                moved: Some(file),
                ..mark
            }),
        }
    }

    /// Whether the file has everything up to here.
    pub const fn is_moved(&self) -> bool {
        match self {
            Self::Beginning => true,
            Self::After(mark) => mark.moved.is_some(),
        }
    }

    /// Bytes of the log that the file may lack.
    pub const fn unmoved_bytes(&self) -> u64 {
        match self {
            Self::Beginning => 0,
            Self::After(mark) if mark.moved.is_some() => 0,
            Self::After(mark) => mark.bytes,
        }
    }
}

/// What was committed since a position: the last version of each page. The pages themselves stay in the
/// log, which must not be moved before they are read.
#[derive(Debug)]
pub struct Reading {
    database: PathBuf,
    path: PathBuf,
    position: Position,
    page_bytes: u32,
    /// Where in the log each page stands.
    pages: BTreeMap<u32, u64>,
    n_pages: Option<u32>,
}

impl Reading {
    /// Of the log beside a database's file; nothing is read yet.
    pub fn after(position: Position, database: &Path) -> Self {
        Self {
            database: database.to_owned(),
            path: path_beside(database),
            position,
            page_bytes: 0,
            pages: BTreeMap::new(),
            n_pages: None,
        }
    }

    /// Whether nothing was committed.
    pub const fn is_empty(&self) -> bool {
        self.n_pages.is_none()
    }

    /// How far the log is read.
    pub const fn position(&self) -> Position {
        self.position
    }

    /// Size of a page; zero where nothing was committed.
    pub const fn page_bytes(&self) -> u32 {
        self.page_bytes
    }

    /// Pages of the database after the last commit; none where nothing was committed.
    pub const fn n_pages(&self) -> Option<u32> {
        self.n_pages
    }

    /// How many pages were changed and are still there.
    pub fn n_changed(&self) -> u64 {
        self.pages.len() as u64
    }

    /// Reads on, up to the last commit; blocks. What is being written beside it is not touched by that
    /// and comes next time.
    ///
    /// # Errors
    /// [`LogError::Lost`] where the log does not go on from the position.
    pub fn advance(&mut self) -> Result<(), LogError> {
        let Some(mut file) = self.open()? else {
            return match self.position {
                Position::Beginning => Ok(()),
                Position::After(_) => Err(LogError::Lost),
            };
        };
        let Some(header) = self.header(&mut file)? else {
            // A log that begins anew is without a header for a moment; one that others have moved and cut
            // off stays so.
            return match self.position {
                Position::Beginning => Ok(()),
                Position::After(mark) if self.has_all(&mark)? => Ok(()),
                Position::After(_) => Err(LogError::Lost),
            };
        };
        let (n_frames, sums) = self.start_in(&header, &mut file)?;
        self.scan(file, &header, n_frames, sums)
    }

    /// The frame to go on after, with its checksum.
    fn start_in(&self, header: &Header, file: &mut File) -> Result<(u64, [u32; 2]), LogError> {
        let mark = match self.position {
            Position::Beginning => return Ok((0, header.sums)),
            Position::After(mark) => mark,
        };
        if mark.salts == header.salts {
            let is_same = self.sums_after(mark.n_frames, header, file)? == Some(mark.sums);
            return is_same
                .then_some((mark.n_frames, mark.sums))
                .ok_or(LogError::Lost);
        }
        // SQLite counts the first salt up when a log begins anew; by another step, a log is missing. And
        // what others wrote into the old one behind the mark, and moved, is seen by the file.
        let is_next = header.salts[0] == mark.salts[0].wrapping_add(1);
        let is_first = self.pages.is_empty();
        (is_next && is_first && self.has_all(&mark)?)
            .then_some((0, header.sums))
            .ok_or(LogError::Lost)
    }

    /// Whether the file is still as it was once all up to the mark was moved into it.
    fn has_all(&self, mark: &Mark) -> Result<bool, StoreError> {
        Ok(mark.moved == Some(Stamp::of(&self.database)?))
    }

    /// The running checksum after so many frames, as it stands in the log.
    fn sums_after(
        &self,
        n_frames: u64,
        header: &Header,
        file: &mut File,
    ) -> Result<Option<[u32; 2]>, StoreError> {
        let Some(idx) = n_frames.checked_sub(1) else {
            return Ok(Some(header.sums));
        };
        file.seek(SeekFrom::Start(header.offset_of(idx)))
            .map_err(failed(&self.path))?;
        let mut frame = [0; FRAME_HEADER_BYTES];
        let is_there = fill(file, &mut frame).map_err(failed(&self.path))?;
        let is_ours = is_there && salts_of(&frame) == header.salts;
        Ok(is_ours.then(|| [word(&frame, 16), word(&frame, 20)]))
    }

    fn scan(
        &mut self,
        mut file: File,
        header: &Header,
        mut n_frames: u64,
        mut sums: [u32; 2],
    ) -> Result<(), LogError> {
        file.seek(SeekFrom::Start(header.offset_of(n_frames)))
            .map_err(failed(&self.path))?;
        let mut reader = BufReader::with_capacity(PIECE_BYTES, file);
        let mut frame = vec![0; FRAME_HEADER_BYTES + header.page_bytes as usize];
        let mut uncommitted = Vec::new();
        while fill(&mut reader, &mut frame).map_err(failed(&self.path))? {
            let (page, n_pages) = (word(&frame, 0), word(&frame, 4));
            sums = header.add(sums, &frame[..8]);
            sums = header.add(sums, &frame[FRAME_HEADER_BYTES..]);
            let is_whole = sums == [word(&frame, 16), word(&frame, 20)];
            if page == 0 || salts_of(&frame) != header.salts || !is_whole {
                break;
            }
            uncommitted.push((page, header.offset_of(n_frames) + FRAME_HEADER_BYTES as u64));
            n_frames += 1;
            if n_pages > 0 {
                self.pages.extend(uncommitted.drain(..));
                self.n_pages = Some(n_pages);
                self.page_bytes = header.page_bytes;
                self.position = Position::After(Mark {
                    salts: header.salts,
                    n_frames,
                    sums,
                    bytes: header.offset_of(n_frames),
                    moved: None,
                });
            }
        }
        if let Some(n_pages) = self.n_pages {
            self.pages.retain(|page, _| *page <= n_pages);
        }
        Ok(())
    }

    /// Hands each changed page with its number to `take`, in the order of the numbers; blocks.
    ///
    /// # Errors
    /// Those of `take`; [`LogError::Lost`] where others have moved the log meanwhile, so that what was
    /// handed over may be something else; [`LogError::Store`] where the log cannot be read.
    pub fn each_page<E: From<LogError>>(
        &self,
        mut take: impl FnMut(u32, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        if self.pages.is_empty() {
            return Ok(());
        }
        let mut file = self.open().map_err(LogError::from)?.ok_or(LogError::Lost)?;
        let mut page = vec![0; self.page_bytes as usize];
        for (number, offset) in &self.pages {
            file.seek(SeekFrom::Start(*offset))
                .and_then(|_| file.read_exact(&mut page))
                .map_err(|error| LogError::from(failed(&self.path)(error)))?;
            take(*number, &page)?;
        }
        // Pages are written over only behind another header.
        let header = self.header(&mut file).map_err(LogError::from)?;
        match (self.position, header) {
            (Position::After(mark), Some(header)) if mark.salts == header.salts => Ok(()),
            _ => Err(LogError::Lost.into()),
        }
    }

    /// The log may be opened and closed as often as one likes: SQLite holds its locks on other files.
    fn open(&self) -> Result<Option<File>, StoreError> {
        match File::open(&self.path) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(&self.path)(error)),
        }
    }

    fn header(&self, file: &mut File) -> Result<Option<Header>, StoreError> {
        let mut bytes = [0; HEADER_BYTES as usize];
        file.seek(SeekFrom::Start(0)).map_err(failed(&self.path))?;
        let is_there = fill(file, &mut bytes).map_err(failed(&self.path))?;
        Ok(is_there.then(|| Header::parse(&bytes)).flatten())
    }
}

/// The header of a log.
#[derive(Debug, Clone, Copy)]
struct Header {
    is_big_endian: bool,
    page_bytes: u32,
    salts: [u32; 2],
    sums: [u32; 2],
}

impl Header {
    /// None where it is no header, or one that is being written.
    fn parse(bytes: &[u8; HEADER_BYTES as usize]) -> Option<Self> {
        let magic = word(bytes, 0);
        let page_bytes = word(bytes, 8);
        let is_size = page_bytes.is_power_of_two() && (512..=65536).contains(&page_bytes);
        if magic & !1 != MAGIC || !is_size {
            return None;
        }
        let header = Self {
            is_big_endian: magic & 1 == 1,
            page_bytes,
            salts: [word(bytes, 16), word(bytes, 20)],
            sums: [word(bytes, 24), word(bytes, 28)],
        };
        (header.add([0, 0], &bytes[..24]) == header.sums).then_some(header)
    }

    /// Where the frame with this index, counted from zero, begins.
    fn offset_of(&self, idx: u64) -> u64 {
        HEADER_BYTES + idx * (FRAME_HEADER_BYTES as u64 + u64::from(self.page_bytes))
    }

    /// The checksum over more bytes, of which there is a multiple of eight.
    fn add(&self, sums: [u32; 2], bytes: &[u8]) -> [u32; 2] {
        let read = if self.is_big_endian {
            u32::from_be_bytes
        } else {
            u32::from_le_bytes
        };
        let (pairs, _) = bytes.as_chunks::<8>();
        let [mut first, mut second] = sums;
        for [a, b, c, d, e, f, g, h] in pairs {
            first = first
                .wrapping_add(read([*a, *b, *c, *d]))
                .wrapping_add(second);
            second = second
                .wrapping_add(read([*e, *f, *g, *h]))
                .wrapping_add(first);
        }
        [first, second]
    }
}

/// Where the log of a database's file lies.
pub(super) fn path_beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// A word of a header; those are big-endian always.
fn word(bytes: &[u8], offset: usize) -> u32 {
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[offset..offset + 4]);
    u32::from_be_bytes(word)
}

fn salts_of(frame: &[u8]) -> [u32; 2] {
    [word(frame, 8), word(frame, 12)]
}

/// Fills a buffer; false where the file ends before.
fn fill(reader: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<bool> {
    match reader.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}
