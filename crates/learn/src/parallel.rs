//! Work cut into parts and shared among threads, with the results in the order of the parts.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Applies `work` to every part and returns the results in the order of the parts.
///
/// Threads take the next part when they are free, so an unlucky one does not hold up the rest. As
/// the cut into parts is the caller's and the order of results is fixed, sums over the results do
/// not depend on the number of threads.
///
/// # Panics
/// When `work` panics.
pub fn map_parts<T, R>(
    threads: NonZeroUsize,
    parts: impl ExactSizeIterator<Item = T> + Send,
    work: impl Fn(T) -> R + Sync,
) -> Vec<R>
where
    T: Send,
    R: Send,
{
    let threads = threads.get().min(parts.len());
    if threads <= 1 {
        return parts.map(work).collect();
    }
    let queue = Mutex::new(parts.enumerate());
    let take = || {
        let mut done = Vec::new();
        loop {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
            match next {
                Some((index, part)) => done.push((index, work(part))),
                None => return done,
            }
        }
    };
    let mut results = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(take)).collect();
        let mut results = take();
        for other in others {
            match other.join() {
                Ok(more) => results.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    });
    results.sort_unstable_by_key(|&(index, _)| index);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_of_the_parts() {
        for threads in [1, 2, 7] {
            let threads = NonZeroUsize::new(threads).unwrap();

            let squares = map_parts(threads, 0..100usize, |part| part * part);

            assert_eq!(
                squares,
                (0..100).map(|part| part * part).collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn parts_may_borrow_disjoint_pieces_to_write() {
        let mut values = vec![0; 10];

        map_parts(
            NonZeroUsize::new(2).unwrap(),
            values.chunks_mut(3).enumerate(),
            |(index, piece)| piece.fill(index),
        );

        assert_eq!(values, [0, 0, 0, 1, 1, 1, 2, 2, 2, 3]);
    }
}
