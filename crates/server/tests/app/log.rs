//! What the server logs, as one test sees it.
//!
//! The subscriber is the process's: one per thread would miss call sites that another test's thread
//! met first. Each test runs on one thread and keeps the lines of that thread only.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::Once;

use tracing_subscriber::filter::LevelFilter;

thread_local! {
    static LINES: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

struct ThreadLines;

impl Write for ThreadLines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.with_borrow_mut(|lines| {
            if let Some(lines) = lines {
                lines.extend_from_slice(bytes);
            }
        });
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Takes what is logged from now on; done before the first server starts.
pub(super) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing_subscriber::fmt()
            .with_max_level(LevelFilter::DEBUG)
            .with_ansi(false)
            .with_writer(|| ThreadLines)
            .init();
    });
}

/// Keeps this thread's lines from now on.
pub(crate) fn capture_log() {
    LINES.set(Some(Vec::new()));
}

/// This thread's lines since [`capture_log`].
pub(crate) fn captured_log() -> String {
    let lines = LINES.take().expect("capture_log was called");
    String::from_utf8(lines).unwrap()
}
