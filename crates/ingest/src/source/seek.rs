//! What a file must be for a workbook to be read from it.

use std::io::{Read, Seek};

/// A source of bytes that can be read from any place, on any thread: a file, or bytes in memory within
/// an [`io::Cursor`](std::io::Cursor).
///
/// Text needs only [`Read`]; a workbook is a zip archive, whose list of contents stands at its end.
pub trait Source: Read + Seek + Send + 'static {}

impl<R: Read + Seek + Send + 'static> Source for R {}
