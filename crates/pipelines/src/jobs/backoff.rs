//! What the worker does while the records refuse: a full disk, a database that is away.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::error::PipelineError;

/// Wait after the first failure; it doubles with each further one.
const WAIT_FIRST: Duration = Duration::from_millis(500);
/// The longest wait.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// How long failures are borne.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Patience {
    /// For as long as it takes: a server must be there when the disk has room again.
    Endless,
    /// So many in a row: somebody waits at a command line and wants to know.
    Failures(u32),
}

/// Waits longer after each failure in a row.
#[derive(Debug)]
pub(super) struct Backoff {
    patience: Patience,
    n_failures: u32,
}

impl Backoff {
    pub(super) const fn new(patience: Patience) -> Self {
        Self {
            patience,
            n_failures: 0,
        }
    }

    /// Forgets the failures, after a success.
    pub(super) const fn reset(&mut self) {
        self.n_failures = 0;
    }

    /// Logs a failure and waits before the next try, or until told to stop.
    ///
    /// # Errors
    /// The failure itself where patience is at its end.
    pub(super) async fn bear(
        &mut self,
        what: &str,
        error: PipelineError,
        shutdown: &CancellationToken,
    ) -> Result<(), PipelineError> {
        self.n_failures += 1;
        if matches!(self.patience, Patience::Failures(max) if self.n_failures >= max) {
            return Err(error);
        }
        let wait = wait_after(self.n_failures);
        if self.patience == Patience::Endless {
            tracing::error!(%error, wait_s = wait.as_secs_f64(), "{what} failed; trying again");
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = tokio::time::sleep(wait) => {}
        }
        Ok(())
    }
}

fn wait_after(n_failures: u32) -> Duration {
    let doublings = n_failures.saturating_sub(1).min(16);
    WAIT_FIRST.saturating_mul(1 << doublings).min(WAIT_MAX)
}

#[cfg(test)]
mod tests {
    use rapport_store::StoreError;

    use super::*;

    #[tokio::test]
    async fn a_wait_at_the_command_line_ends_with_the_error_itself() {
        let shutdown = CancellationToken::new();
        // Told to stop, so that the test need not wait.
        shutdown.cancel();
        let mut backoff = Backoff::new(Patience::Failures(3));
        let mut n_borne = 0;

        let error = loop {
            let full = PipelineError::Store(StoreError::DiskFull);
            match backoff.bear("claiming a job", full, &shutdown).await {
                Ok(()) => n_borne += 1,
                Err(error) => break error,
            }
        };

        assert_eq!(n_borne, 2);
        assert!(error.to_string().contains("disk is full"), "{error}");
    }

    #[test]
    fn waits_double_up_to_a_minute() {
        let waits: Vec<u128> = [1, 2, 3, 8, 9, 90]
            .map(|n| wait_after(n).as_millis())
            .into();

        assert_eq!(waits, [500, 1_000, 2_000, 60_000, 60_000, 60_000]);
    }
}
