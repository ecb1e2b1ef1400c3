//! Kills: work that is given up at one of its waits.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

/// Gives the work up at its n-th wait, as a kill would; its answer where it was done before.
///
/// How often work waits is a matter of timing: what is ready before it is asked for is no wait.
pub async fn killed_at_wait<T>(n: usize, work: impl Future<Output = T>) -> Option<T> {
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
