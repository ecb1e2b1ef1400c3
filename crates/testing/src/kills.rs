//! Kills: work that is given up at one of its waits.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

/// Gives the work up at its n-th wait, as a kill would; its answer where it was done before.
///
/// How often work waits is a matter of timing: what is ready before it is asked for is no wait.
pub async fn killed_at_wait<T>(n: usize, work: impl Future<Output = T>) -> Option<T> {
    let mut n_waits = 0;
    let is_time = || {
        n_waits += 1;
        n_waits == n
    };
    killed_when(is_time, work).await
}

/// Gives the work up at the first wait at which it is time, which is asked once at each; its answer where
/// it was done before.
pub async fn killed_when<T>(
    mut is_time: impl FnMut() -> bool,
    work: impl Future<Output = T>,
) -> Option<T> {
    let mut work = pin!(work);
    poll_fn(move |context| match work.as_mut().poll(context) {
        Poll::Ready(answer) => Poll::Ready(Some(answer)),
        Poll::Pending if is_time() => Poll::Ready(None),
        Poll::Pending => Poll::Pending,
    })
    .await
}
