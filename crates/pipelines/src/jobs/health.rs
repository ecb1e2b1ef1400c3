//! Whether the worker of this process lives.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio_util::sync::CancellationToken;

/// Tells whether a worker ended that nobody had told to.
#[derive(Debug, Clone, Default)]
pub(crate) struct WorkerHealth {
    is_lost: Arc<AtomicBool>,
}

impl WorkerHealth {
    /// Whether the worker ended without being told to.
    pub(crate) fn is_lost(&self) -> bool {
        self.is_lost.load(Ordering::Relaxed)
    }

    /// Watches a worker for as long as what is returned lives.
    pub(super) fn watch(&self, shutdown: &CancellationToken) -> Watched {
        self.is_lost.store(false, Ordering::Relaxed);
        Watched {
            health: self.clone(),
            shutdown: shutdown.clone(),
        }
    }
}

/// Dropped when the worker ends, by whatever end.
#[derive(Debug)]
pub(super) struct Watched {
    health: WorkerHealth,
    shutdown: CancellationToken,
}

impl Drop for Watched {
    fn drop(&mut self) {
        if !self.shutdown.is_cancelled() {
            self.health.is_lost.store(true, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_that_ends_by_itself_is_lost_and_one_that_was_told_to_is_not() {
        let health = WorkerHealth::default();
        let told = CancellationToken::new();
        let watched = health.watch(&told);
        told.cancel();
        drop(watched);
        assert!(!health.is_lost());

        drop(health.watch(&CancellationToken::new()));

        assert!(health.is_lost());
    }
}
