//! From a file's bytes to UTF-8 text, in constant memory: count, inflate, transcode.

mod seek;
mod transcode;

use std::io::{self, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

pub use seek::Source;
pub(crate) use transcode::Transcoder;

use crate::{Compression, FileFormat, IngestError};

/// The text of a file as UTF-8. Bytes that mean nothing in the file's encoding come out as bytes
/// that UTF-8 never contains, so that one check further down finds them all, row by row.
#[derive(Debug)]
pub(crate) struct TextSource<R: Read> {
    bytes: Inflate<R>,
    transcoder: Option<Transcoder>,
    /// First bytes of a file without byte order mark, read to see that it has none.
    start: Vec<u8>,
    n_bytes: Arc<AtomicU64>,
    is_gzip: bool,
}

impl<R: Read> TextSource<R> {
    /// Opens a source at its first byte.
    pub(crate) fn open(source: R, format: &FileFormat) -> Result<Self, IngestError> {
        let n_bytes = Arc::new(AtomicU64::new(0));
        let counting = Counting {
            inner: source,
            n_bytes: Arc::clone(&n_bytes),
        };
        let is_gzip = format.compression == Compression::Gzip;
        let mut bytes = if is_gzip {
            let buffered = BufReader::with_capacity(64 * 1024, counting);
            Inflate::Gzip(Box::new(MultiGzDecoder::new(buffered)))
        } else {
            Inflate::Plain(counting)
        };
        let transcoder = Transcoder::new(format.encoding);
        let start = if transcoder.is_none() {
            skip_mark(&mut bytes).map_err(|error| IngestError::from_read(error, is_gzip))?
        } else {
            Vec::new()
        };
        Ok(Self {
            bytes,
            transcoder,
            start,
            n_bytes,
            is_gzip,
        })
    }

    /// Bytes taken from the source so far, compressed where it is compressed.
    pub(crate) fn n_bytes(&self) -> u64 {
        self.n_bytes.load(Ordering::Relaxed)
    }

    /// Bytes of the source that were used so far, buffered ones left out.
    pub(crate) fn n_used(&self) -> u64 {
        let n_buffered = match &self.bytes {
            Inflate::Plain(_) => 0,
            Inflate::Gzip(reader) => reader.get_ref().buffer().len(),
        };
        self.n_bytes() - n_buffered as u64
    }

    /// What a failure to read means for the file.
    pub(crate) fn failure(&self, error: io::Error) -> IngestError {
        IngestError::from_read(error, self.is_gzip)
    }

    /// Reads UTF-8 text; zero bytes mean the end.
    pub(crate) fn read_text(&mut self, out: &mut [u8]) -> Result<usize, IngestError> {
        loop {
            match self.read(out) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => {
                    return result.map_err(|error| self.failure(error));
                }
            }
        }
    }
}

impl<R: Read> Read for TextSource<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if !self.start.is_empty() {
            let n = self.start.len().min(out.len());
            out[..n].copy_from_slice(&self.start[..n]);
            self.start.drain(..n);
            return Ok(n);
        }
        match &mut self.transcoder {
            Some(transcoder) => transcoder.read(&mut self.bytes, out),
            None => self.bytes.read(out),
        }
    }
}

/// Reads past UTF-8's byte order mark; returns what was read where there is none.
fn skip_mark(bytes: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut start = Vec::with_capacity(3);
    bytes.take(3).read_to_end(&mut start)?;
    if start == b"\xEF\xBB\xBF" {
        start.clear();
    }
    Ok(start)
}

#[derive(Debug)]
enum Inflate<R: Read> {
    Plain(Counting<R>),
    Gzip(Box<MultiGzDecoder<BufReader<Counting<R>>>>),
}

impl<R: Read> Read for Inflate<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(reader) => reader.read(out),
            Self::Gzip(reader) => reader.read(out),
        }
    }
}

/// Counts what is read, for progress against the size of the file.
#[derive(Debug)]
struct Counting<R> {
    inner: R,
    n_bytes: Arc<AtomicU64>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(out)?;
        self.n_bytes.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}
