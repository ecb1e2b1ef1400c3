//! A reader that counts what was read since an entry began, and ends where that is too much: the parser
//! gathers a text whole, however long it is.

use std::io::{self, BufRead, Read};

/// The kind of error that says so.
pub(super) const TOO_MUCH: io::ErrorKind = io::ErrorKind::FileTooLarge;

/// Reads at most so many bytes from one beginning to the next.
#[derive(Debug)]
pub(super) struct Bounded<R> {
    inner: R,
    n_since: u64,
    max: u64,
}

impl<R> Bounded<R> {
    pub(super) fn new(inner: R, max: u64) -> Self {
        Self {
            inner,
            n_since: 0,
            max,
        }
    }

    /// An entry begins.
    pub(super) fn begin(&mut self) {
        self.n_since = 0;
    }

    pub(super) fn get_ref(&self) -> &R {
        &self.inner
    }

    fn check(&self) -> io::Result<()> {
        if self.n_since > self.max {
            let message = format!("an entry has more than {} bytes", self.max);
            return Err(io::Error::new(TOO_MUCH, message));
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.check()?;
        let n = self.inner.read(out)?;
        self.n_since += n as u64;
        Ok(n)
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.check()?;
        self.inner.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        self.n_since += n as u64;
        self.inner.consume(n);
    }
}
