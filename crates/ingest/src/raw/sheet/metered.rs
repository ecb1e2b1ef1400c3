//! A source that remembers where it was read last, and whether it failed.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What is known of a [`Metered`] source while somebody else holds it.
#[derive(Debug, Clone, Default)]
pub(super) struct Meter {
    position: Arc<AtomicU64>,
    failure: Arc<Mutex<Option<io::Error>>>,
}

impl Meter {
    /// Where the next byte is read, from the beginning of the source.
    pub(super) fn position(&self) -> u64 {
        self.position.load(Ordering::Relaxed)
    }

    /// Why the source could not be read; none where it was the bytes that were wrong.
    pub(super) fn take_failure(&self) -> Option<io::Error> {
        self.failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    fn note(&self, error: &io::Error) {
        if error.kind() != io::ErrorKind::Interrupted {
            let copy = io::Error::new(error.kind(), error.to_string());
            *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(copy);
        }
    }
}

/// A source with its meter. The libraries above tell a disk that fails from a damaged archive by words
/// only; here they are told apart for certain.
#[derive(Debug)]
pub(super) struct Metered<R> {
    inner: R,
    meter: Meter,
}

impl<R> Metered<R> {
    pub(super) fn new(inner: R) -> (Self, Meter) {
        let meter = Meter::default();
        let metered = Self {
            inner,
            meter: meter.clone(),
        };
        (metered, meter)
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let result = self.inner.read(out);
        match &result {
            Ok(n) => {
                self.meter.position.fetch_add(*n as u64, Ordering::Relaxed);
            }
            Err(error) => self.meter.note(error),
        }
        result
    }
}

impl<R: Seek> Seek for Metered<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = self.inner.seek(to)?;
        self.meter.position.store(position, Ordering::Relaxed);
        Ok(position)
    }
}
