//! Kills for tests: work that is given up at one of its waits, and the workspace opened anew.

use std::future::poll_fn;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::Poll;

use rapport_domain::{Currency, IdGenerator, Timestamp};

use crate::{Clock, OpenOptions, Workspace};

/// Gives the work up at its n-th wait; its answer where it was done before.
pub(crate) async fn killed_at_wait<T>(n: usize, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut n_waits = 0;
    poll_fn(move |context| match work.as_mut().poll(context) {
        Poll::Ready(answer) => Poll::Ready(Some(answer)),
        Poll::Pending => {
            n_waits += 1;
            if n_waits == n {
                Poll::Ready(None)
            } else {
                Poll::Pending
            }
        }
    })
    .await
}

/// A clock that is moved by hand, in microseconds.
pub(crate) fn hand_clock() -> (Clock, Arc<AtomicI64>) {
    let start = rapport_testing::at("2026-01-01T00:00:00Z").as_micros();
    let hand = Arc::new(AtomicI64::new(start));
    let read = Arc::clone(&hand);
    let clock = Clock::new(move || Timestamp::from_micros(read.load(Ordering::SeqCst)));
    (clock, hand)
}

/// Opens a data directory, as the next start would.
pub(crate) async fn open(dir: &Path, clock: Clock) -> Workspace {
    let options = OpenOptions {
        database: rapport_testing::database_of(dir),
        lake: None,
        currency: Currency::GBP,
        region: "GB".to_owned(),
        memory_limit_bytes: 64 * 1024 * 1024,
        clock,
        // Each start has ids of its own.
        ids: IdGenerator::from_entropy(),
    };
    Workspace::open(dir, options).await.unwrap()
}
