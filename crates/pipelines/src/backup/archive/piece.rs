//! A piece: pages of the database's file, and which files the records name from here on.
//!
//! It is one stream of zstd: the length of the header (four bytes, the least first), the header as
//! JSON, then each page behind its number. Its name has its number, its instant, whether it leads to a
//! state, and the SHA-256 of its bytes.

use std::fmt;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use rapport_domain::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zstd::stream::{read::Decoder, write::Encoder};

use super::super::error::BackupError;
use super::super::files::Measured;
use super::super::manifest::{FileEntry, hex, is_inside};

/// The form that this program writes, and the newest that it reads.
const FORMAT: u32 = 1;
/// Effort of compression: pages shrink to a third or a quarter already, and the server has other work.
const LEVEL: i32 = 1;
/// More than a header of a million files takes; a length beyond it is damage.
const HEADER_BYTES_MAX: u32 = 512 << 20;
const STATE: &str = "state";
const PART: &str = "part";
const ENDING: &str = ".zst";

/// The name of a piece.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PieceName {
    /// Its number in the generation, from 0 without a gap.
    pub(super) number: u64,
    /// The instant that it is of.
    pub(super) at: Timestamp,
    /// Whether the records may be brought back to just here.
    pub(super) is_state: bool,
    /// SHA-256 of its bytes, in hexadecimal.
    pub(super) sha256: String,
}

impl fmt::Display for PieceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.is_state { STATE } else { PART };
        let (number, at, sum) = (self.number, compact(self.at), &self.sha256);
        write!(f, "{number:010}-{at}-{kind}-{sum}{ENDING}")
    }
}

/// A file that is no piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotAPiece;

impl FromStr for PieceName {
    type Err = NotAPiece;

    fn from_str(name: &str) -> Result<Self, NotAPiece> {
        let name = name.strip_suffix(ENDING).ok_or(NotAPiece)?;
        let parts: Vec<&str> = name.split('-').collect();
        let [number, at, kind, sha256] = parts[..] else {
            return Err(NotAPiece);
        };
        let is_sum = sha256.len() == 64 && sha256.bytes().all(|b| b.is_ascii_hexdigit());
        Ok(Self {
            number: number.parse().map_err(|_| NotAPiece)?,
            at: instant_of(at).ok_or(NotAPiece)?,
            is_state: match kind {
                STATE => true,
                PART => false,
                _ => return Err(NotAPiece),
            },
            sha256: is_sum.then(|| sha256.to_owned()).ok_or(NotAPiece)?,
        })
    }
}

/// An instant as names have it, `20261127T031500.123456Z`: sorted by name is sorted by time.
pub(super) fn compact(at: Timestamp) -> String {
    let text = at.to_sortable();
    text.chars().filter(|c| !"-:".contains(*c)).collect()
}

/// The instant that a name tells.
pub(super) fn instant_of(text: &str) -> Option<Timestamp> {
    let is_form = text.len() == 23 && text.is_ascii();
    let text = is_form.then_some(text)?;
    let (year, month, day) = (&text[..4], &text[4..6], &text[6..11]);
    let (minute, rest) = (&text[11..13], &text[13..]);
    format!("{year}-{month}-{day}:{minute}:{rest}").parse().ok()
}

/// What a piece says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Header {
    /// Form of the piece.
    pub(super) format: u32,
    /// Version of the program that made it.
    pub(super) program: String,
    /// The generation that it belongs to.
    pub(super) generation: String,
    /// Its number there.
    pub(super) number: u64,
    /// SHA-256 of the piece that it comes after; empty for the first one.
    pub(super) after: String,
    /// The instant that it is of.
    pub(super) at: Timestamp,
    /// Whether the records may be brought back to just here.
    pub(super) is_state: bool,
    /// Size of a page; zero where there are none.
    pub(super) page_bytes: u32,
    /// Pages of the database from here on; none where that did not change.
    pub(super) n_pages: Option<u32>,
    /// Pages that follow.
    pub(super) n_changed: u64,
    /// Whether the files of events are in the archive; those in an object store stay there.
    pub(super) has_events: bool,
    /// Files that the records name and that no earlier piece of the generation lists.
    pub(super) files: Vec<FileEntry>,
}

impl Header {
    /// Of a piece without anything in it.
    pub(super) fn new(program: &str, generation: &str, number: u64, at: Timestamp) -> Self {
        Self {
            format: FORMAT,
            program: program.to_owned(),
            generation: generation.to_owned(),
            number,
            after: String::new(),
            at,
            is_state: false,
            page_bytes: 0,
            n_pages: None,
            n_changed: 0,
            has_events: true,
            files: Vec::new(),
        }
    }

    /// What is wrong with it whoever wrote it; a path that leads out of the place, for one.
    fn complaint(&self) -> Option<String> {
        let size = self.page_bytes;
        let is_size = size.is_power_of_two() && (512..=65536).contains(&size);
        if self.n_changed > 0 && !is_size {
            return Some(format!("pages of {size} bytes"));
        }
        let outside = self.files.iter().find(|file| !is_inside(&file.path))?;
        Some(format!("{:?} is no path in a data directory", outside.path))
    }
}

/// A piece that is being written; blocks, as all here does. Dropped before it is finished, it is
/// deleted.
pub(super) struct PieceWriter {
    encoder: Option<Encoder<'static, Summed>>,
    path: PathBuf,
}

impl PieceWriter {
    pub(super) fn create(path: &Path, header: &Header) -> Result<Self, BackupError> {
        let file = File::create(path).map_err(BackupError::io("write", path))?;
        let summed = Summed {
            file: BufWriter::new(file),
            hash: Sha256::new(),
            bytes: 0,
        };
        let encoder = Encoder::new(summed, LEVEL).map_err(BackupError::io("write", path))?;
        let mut writer = Self {
            encoder: Some(encoder),
            path: path.to_owned(),
        };
        let text = serde_json::to_vec(header).expect("a header has only plain values");
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        writer.write(&length.to_le_bytes())?;
        writer.write(&text)?;
        Ok(writer)
    }

    pub(super) fn page(&mut self, number: u32, page: &[u8]) -> Result<(), BackupError> {
        self.write(&number.to_le_bytes())?;
        self.write(page)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), BackupError> {
        let encoder = self.encoder.as_mut().expect("it is there until the end");
        let written = encoder.write_all(bytes);
        written.map_err(BackupError::io("write", &self.path))
    }

    /// Makes it durable, still under the name that it was created with.
    pub(super) fn finish(mut self) -> Result<Measured, BackupError> {
        let encoder = self.encoder.take().expect("it is there until the end");
        let finished = encoder.finish().and_then(|mut summed| {
            summed.file.flush()?;
            summed.file.get_ref().sync_all()?;
            Ok(summed)
        });
        let summed = match finished {
            Ok(summed) => summed,
            Err(error) => {
                let _ = std::fs::remove_file(&self.path);
                return Err(BackupError::io("write", &self.path)(error));
            }
        };
        Ok(Measured {
            bytes: summed.bytes,
            sha256: hex(&summed.hash.finalize()),
        })
    }
}

impl Drop for PieceWriter {
    fn drop(&mut self) {
        if self.encoder.take().is_some() {
            // If it cannot be deleted, the next start does it.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Bytes on their way to a file, counted and summed.
struct Summed {
    file: BufWriter<File>,
    hash: Sha256,
    bytes: u64,
}

impl Write for Summed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let n_written = self.file.write(bytes)?;
        self.hash.update(&bytes[..n_written]);
        self.bytes += n_written as u64;
        Ok(n_written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// A piece that is being read; blocks. Its sum was compared before.
pub(super) struct PieceReader<R: Read> {
    pub(super) header: Header,
    body: Decoder<'static, BufReader<R>>,
    path: PathBuf,
}

impl PieceReader<File> {
    /// # Errors
    /// As for [`PieceReader::read`].
    pub(super) fn open(path: &Path) -> Result<Self, BackupError> {
        let file = File::open(path).map_err(BackupError::io("read", path))?;
        Self::read(file, path)
    }
}

impl<R: Read> PieceReader<R> {
    /// Reads the header of the piece that lies at `path`.
    ///
    /// # Errors
    /// [`BackupError::BadPiece`] where it is no piece, [`BackupError::Newer`] where a newer program
    /// made it.
    pub(super) fn read(bytes: R, path: &Path) -> Result<Self, BackupError> {
        let mut body = Decoder::new(bytes).map_err(bad(path))?;
        let mut length = [0; 4];
        body.read_exact(&mut length).map_err(bad(path))?;
        let length = u32::from_le_bytes(length);
        if length > HEADER_BYTES_MAX {
            let error = std::io::Error::other(format!("a header of {length} bytes"));
            return Err(bad(path)(error));
        }
        let mut text = Vec::new();
        let mut head = (&mut body).take(u64::from(length));
        head.read_to_end(&mut text).map_err(bad(path))?;
        let header = parse(&text).map_err(|error| bad(path)(error.into()))?;
        if header.format > FORMAT {
            let program = header.program;
            return Err(BackupError::Newer { program });
        }
        if let Some(complaint) = header.complaint() {
            return Err(bad(path)(std::io::Error::other(complaint)));
        }
        Ok(Self {
            header,
            body,
            path: path.to_owned(),
        })
    }

    /// Writes the pages to where they stand in a database's file, and gives that its length.
    pub(super) fn apply(mut self, database: &mut File, at: &Path) -> Result<(), BackupError> {
        let page_bytes = u64::from(self.header.page_bytes);
        let mut page = vec![0; self.header.page_bytes as usize];
        for _ in 0..self.header.n_changed {
            let mut number = [0; 4];
            self.body.read_exact(&mut number).map_err(bad(&self.path))?;
            self.body.read_exact(&mut page).map_err(bad(&self.path))?;
            let number = u32::from_le_bytes(number);
            let is_there = self.header.n_pages.is_some_and(|n_pages| number <= n_pages);
            let Some(idx) = number.checked_sub(1).filter(|_| is_there) else {
                let error = std::io::Error::other(format!("a page with the number {number}"));
                return Err(bad(&self.path)(error));
            };
            database
                .seek(SeekFrom::Start(u64::from(idx) * page_bytes))
                .and_then(|_| database.write_all(&page))
                .map_err(BackupError::io("write", at))?;
        }
        if let Some(n_pages) = self.header.n_pages {
            let resized = database.set_len(u64::from(n_pages) * page_bytes);
            resized.map_err(BackupError::io("write", at))?;
        }
        Ok(())
    }
}

fn parse(text: &[u8]) -> Result<Header, serde_json::Error> {
    serde_json::from_slice(text)
}

fn bad(path: &Path) -> impl FnOnce(std::io::Error) -> BackupError {
    move |error| BackupError::BadPiece {
        path: path.to_owned(),
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use rapport_testing::at;
    use tempfile::TempDir;

    use super::*;

    fn name() -> PieceName {
        PieceName {
            number: 12,
            at: at("2026-11-27T03:15:00.000123Z"),
            is_state: true,
            sha256: "ab".repeat(32),
        }
    }

    #[test]
    fn a_name_tells_number_instant_and_sum() {
        let text = name().to_string();

        let sum = "ab".repeat(32);
        let expected = format!("0000000012-20261127T031500.000123Z-state-{sum}.zst");
        assert_eq!(text, expected);
        assert_eq!(text.parse(), Ok(name()));
    }

    #[test]
    fn what_is_named_in_another_way_is_no_piece() {
        let whole = name().to_string();
        let cut = whole.replace("ab.zst", ".zst");
        let odd = whole.replace("state", "stage");
        let part = format!("{whole}.part");
        for text in ["", "a-b-c-d.zst", &cut, &odd, &part, "０-①-state-a.zst"] {
            assert_eq!(text.parse::<PieceName>(), Err(NotAPiece), "{text}");
        }
    }

    #[test]
    fn pages_are_written_to_where_they_stand_and_the_rest_is_cut_off() {
        let dir = TempDir::new().unwrap();
        let (path, database) = (dir.path().join("piece"), dir.path().join("database"));
        let header = Header {
            page_bytes: 512,
            n_pages: Some(3),
            n_changed: 2,
            ..Header::new("1.0", "g", 1, at("2026-11-27T03:15:00Z"))
        };
        let mut writer = PieceWriter::create(&path, &header).unwrap();
        writer.page(1, &[1; 512]).unwrap();
        writer.page(3, &[3; 512]).unwrap();
        let measured = writer.finish().unwrap();
        std::fs::write(&database, [9; 2048]).unwrap();

        let reader = PieceReader::open(&path).unwrap();
        assert_eq!(reader.header, header);
        let mut file = File::options().write(true).open(&database).unwrap();
        reader.apply(&mut file, &database).unwrap();

        let expected = [[1; 512], [9; 512], [3; 512]].concat();
        assert_eq!(std::fs::read(&database).unwrap(), expected);
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(measured.bytes, bytes.len() as u64);
        assert_eq!(measured.sha256, hex(&Sha256::digest(&bytes)));
    }

    #[test]
    fn a_header_that_nobody_may_believe_is_refused() {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("piece");
        let header = Header::new("1.0", "g", 1, at("2026-11-27T03:15:00Z"));
        let outside = Header {
            files: vec![FileEntry {
                path: "lake/../../lock".to_owned(),
                bytes: 1,
                sha256: "00".to_owned(),
            }],
            ..header.clone()
        };
        let odd = Header {
            page_bytes: 1000,
            n_changed: 1,
            ..header
        };
        for (header, expected) in [
            (outside, "no path in a data directory"),
            (odd, "1000 bytes"),
        ] {
            PieceWriter::create(&path, &header)
                .unwrap()
                .finish()
                .unwrap();

            let error = PieceReader::open(&path).err().unwrap().to_string();

            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn a_page_beyond_the_end_is_refused() {
        let dir = TempDir::new().unwrap();
        let (path, database) = (dir.path().join("piece"), dir.path().join("database"));
        let header = Header {
            page_bytes: 512,
            n_pages: Some(3),
            n_changed: 1,
            ..Header::new("1.0", "g", 1, at("2026-11-27T03:15:00Z"))
        };
        for number in [0, 4] {
            let mut writer = PieceWriter::create(&path, &header).unwrap();
            writer.page(number, &[1; 512]).unwrap();
            writer.finish().unwrap();

            let mut file = File::create(&database).unwrap();
            let applied = PieceReader::open(&path)
                .unwrap()
                .apply(&mut file, &database);

            let error = applied.unwrap_err();
            assert!(matches!(error, BackupError::BadPiece { .. }), "{error}");
            assert_eq!(std::fs::metadata(&database).unwrap().len(), 0);
        }
    }

    #[test]
    fn a_piece_that_is_not_finished_leaves_nothing_and_nonsense_is_refused() {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("piece");
        let header = Header::new("1.0", "g", 1, at("2026-11-27T03:15:00Z"));

        drop(PieceWriter::create(&path, &header).unwrap());
        assert!(!path.exists());
        std::fs::write(&path, "nonsense").unwrap();

        let error = PieceReader::open(&path).err().unwrap();
        assert!(matches!(error, BackupError::BadPiece { .. }), "{error}");
    }
}
