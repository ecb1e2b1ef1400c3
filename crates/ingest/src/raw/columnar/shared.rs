//! A source that the readers of several columns share.

use std::io::{self, BufReader, Read, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

use crate::source::Source;

/// Bytes that are read ahead where it is not known how many are wanted.
const BUFFER_BYTES: usize = 8 * 1024;

/// A source behind a lock: every read says where it begins.
#[derive(Clone)]
pub(super) struct SharedSource {
    source: Arc<Mutex<dyn Source>>,
    n_bytes: u64,
}

impl SharedSource {
    pub(super) fn new(mut source: impl Source) -> io::Result<Self> {
        let n_bytes = source.seek(SeekFrom::End(0))?;
        Ok(Self {
            source: Arc::new(Mutex::new(source)),
            n_bytes,
        })
    }

    /// Its bytes from a place on.
    pub(super) fn reader_at(&self, at: u64) -> BufReader<From> {
        let from = From {
            source: Arc::clone(&self.source),
            at,
        };
        BufReader::with_capacity(BUFFER_BYTES, from)
    }

    pub(super) fn n_bytes(&self) -> u64 {
        self.n_bytes
    }

    /// Some bytes of it, all of them or an error.
    pub(super) fn exact(&self, start: u64, length: usize) -> io::Result<Vec<u8>> {
        // What a damaged file claims to have is asked for before it is allocated.
        let end = start.checked_add(length as u64);
        if end.is_none_or(|end| end > self.n_bytes) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut bytes = vec![0; length];
        let mut source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
        source.seek(SeekFrom::Start(start))?;
        source.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

impl Length for SharedSource {
    fn len(&self) -> u64 {
        self.n_bytes
    }
}

impl ChunkReader for SharedSource {
    type T = BufReader<From>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(self.reader_at(start))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let bytes = self.exact(start, length);
        let bytes = bytes.map_err(|error| ParquetError::External(Box::new(error)))?;
        Ok(bytes.into())
    }
}

/// Reads on from a place of its own.
pub(super) struct From {
    source: Arc<Mutex<dyn Source>>,
    at: u64,
}

impl Read for From {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
        source.seek(SeekFrom::Start(self.at))?;
        let n = source.read(out)?;
        self.at += n as u64;
        Ok(n)
    }
}
