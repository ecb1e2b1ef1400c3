//! Whether segments would come out again from other customers of the same kind.

use std::ops::Range;

use rapport_learn::metrics::adjusted_rand_index;
use rapport_learn::split::bootstrap;
use rapport_learn::{Context, map_parts};

use crate::SegmentError;

/// Mean agreement of segmentations fitted on resamples: for each of several ways to segment, the
/// mean adjusted Rand index over all pairs of `n_resamples` fits, each on rows drawn with
/// replacement and each labeling all rows. 1: the same segments every time; about 0: chance.
///
/// `label` gets the drawn rows and returns one labeling of all rows per way.
///
/// # Errors
/// What `label` returns; cancellation.
///
/// # Source
/// Hennig (2007), "Cluster-wise assessment of cluster stability"; the index is Hubert and Arabie's.
pub(crate) fn stability<F>(
    n_rows: usize,
    n_resamples: usize,
    context: &Context<'_>,
    label: F,
) -> Result<Vec<f64>, SegmentError>
where
    F: Fn(&[usize], &Context<'_>) -> Result<Vec<Vec<u32>>, SegmentError> + Sync,
{
    let alone = context.with_threads(std::num::NonZeroUsize::MIN);
    let draws: Range<usize> = 0..n_resamples;
    let labelings = map_parts(context.threads, draws, |draw| {
        context.proceed()?;
        let draw = draw as u64;
        let drawn = bootstrap(n_rows, n_rows, context.seed, draw);
        label(&drawn, &alone.with_seed(context.seed.wrapping_add(draw)))
    });
    let labelings: Vec<Vec<Vec<u32>>> = labelings.into_iter().collect::<Result<_, _>>()?;
    let n_ways = labelings.first().map_or(0, Vec::len);
    Ok(map_parts(context.threads, 0..n_ways, |way| {
        mean_agreement(&labelings, way)
    }))
}

fn mean_agreement(labelings: &[Vec<Vec<u32>>], way: usize) -> f64 {
    let (mut sum, mut n_pairs) = (0.0, 0.0);
    for (i, one) in labelings.iter().enumerate() {
        for other in &labelings[..i] {
            sum += adjusted_rand_index(&one[way], &other[way])
                .expect("all labelings are of the same rows, of which there are some");
            n_pairs += 1.0;
        }
    }
    sum / n_pairs
}

#[cfg(test)]
mod tests {
    use rapport_learn::{Cancellation, Silent};

    use super::*;

    #[test]
    fn labels_that_never_change_are_stable_and_drawn_ones_are_not() {
        let cancel = Cancellation::default();
        let context = Context::new(3, &Silent, &cancel);

        let found = stability(200, 20, &context, |drawn, _| {
            let fixed = (0..200).map(|row| row % 3).collect();
            let chance = drawn.iter().map(|&row| row as u32 % 2).collect();
            Ok(vec![fixed, chance])
        })
        .unwrap();

        assert_eq!(found[0], 1.0);
        assert!(found[1].abs() < 0.05, "{found:?}");
    }
}
