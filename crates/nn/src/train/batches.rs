//! The order in which examples are seen.

use rand::seq::SliceRandom;

/// Batches in this many are sorted by length together: enough to pair like with like, few enough to
/// keep batches random.
const BATCHES_PER_BUCKET: usize = 50;

/// The batches of one epoch: every example once, like lengths together, in an order of the seed and
/// the epoch alone, so that a training that stopped can go on with the same batches.
pub(super) fn batches(
    n_examples: usize,
    n_steps: impl Fn(usize) -> usize,
    batch_size: usize,
    seed: u64,
    epoch: usize,
) -> Vec<Vec<usize>> {
    let mut rng = rapport_learn::rng(seed, &format!("order of epoch {epoch}"));
    let mut order: Vec<usize> = (0..n_examples).collect();
    order.shuffle(&mut rng);
    for bucket in order.chunks_mut(BATCHES_PER_BUCKET * batch_size) {
        // Stable, so that examples of one length stay in their random order.
        bucket.sort_by_key(|example| n_steps(*example));
    }
    let mut batches: Vec<Vec<usize>> = order.chunks(batch_size).map(<[usize]>::to_vec).collect();
    batches.shuffle(&mut rng);
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_is_seen_once_and_epochs_differ() {
        let seen = |epoch| batches(103, |_| 1, 10, 7, epoch);

        let mut all = seen(0).concat();
        all.sort_unstable();

        assert_eq!(all, (0..103).collect::<Vec<_>>());
        assert_eq!(seen(0), seen(0));
        assert_ne!(seen(0), seen(1));
    }

    #[test]
    fn like_lengths_share_a_batch() {
        let n_steps = |example: usize| example % 10;

        let spreads = batches(1000, n_steps, 10, 7, 0).into_iter().map(|batch| {
            let lengths: Vec<usize> = batch.into_iter().map(n_steps).collect();
            lengths.iter().max().unwrap() - lengths.iter().min().unwrap()
        });

        assert!(spreads.max() <= Some(2));
    }
}
