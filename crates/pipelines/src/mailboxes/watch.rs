//! How far a reading is, for whoever watches it, and when it may be given up.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{Mutex, MutexGuard};

/// A reading as it is watched.
#[derive(Debug, Default)]
pub(super) struct Watch {
    n_read: AtomicU64,
    /// Held while what was read is being kept: a reading that is given up then would leave an import that
    /// nobody begins.
    keeping: Mutex<()>,
}

impl Watch {
    /// Counts messages as read.
    pub(super) fn count(&self, n_read: u64) {
        self.n_read.fetch_add(n_read, Ordering::Relaxed);
    }

    /// Messages that were read so far.
    pub(super) fn n_read(&self) -> u64 {
        self.n_read.load(Ordering::Relaxed)
    }

    /// Waits until nothing is being kept, and keeps it so.
    pub(super) async fn keep(&self) -> MutexGuard<'_, ()> {
        self.keeping.lock().await
    }
}
