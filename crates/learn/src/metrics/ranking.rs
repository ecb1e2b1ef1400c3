//! How good a ranking of items is for one user, and on average over users.
//!
//! Items are named by any id. What is relevant is a set, so that it cannot be given in place of
//! the ranking; relevance is yes or no.

use std::collections::HashSet;
use std::hash::Hash;

use super::MetricError;
use super::input::require_positive;

/// Share of the relevant items that stand among the first `k`, `[0, 1]`.
///
/// # Errors
/// Nothing relevant, `k` of 0, or an item that the ranking lists twice.
pub fn recall_at_k<T: Eq + Hash>(
    ranking: &[T],
    relevant: &HashSet<T>,
    k: usize,
) -> Result<f64, MetricError> {
    let hits = hits("recall at k", ranking, relevant, k)?;
    Ok(hits.len() as f64 / relevant.len() as f64)
}

/// Share of the first `k` places that hold a relevant item, `[0, 1]`; places that a shorter
/// ranking leaves empty count as misses.
///
/// # Errors
/// Nothing relevant, `k` of 0, or an item that the ranking lists twice.
pub fn precision_at_k<T: Eq + Hash>(
    ranking: &[T],
    relevant: &HashSet<T>,
    k: usize,
) -> Result<f64, MetricError> {
    let hits = hits("precision at k", ranking, relevant, k)?;
    Ok(hits.len() as f64 / k as f64)
}

/// 1 when a relevant item stands among the first `k`, else 0.
///
/// # Errors
/// Nothing relevant, `k` of 0, or an item that the ranking lists twice.
pub fn hit_rate_at_k<T: Eq + Hash>(
    ranking: &[T],
    relevant: &HashSet<T>,
    k: usize,
) -> Result<f64, MetricError> {
    let hits = hits("hit rate at k", ranking, relevant, k)?;
    Ok(if hits.is_empty() { 0.0 } else { 1.0 })
}

/// One over the place of the first relevant item; 0 when it is not among the first `k`.
///
/// # Errors
/// Nothing relevant, `k` of 0, or an item that the ranking lists twice.
pub fn mrr_at_k<T: Eq + Hash>(
    ranking: &[T],
    relevant: &HashSet<T>,
    k: usize,
) -> Result<f64, MetricError> {
    let hits = hits("MRR at k", ranking, relevant, k)?;
    Ok(hits.first().map_or(0.0, |&place| 1.0 / place as f64))
}

/// Normalized discounted cumulative gain, `[0, 1]`: a relevant item at place `p` (from 1) counts
/// `1 / log2(p + 1)`, over what the best ranking of `k` places would count.
///
/// # Errors
/// Nothing relevant, `k` of 0, or an item that the ranking lists twice.
///
/// # Source
/// Järvelin & Kekäläinen (2002), "Cumulated gain-based evaluation of IR techniques".
pub fn ndcg_at_k<T: Eq + Hash>(
    ranking: &[T],
    relevant: &HashSet<T>,
    k: usize,
) -> Result<f64, MetricError> {
    let hits = hits("NDCG at k", ranking, relevant, k)?;
    let discount = |place: usize| 1.0 / (place as f64 + 1.0).log2();
    let found: f64 = hits.into_iter().map(discount).sum();
    let best: f64 = (1..=k.min(relevant.len())).map(discount).sum();
    Ok(found / best)
}

/// Average precision of the first `k` places, `[0, 1]`: the precision at each hit, over the hits
/// that the best ranking would have, `min(k, n_relevant)`. Its mean over users is MAP@k.
///
/// # Errors
/// Nothing relevant, `k` of 0, or an item that the ranking lists twice.
pub fn map_at_k<T: Eq + Hash>(
    ranking: &[T],
    relevant: &HashSet<T>,
    k: usize,
) -> Result<f64, MetricError> {
    let hits = hits("MAP at k", ranking, relevant, k)?;
    let sum: f64 = hits
        .iter()
        .zip(1_u32..)
        .map(|(&place, n_hits)| f64::from(n_hits) / place as f64)
        .sum();
    Ok(sum / k.min(relevant.len()) as f64)
}

/// Mean of a figure over users; those with nothing relevant are left out, as no ranking could
/// serve them.
///
/// `mean_over_users(rankings, |ranking, relevant| ndcg_at_k(ranking, relevant, 20))`
///
/// # Errors
/// No user with something relevant, or the first error of the figure.
pub fn mean_over_users<'a, T: 'a>(
    users: impl IntoIterator<Item = (&'a [T], &'a HashSet<T>)>,
    figure: impl Fn(&[T], &HashSet<T>) -> Result<f64, MetricError>,
) -> Result<f64, MetricError> {
    let (mut sum, mut n_users) = (0.0, 0_u64);
    for (ranking, relevant) in users {
        if !relevant.is_empty() {
            sum += figure(ranking, relevant)?;
            n_users += 1;
        }
    }
    if n_users == 0 {
        return Err(MetricError::Undefined {
            metric: "mean over users",
            needs: "at least one user with a relevant item",
        });
    }
    Ok(sum / n_users as f64)
}

/// Places (from 1) of relevant items among the first `k`, ascending.
fn hits<T: Eq + Hash>(
    metric: &'static str,
    ranking: &[T],
    relevant: &HashSet<T>,
    k: usize,
) -> Result<Vec<usize>, MetricError> {
    require_positive("k", k)?;
    if relevant.is_empty() {
        return Err(MetricError::Undefined {
            metric,
            needs: "at least one relevant item",
        });
    }
    let mut seen = HashSet::new();
    let mut places = Vec::new();
    for (position, item) in ranking.iter().take(k).enumerate() {
        if !seen.insert(item) {
            return Err(MetricError::OutOfRange {
                metric,
                position,
                allowed: "a ranking lists an item once",
            });
        }
        if relevant.contains(item) {
            places.push(position + 1);
        }
    }
    Ok(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANKING: [u32; 7] = [7, 3, 9, 1, 5, 8, 2];

    fn relevant() -> HashSet<u32> {
        HashSet::from([3, 1, 2, 11])
    }

    /// Worked by hand: hits at places 2, 4 and 7, and one relevant item that is never listed.
    #[test]
    fn counts_and_places_agree_with_hand_work() {
        let relevant = relevant();

        for (k, n_hits, precisions) in [
            (1, 0.0, 0.0),
            (2, 1.0, 1.0 / 2.0),
            (4, 2.0, 1.0 / 2.0 + 2.0 / 4.0),
            (10, 3.0, 1.0 / 2.0 + 2.0 / 4.0 + 3.0 / 7.0),
        ] {
            let size = k as f64;
            assert_eq!(recall_at_k(&RANKING, &relevant, k), Ok(n_hits / 4.0));
            assert_eq!(precision_at_k(&RANKING, &relevant, k), Ok(n_hits / size));
            assert_eq!(
                map_at_k(&RANKING, &relevant, k),
                Ok(precisions / size.min(4.0))
            );
            assert_eq!(hit_rate_at_k(&RANKING, &relevant, k), Ok(n_hits.min(1.0)));
            let first = if k == 1 { 0.0 } else { 0.5 };
            assert_eq!(mrr_at_k(&RANKING, &relevant, k), Ok(first));
        }
    }

    /// Source: scikit-learn 1.9 `ndcg_score` with falling scores for these items and the missing
    /// one last.
    #[test]
    fn discounted_gains_agree_with_scikit_learn() {
        for (k, expected) in [
            (1, 0.0),
            (2, 0.386_852_807_234_541_5),
            (4, 0.414_429_925_011_847_4),
            (5, 0.414_429_925_011_847_4),
            (7, 0.544_556_608_342_548),
        ] {
            let found = ndcg_at_k(&RANKING, &relevant(), k).unwrap();

            assert!((found - expected).abs() < 1e-12, "{k}: {found}");
        }
    }

    /// Source: scikit-learn 1.9 `average_precision_score` with the missing item listed last.
    #[test]
    fn average_precision_of_a_whole_ranking_agrees_with_scikit_learn() {
        let whole = [7, 3, 9, 1, 5, 8, 2, 11];

        let found = map_at_k(&whole, &relevant(), 8).unwrap();

        assert!((found - 0.482_142_857_142_857_15).abs() < 1e-12);
    }

    #[test]
    fn the_best_ranking_scores_one() {
        let best = [11, 2, 1, 3, 7];

        for k in 1..=6 {
            assert_eq!(ndcg_at_k(&best, &relevant(), k), Ok(1.0));
            assert_eq!(map_at_k(&best, &relevant(), k), Ok(1.0));
        }
    }

    #[test]
    fn users_with_nothing_relevant_are_left_out_of_the_mean() {
        let (some, none) = (HashSet::from(["a"]), HashSet::new());
        let users = [
            (&["a", "b"][..], &some),
            (&["b", "c"], &some),
            (&["a"], &none),
        ];

        let mean = mean_over_users(users, |ranking, relevant| {
            hit_rate_at_k(ranking, relevant, 2)
        });

        assert_eq!(mean, Ok(0.5));
        assert!(matches!(
            mean_over_users([(&["a"][..], &none)], |_, _| Ok(1.0)),
            Err(MetricError::Undefined { .. })
        ));
    }

    #[test]
    fn an_item_listed_twice_is_refused_by_its_place() {
        assert!(matches!(
            recall_at_k(&[1, 2, 1], &relevant(), 3),
            Err(MetricError::OutOfRange { position: 2, .. })
        ));
        // Beyond k nobody looks.
        assert!(recall_at_k(&[1, 2, 1], &relevant(), 2).is_ok());
    }

    #[test]
    fn nothing_to_find_and_nowhere_to_look_are_refused() {
        assert!(matches!(
            ndcg_at_k(&RANKING, &HashSet::new(), 5),
            Err(MetricError::Undefined { .. })
        ));
        assert!(matches!(
            precision_at_k(&RANKING, &relevant(), 0),
            Err(MetricError::Parameter { name: "k", .. })
        ));
    }
}
